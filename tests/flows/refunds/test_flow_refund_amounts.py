"""A partial refund's amount on the order, its deduction, and the way it is paid."""

from __future__ import annotations

from pathlib import Path

from tests.support.agent import Agent, words
from tests.support.refund_form import (
    PLAIN,
    REASON,
    fields,
    items,
    label,
    open_form,
    shown,
    to_review,
    wrong,
)
from tests.support.running import Running, configure


async def test_an_amount_comes_last_is_warned_of_and_needs_its_own_reason(
    running: Running, anna: Agent
) -> None:
    view = await open_form(anna)
    assert "goodwill" not in fields(view)
    await anna.press("Give an amount instead")
    view = await anna.wait_for_modal("without tax and counts no line as refunded")
    assert "Amount on the order as a whole, at most 154.10 USD" in label(view, "goodwill")

    assert list(await wrong(anna, {"goodwill": "7.5", **REASON})) == ["goodwill_reason"]
    review = await to_review(anna, {"goodwill": "7.5", "goodwill_reason": "Damaged"})
    assert review["submit"]["text"] == "Refund 7.50 USD"
    assert "without tax: the tax records stay as they are" in words(review)
    await anna.fill()

    reply = await anna.wait_for_reply(PLAIN, "(Done", "Refunded 7.50 USD")
    assert "• 7.50 USD on the order as a whole, without tax · Damaged" in words(reply["blocks"])
    assert await items(running, PLAIN) == [("ORDER", None, "7.50")]
    entry = running.entries(PLAIN)[0]
    assert entry.request["goodwill"] == {"amount": "7.50", "reason": "Damaged"}
    again = words(await open_form(anna))
    assert "gave 7.50 USD on the order as a whole, for no line: 146.60 USD is left" in again


async def test_an_amount_that_does_not_fit_is_said_next_to_it(
    running: Running, anna: Agent
) -> None:
    await open_form(anna)
    await anna.press("Give an amount instead")
    view = await anna.wait_for_modal("counts no line as refunded")
    own = {"goodwill_reason": "Damaged", **REASON}

    errors = await wrong(anna, {"goodwill": "154.11", **own})
    assert errors == {"goodwill": "At most 154.10 USD is left."}
    for typed in ("abc", "-1", "1.234"):
        assert list(await wrong(anna, {"goodwill": typed, **own})) == ["goodwill"]

    line = fields(view, "quantity_")[0]
    await anna.fill({"goodwill": "154.10", line: "1", **own})
    view = await anna.wait_for_modal("BigCommerce still allows only 154.10 USD")
    assert shown(view, "goodwill") == "154.10"
    assert shown(view, line) == "1"


async def test_a_deduction_is_quoted_confirmed_and_told(running: Running, anna: Agent) -> None:
    view = await open_form(anna)
    line = fields(view, "quantity_")[0]
    await anna.press("Deduct a fee", {line: "1"})
    view = await anna.wait_for_modal("What is deducted")
    assert shown(view, line) == "1"
    assert list(await wrong(anna, {"deduction": "4", **REASON})) == ["deduction_text"]

    review = await to_review(anna, {"deduction": "4", "deduction_text": "Restocking fee"})
    facts = words(review)
    assert "*Without the deduction*\n25.98 USD" in facts
    assert "*Total refund*\n21.98 USD" in facts
    assert "4.00 USD: Restocking fee" in facts
    assert review["submit"]["text"] == "Refund 21.98 USD"
    await anna.fill()

    reply = await anna.wait_for_reply(PLAIN, "(Done", "Refunded 21.98 USD")
    assert "• 4.00 USD deducted · Restocking fee" in words(reply["blocks"])
    [item] = (await running.workspace.book(PLAIN))["refunds"][0]["items"]
    assert (item["adjustments"], item["adjustment_notes"]) == (["-4.00"], ["Restocking fee"])


async def test_a_deduction_needs_a_line_that_costs_as_much(running: Running, anna: Agent) -> None:
    view = await open_form(anna)
    [shipping], line = fields(view, "shipping_"), fields(view, "quantity_")[0]
    await anna.press("Deduct a fee")
    await anna.wait_for_modal("What is deducted")
    fee = {"deduction_text": "Restocking fee", **REASON}

    assert list(await wrong(anna, {shipping: "5", "deduction": "1", **fee})) == ["deduction"]
    await anna.fill({line: "1", "deduction": "24.01"})

    await anna.wait_for_modal("At most 24.00 USD can be deducted from the chosen lines.")


async def test_store_credit_stays_chosen_when_the_form_is_changed(
    running: Running, anna: Agent
) -> None:
    view = await open_form(anna)
    one, two, _ = fields(view, "quantity_")
    await to_review(anna, {one: "1", **REASON})
    await anna.choose("method", "storecredit")
    await anna.wait_for_modal("Credit 25.98 USD", "as store credit to spend in this store")

    await anna.press("Change something")
    await anna.wait_for_modal("Same reason for everything")
    review = await to_review(anna, {two: "1"})

    assert str(review["submit"]["text"]).startswith("Credit ")
    await anna.fill()
    reply = await anna.wait_for_reply(PLAIN, "(Done", "as store credit")
    assert review["submit"]["text"].removeprefix("Credit ") in reply["text"]


async def test_a_lost_answer_to_an_amount_is_settled_by_reading(
    running: Running, anna: Agent
) -> None:
    await open_form(anna)
    await anna.press("Give an amount instead")
    await anna.wait_for_modal("counts no line as refunded")
    await to_review(anna, {"goodwill": "3", "goodwill_reason": "Damaged"})
    await running.workspace.store_fault(match="POST refunds", kind="drop_after", times=1)

    await anna.fill()

    await anna.wait_for_reply(PLAIN, "(Done", "Refunded 3.00 USD")
    assert len((await running.workspace.book(PLAIN))["refunds"]) == 1


async def test_a_way_of_paying_that_is_gone_is_not_replaced_in_silence(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "recorded_only", {"everyone": True})
    order_id = await running.workspace.order_tagged("gateway_refunds_whole_only")
    view = await open_form(anna, order_id)
    await to_review(anna, {fields(view, "quantity_")[0]: "1", **REASON})
    await anna.choose("method", "square:offline")
    await anna.wait_for_modal("Square (recorded only)", "No money moves")
    await anna.press("Change something")
    await anna.wait_for_modal("Same reason for everything")
    await anna.press("Everything that is left")
    while not shown(await anna.wait_for_modal("Clear all"), fields(view, "shipping_")[0]):
        pass

    review = await to_review(anna, {})  # all of it goes back by itself

    assert str(review["submit"]["text"]).startswith("Refund ")
    assert "The way of paying that you chose before is not offered" in words(review)
