"""What is read of an order is held against itself before anybody confirms a figure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.agent import Agent, View, button_labels, wait_for, words
from tests.support.refund_form import REASON, label, open_form, to_review
from tests.support.running import Running

PLAIN = 1042  # 154.10 USD: lines of 140.73 with their tax, shipping 13.37
ALWAYS = 999
CANCELLED, REFUNDED, PARTIALLY_REFUNDED = 5, 4, 14
LEAVE = "Refund 140.73 USD and leave 13.37 USD (shipping not found)"


async def change(running: Running, match: str, **fields: Any) -> None:
    """Let the store answer with other fields than its books have."""
    await running.workspace.store_fault(kind="change", match=match, times=ALWAYS, set=fields)


async def no_addresses(running: Running) -> None:
    await running.workspace.store_fault(
        kind="status", match="GET shipping_addresses", status=204, times=ALWAYS
    )


async def review_cancel(agent: Agent, order_id: int = PLAIN) -> View:
    await agent.command(f"/cancel-order {order_id}")
    await agent.wait_for_modal("Everything that is left is refunded")
    return await to_review(agent, {"reason": "Out of stock"})


async def review_full(agent: Agent, order_id: int) -> View:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")
    return await to_review(agent, {"reason": "Damaged"})


async def given_back(running: Running, order_id: int) -> list[Decimal]:
    book = await running.workspace.book(order_id)
    return [Decimal(refund["given_back"]) for refund in book["refunds"]]


async def card_of(agent: Agent, order_id: int) -> str:
    await agent.command(f"/order {order_id}")
    card = await agent.wait_for_message(f"Order {order_id} of")
    return words(card["blocks"])


async def root_showing(agent: Agent, order_id: int, left: str) -> str | None:
    root = await agent.root(order_id)
    shown = words(root["blocks"]) if root else ""
    return shown if f"*Left to refund*\n{left}" in shown else None


def agreed(view: View) -> str:
    """Return the words of the box that has to be ticked, "" where there is none."""
    boxes = [b for b in view["blocks"] if b.get("block_id", "").startswith("agreed~")]
    return str(boxes[0]["element"]["options"][0]["text"]["text"]) if boxes else ""


async def test_what_is_not_found_is_said_and_confirmed_by_its_figure(
    running: Running, anna: Agent
) -> None:
    await no_addresses(running)

    view = await review_cancel(anna)
    unticked = await anna.fill()

    shown = words(view)
    assert (
        "13.37 USD of the 154.10 USD that is left stays with the store: shipping not found. Once "
        "the order is cancelled, Makegood cannot refund it any more."
    ) in shown
    assert "The order says 13.37 USD of shipping, its parts come to 0.00 USD." in shown
    assert agreed(view) == LEAVE
    assert [key.split("~")[0] for key in unticked["errors"]] == ["agreed"]
    assert running.entries(PLAIN) == []

    await anna.fill({"agreed": ["13.37 USD"]})

    await anna.wait_for_reply(PLAIN, "Refunded 140.73 USD", "(Done")
    book = await running.workspace.book(PLAIN)
    assert await given_back(running, PLAIN) == [Decimal("140.73")]
    assert book["status_id"] == CANCELLED
    confirmed = running.entries(PLAIN)[0].request["confirmed"]
    assert confirmed["left_out"] == {"amount": "13.37", "currency": "USD"}


@pytest.mark.parametrize(
    "fields",
    [
        {"*.cost_ex_tax": None, "*.cost_inc_tax": None},
        {"*.cost_ex_tax": "0.0000", "*.cost_inc_tax": "0.0000", "*.base_cost": None},
    ],
)
async def test_a_cost_that_is_null_is_no_reason_to_keep_it_in_silence(
    running: Running, anna: Agent, fields: dict[str, Any]
) -> None:
    await change(running, "GET shipping_addresses", **fields)

    view = await review_cancel(anna)

    assert agreed(view) == LEAVE


async def test_a_line_that_is_missing_is_counted_and_priced(running: Running, anna: Agent) -> None:
    await running.workspace.store_fault(
        kind="change", match="GET orders/1042/products", times=ALWAYS, remove=["2"]
    )

    view = await review_cancel(anna)

    assert agreed(view) == "Refund 124.33 USD and leave 29.77 USD (lines or fees not found)"
    assert "The order says 4 items, its lines come to 3." in words(view)


async def test_a_whole_order_without_a_gap_asks_for_nothing_more(
    running: Running, anna: Agent
) -> None:
    view = await review_cancel(anna)
    await anna.fill()

    assert agreed(view) == ""
    assert "stays with the store" not in words(view)
    await anna.wait_for_reply(PLAIN, "Refunded 154.10 USD", "(Done")
    assert await given_back(running, PLAIN) == [Decimal("154.10")]


@pytest.mark.parametrize("tag", ["shipping_discounted", "free_shipping", "discounted_costs"])
async def test_costs_come_back_as_they_were_charged(
    running: Running, anna: Agent, tag: str
) -> None:
    order_id = await running.workspace.order_tagged(tag)

    view = await review_cancel(anna, order_id)
    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done")
    book = await running.workspace.book(order_id)
    assert agreed(view) == ""
    assert await given_back(running, order_id) == [Decimal(book["total"])]
    assert book["status_id"] == CANCELLED


async def test_what_bigcommerce_refuses_is_left_out_with_its_words(
    running: Running, anna: Agent
) -> None:
    await change(
        running, "GET shipping_addresses", **{"*.cost_ex_tax": "99.0000", "*.cost_inc_tax": "99.0"}
    )

    view = await review_cancel(anna)
    shown = words(view)
    await anna.fill({"agreed": ["13.37 USD"]})

    assert agreed(view) == "Refund 140.73 USD and leave 13.37 USD (shipping refused)"
    assert "BigCommerce does not refund 99.00 USD of shipping: Refund amount exceeds" in shown
    await anna.wait_for_reply(PLAIN, "Refunded 140.73 USD", "(Done")
    assert await given_back(running, PLAIN) == [Decimal("140.73")]


async def test_all_the_rest_comes_back_after_a_fee_was_refunded(
    running: Running, anna: Agent
) -> None:
    order_id = 1010  # completed, with handling and a fee of 4.80 before tax
    form = await open_form(anna, order_id)
    fee = next(
        b["block_id"].split("~")[0]
        for b in form["blocks"]
        if b.get("block_id", "").startswith("fee_")
    )
    await to_review(anna, {**REASON, fee: "4.80"})
    await anna.fill()
    await anna.wait_for_reply(order_id, "Refunded 5.20 USD", "(Done")

    view = await review_full(anna, order_id)
    await anna.fill()

    await anna.wait_for_reply(order_id, "Refunded 82.82 USD", "(Done")
    book = await running.workspace.book(order_id)
    assert agreed(view) == ""
    assert sum(await given_back(running, order_id)) == Decimal(book["total"]) == Decimal("88.02")
    assert book["status_id"] == REFUNDED


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"data.refund_methods.*.*.amount": 10.0},
            "BigCommerce's figures for order 1042 contradict each other: a refund of 154.10 USD, "
            "paid with 10.00 USD.",
        ),
        (
            {"data.total_refund_amount": 999.0, "data.refund_methods.*.*.amount": 999.0},
            "BigCommerce would refund 999.00 USD for order 1042, but only 154.10 USD of what was "
            "paid is left.",
        ),
        (
            {"data.total_refund_tax_amount": 200.0},
            "BigCommerce's figures for order 1042 contradict each other: a refund of 154.10 USD "
            "with 200.00 USD of tax.",
        ),
    ],
)
async def test_figures_that_cannot_be_true_are_not_confirmed(
    running: Running, anna: Agent, fields: dict[str, Any], said: str
) -> None:
    await change(running, "POST refund_quotes", **fields)
    await anna.command(f"/cancel-order {PLAIN}")
    await anna.wait_for_modal("Everything that is left is refunded")

    await anna.fill({"reason": "Out of stock"})

    await anna.wait_for_modal(said)
    assert running.entries(PLAIN) == []


async def test_one_way_of_paying_with_another_figure_is_not_offered(
    running: Running, anna: Agent
) -> None:
    await change(running, "POST refund_quotes", **{"data.refund_methods.0.*.amount": 10.0})

    view = await review_cancel(anna)

    assert "Store credit" not in words(view)
    assert view["submit"]["text"] == "Refund 154.10 USD"


async def test_another_figure_than_the_orders_own_is_said(running: Running, anna: Agent) -> None:
    await change(
        running,
        "POST refund_quotes",
        **{"data.total_refund_amount": 140.0, "data.refund_methods.*.*.amount": 140.0},
    )
    form = await open_form(anna)
    quantity = next(
        b["block_id"].split("~")[0]
        for b in form["blocks"]
        if b.get("block_id", "").startswith("quantity_")
    )

    view = await to_review(anna, {**REASON, quantity: "2"})

    said = "By the order's own figures this comes to 51.96 USD; BigCommerce says 140.00 USD."
    assert said in words(view)


async def test_paid_is_what_was_taken(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_tagged("edited_after_payment")

    before = await card_of(anna, order_id)
    view = await review_cancel(anna, order_id)
    await anna.fill()

    await anna.wait_for_reply(order_id, "Refunded 154.10 USD", "(Done")
    assert "*Order total*\n204.10 USD" in before
    assert "*Paid*\n154.10 USD" in before
    assert "*Left to refund*\n154.10 USD" in before
    assert agreed(view) == ""
    assert await given_back(running, order_id) == [Decimal("154.10")]
    root = await wait_for(lambda: root_showing(anna, order_id, "0.00 USD"), "the root, brought up")
    assert "*Paid*\n154.10 USD\n*Refunded*\n154.10 USD\n*Left to refund*\n0.00 USD" in root


@pytest.mark.parametrize("status", [403, 500])
async def test_where_payments_cannot_be_read_nothing_is_called_paid(
    running: Running, anna: Agent, status: int
) -> None:
    await running.workspace.store_fault(
        kind="status", match="GET transactions", status=status, times=ALWAYS
    )

    shown = await card_of(anna, PLAIN)

    assert "*Order total*\n154.10 USD" in shown
    assert "*Left of the order total*\n154.10 USD" in shown
    assert "*Paid*" not in shown


async def test_nothing_is_confirmed_while_payments_cannot_be_read_for_another_reason(
    running: Running, anna: Agent
) -> None:
    await running.workspace.store_fault(
        kind="status", match="GET transactions", status=500, times=ALWAYS
    )
    await anna.command(f"/cancel-order {PLAIN}")
    await anna.wait_for_modal("Everything that is left is refunded")

    await anna.fill({"reason": "Out of stock"})

    await anna.wait_for_modal("Nothing was changed. Try again in a minute.")
    assert running.entries(PLAIN) == []


async def test_a_token_without_the_payments_still_refunds(running: Running, anna: Agent) -> None:
    await running.workspace.store_fault(kind="no_scope", match="GET transactions", times=ALWAYS)

    view = await review_cancel(anna)

    assert view["submit"]["text"] == "Refund 154.10 USD"


async def test_a_gift_certificate_and_a_download_are_named_for_what_they_are(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_tagged("sold_gift_certificate")
    form = await open_form(anna, order_id)
    quantities = [
        b["block_id"].split("~")[0]
        for b in form["blocks"]
        if b.get("block_id", "").startswith("quantity_")
    ]

    view = await to_review(anna, {**REASON, quantities[1]: "1", quantities[2]: "1"})

    assert "Gift Certificate [gift certificate]" in label(form, quantities[1])
    assert "[download]" in label(form, quantities[2])
    shown = words(view)
    assert "1 × Gift Certificate [gift certificate]" in shown
    assert (
        "A gift certificate was sold here: Gift Certificate. The refund does not disable it, so it "
        "can still be spent. Disable it in the BigCommerce control panel, under Marketing › Gift "
        "Certificates."
    ) in shown
    assert "A download was sold here: Aesop's Fables" in shown


@pytest.mark.parametrize(("tag", "name"), [("ebay", "eBay"), ("amazon", "Amazon")])
async def test_a_marketplaces_order_says_so_and_is_refunded_there(
    running: Running, anna: Agent, tag: str, name: str
) -> None:
    order_id = await running.workspace.order_tagged(tag)

    shown = await card_of(anna, order_id)
    card = await anna.wait_for_message(f"Order {order_id} of")
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("Everything that is left is refunded")
    await anna.fill({"reason": "Out of stock"})

    assert f"{name} has the customer's money, so the order is refunded there." in shown
    assert [each for each in button_labels(card) if each.endswith("…")] == ["Discount code …"]
    assert f"*Came from*\n{name} · refunds are made there" in shown
    await anna.wait_for_modal(
        f"Order {order_id} came from {name}, and BigCommerce could only record a refund of it. "
        f"Refund it on {name}."
    )
    assert running.entries(order_id) == []


async def test_an_orders_state_is_shown_by_the_shops_own_label(
    running: Running, anna: Agent
) -> None:
    labels = {"11": "Ready to pack", "14": "Some money back"}
    await running.workspace.post("store/settings", status_labels=labels)

    shown = await card_of(anna, PLAIN)
    form = await open_form(anna)
    quantity = next(
        b["block_id"].split("~")[0]
        for b in form["blocks"]
        if b.get("block_id", "").startswith("quantity_")
    )
    view = await to_review(anna, {**REASON, quantity: "1"})
    await anna.fill()
    await anna.wait_for_reply(PLAIN, "(Done")
    await open_form(anna)
    again = await to_review(anna, {**REASON, quantity: "1"})

    assert "*Status*\nReady to pack" in shown
    assert "Order 1042 goes from Ready to pack to Partially Refunded" in words(view)
    # By its number it is the same state, whatever it is called.
    assert "Order 1042 stays Some money back." in words(again)
