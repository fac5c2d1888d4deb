"""A partial refund beyond the lines: shipping, handling, fees, wrapping, all that is left."""

from __future__ import annotations

from decimal import Decimal

from tests.support.agent import Agent, button_labels, words
from tests.support.refund_form import (
    EVERYTHING,
    PLAIN,
    REASON,
    WRAPPED,
    fields,
    items,
    label,
    open_form,
    shown,
    to_review,
    wrong,
)
from tests.support.running import Running


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
    again = await open_form(anna, WRAPPED)
    assert fields(again, "wrapping_") == []
    assert "· gift wrapping refunded before" in words(again)


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


async def test_more_of_a_cost_than_is_left_is_said_next_to_it(
    running: Running, anna: Agent
) -> None:
    view = await open_form(anna)
    [shipping] = fields(view, "shipping_")

    errors = await wrong(anna, {shipping: "12.36", **REASON})
    assert errors == {shipping: "At most 12.35 USD is left."}
    assert list(await wrong(anna, {shipping: "12", "reason_all": None})) == ["reason_all"]


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


async def test_amounts_of_a_store_whose_prices_hold_tax_say_so(anna: Agent) -> None:
    view = await open_form(anna, 1049)

    assert "Amounts are with tax." in words(view)
    review = await to_review(anna, {fields(view, "shipping_")[0]: "1", **REASON})
    assert review["submit"]["text"] == "Refund 1.00 USD"


async def test_a_reason_that_names_a_request_is_told_once_and_is_no_mark(
    running: Running, anna: Agent
) -> None:
    view = await open_form(anna)
    chosen = {fields(view, "quantity_")[0]: "1", "reason_all": "Other"}

    await to_review(anna, chosen | {"reason_text": "see [MG-AAAA-AAAA]"})
    await anna.fill()
    await anna.wait_for_reply(PLAIN, "(Done")

    (refund,) = (await running.workspace.book(PLAIN))["refunds"]
    reference = running.entries(PLAIN)[0].reference
    assert refund["reason"] == f"see (MG-AAAA-AAAA) [{reference}]"
