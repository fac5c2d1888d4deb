"""A partial refund beyond the lines: costs, wrapping, an amount, a deduction, and their words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.agent import Agent, View, button_labels, words
from tests.running import Running

PLAIN = 1042  # three lines, shipping 12.35
WRAPPED = 1007
EVERYTHING = 1050  # handling, a fee, wrapping and two addresses
REASON = {"reason_all": "Late or lost"}


async def open_form(agent: Agent, order_id: int = PLAIN) -> View:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Partial refund")
    return await agent.wait_for_modal("Same reason for everything")


def fields(view: View, kind: str = "") -> list[str]:
    names = [b["block_id"].split("~")[0] for b in view["blocks"] if b["type"] == "input"]
    return [name for name in names if name.startswith(kind)]


def label(view: View, field: str) -> str:
    block = next(b for b in view["blocks"] if b.get("block_id", "").split("~")[0] == field)
    return str(block["label"]["text"])


def shown(view: View, field: str) -> str:
    block = next(b for b in view["blocks"] if b.get("block_id", "").split("~")[0] == field)
    return str(block["element"].get("initial_value", ""))


async def to_review(agent: Agent, values: dict[str, Any]) -> View:
    answer = await agent.fill(values)
    assert answer["ok"], answer
    assert not answer.get("errors"), answer
    return await agent.wait_for_modal("Change something")


async def wrong(agent: Agent, values: dict[str, Any]) -> dict[str, str]:
    answer = await agent.fill(values)
    return {key.split("~")[0]: text for key, text in answer["errors"].items()}


async def items(running: Running, order_id: int) -> list[tuple[str, int | None, str | None]]:
    refund = (await running.workspace.book(order_id))["refunds"][-1]
    return [(item["item_type"], item["quantity"], item["amount"]) for item in refund["items"]]


async def test_shipping_is_refunded_in_part_and_told(running: Running, anna: Agent) -> None:
    view = await open_form(anna)
    [shipping] = fields(view, "shipping_")
    assert label(view, shipping) == "Shipping to refund, at most 12.35 USD"

    review = await to_review(anna, {shipping: "5,00", **REASON})
    assert "5.00 USD of shipping, before tax" in words(review)
    button = review["submit"]["text"]
    await anna.fill()

    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert button.removeprefix("Refund ") in reply["text"]
    assert "• 5.00 USD of shipping, before tax · Late or lost" in words(reply["blocks"])
    assert await items(running, PLAIN) == [("SHIPPING", None, "5.00")]
    root = await anna.root(PLAIN)
    assert "Refunds besides the lines: 5.00 USD of shipping before tax" in words(root)
    again = await open_form(anna)
    assert label(again, shipping) == "Shipping to refund, at most 7.35 USD"


async def test_wrapping_is_refunded_by_the_piece_with_its_line_or_without(
    running: Running, anna: Agent
) -> None:
    view = await open_form(anna, WRAPPED)
    first, second = fields(view, "wrapping_")
    line = fields(view, "quantity_")[1]
    assert label(view, first).startswith("Gift wrapping of Beeswax Candle to refund")
    assert label(view, first).endswith("at most 2")

    await to_review(anna, {first: "1", line: "1", second: "1", **REASON})
    await anna.fill()

    reply = await anna.wait_for_reply(WRAPPED, "(Done")
    assert "• Gift wrapping of 1 × Beeswax Candle" in words(reply["blocks"])
    assert sorted(await items(running, WRAPPED)) == [
        ("GIFT_WRAPPING", 1, None),
        ("GIFT_WRAPPING", 1, None),
        ("PRODUCT", 1, None),
    ]


async def test_addresses_fees_and_handling_are_told_apart(running: Running, anna: Agent) -> None:
    view = await open_form(anna, EVERYTHING)

    labels = [label(view, name) for name in fields(view)]
    assert len(set(labels)) == len(labels)
    assert sum("address 1 of 2" in text for text in labels) == 2
    assert sum("address 2 of 2" in text for text in labels) == 2
    assert any("Carbon-neutral delivery to refund, at most 1.95 USD" in text for text in labels)
    assert "Amounts are before tax; BigCommerce adds the tax" in words(view)


async def test_everything_left_is_filled_in_and_can_be_changed(
    running: Running, anna: Agent
) -> None:
    await open_form(anna, EVERYTHING)
    await anna.press("Everything that is left")
    view = await anna.wait_for_modal("Same reason for everything")
    while not shown(view, fields(view, "quantity_")[0]):
        view = await anna.wait_for_modal("Same reason for everything")
    fee = fields(view, "fee_")[0]
    assert shown(view, fee) == "1.95"

    review = await to_review(anna, {fee: "", **REASON})
    assert "to Partially Refunded" in words(review)
    before = review["submit"]["text"]
    await anna.press("Change something")
    await anna.wait_for_modal("Same reason for everything")
    review = await to_review(anna, {fee: "1.95"})

    assert "to Refunded" in words(review)
    assert review["submit"]["text"] != before
    await anna.fill()
    await anna.wait_for_reply(EVERYTHING, "(Done")
    book = await running.workspace.book(EVERYTHING)
    assert book["status_id"] == 4
    assert len(book["refunds"][0]["items"]) == 9


async def test_clear_all_empties_what_was_filled_in(running: Running, anna: Agent) -> None:
    view = await open_form(anna)
    first = fields(view, "quantity_")[0]
    await anna.press("Everything that is left")
    while not shown(await anna.wait_for_modal("Clear all"), first):
        pass

    await anna.press("Clear all")
    while shown(await anna.wait_for_modal("Clear all"), first):
        pass

    assert list(await wrong(anna, REASON)) == [first]


async def test_a_line_with_a_reason_of_its_own_keeps_it(running: Running, anna: Agent) -> None:
    view = await open_form(anna)
    one, two, _ = fields(view, "quantity_")
    own = two.replace("quantity", "reason")

    await to_review(anna, {one: "1", two: "1", own: "Damaged", **REASON})
    await anna.fill()

    await anna.wait_for_reply(PLAIN, "(Done")
    lines = running.entries(PLAIN)[0].request["lines"]
    assert [line["reason"] for line in lines] == ["Late or lost", "Damaged"]
    refund = (await running.workspace.book(PLAIN))["refunds"][0]
    reference = running.entries(PLAIN)[0].reference
    assert all(item["reason"].endswith(f"[{reference}]") for item in refund["items"])


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


async def test_more_of_a_cost_than_is_left_is_said_next_to_it(
    running: Running, anna: Agent
) -> None:
    view = await open_form(anna)
    [shipping] = fields(view, "shipping_")

    errors = await wrong(anna, {shipping: "12.36", **REASON})
    assert errors == {shipping: "At most 12.35 USD is left."}
    assert list(await wrong(anna, {shipping: "12", "reason_all": None})) == ["reason_all"]


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


async def test_shipping_can_still_be_given_when_all_lines_are(
    running: Running, anna: Agent
) -> None:
    view = await open_form(anna)
    lines = fields(view, "quantity_")
    await to_review(anna, {**dict(zip(lines, ("2", "1", "1"), strict=True)), **REASON})
    await anna.fill()
    await anna.wait_for_reply(PLAIN, "(Done")

    view = await open_form(anna)
    assert fields(view, "quantity_") == []
    [shipping] = fields(view, "shipping_")
    await to_review(anna, {shipping: "12.35", **REASON})
    await anna.fill()

    await anna.wait_for_reply(PLAIN, "(Done", "of shipping")
    book = await running.workspace.book(PLAIN)
    assert book["status_id"] == 4
    assert sum(Decimal(str(r["total"])) for r in book["refunds"]) == Decimal("154.10")


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


async def test_sixty_lines_have_their_shipping_on_the_last_page(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_tagged("60_lines")
    view = await open_form(anna, order_id)
    assert "shipping and the rest are on the last page" in words(view)
    await anna.press("Everything that is left", REASON)
    await anna.wait_for_modal("60 chosen so far")
    while "Next" in " ".join(button_labels(view)):
        label_now = next(each for each in button_labels(view) if each.startswith("Next"))
        page = words(view).split("*Page ")[1].split(" ")[0]
        await anna.press(label_now)
        view = await anna.wait_for_modal(f"*Page {int(page) + 1} of")
        assert len(view["blocks"]) <= 100

    assert fields(view, "shipping_")
    review = await to_review(anna, {})
    assert "52 more lines" in words(review)
    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done")
    assert (await running.workspace.book(order_id))["status_id"] == 4


async def test_a_way_of_paying_that_is_gone_is_not_replaced_in_silence(
    running: Running, anna: Agent
) -> None:
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


async def test_amounts_of_a_store_whose_prices_hold_tax_say_so(anna: Agent) -> None:
    view = await open_form(anna, 1049)

    assert "Amounts are with tax." in words(view)
    review = await to_review(anna, {fields(view, "shipping_")[0]: "1", **REASON})
    assert review["submit"]["text"] == "Refund 1.00 USD"
