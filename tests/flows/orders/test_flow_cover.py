"""The cover of an order's case: sums, parcels, coupons, who is at it, and why a button is not."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.opening import open_thread
from tests.support.running import Running, configure

SHIPPED, PENDING = 2, 1
MONEY = r"(-?[\d,]+\.\d\d) [A-Z]{3}"
MANY_LINES, COUPON, WITH_FEE, CREDIT = "60_lines", "coupon", "fee", "store_credit"


async def card_of(agent: Agent, order_id: int) -> str:
    await agent.command(f"/order {order_id}")
    card = await agent.wait_for_message(f"Order {order_id} of")
    return words(card["blocks"])


async def open_refund(agent: Agent, order_id: int) -> None:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("Full refund …")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")


async def wait_for_root(agent: Agent, order_id: int, text: str, *, is_there: bool = True) -> None:
    async def look() -> Any:
        root = await agent.root(order_id)
        return True if root and (text in words(root["blocks"])) == is_there else None

    await wait_for(look, f"a root message {'with' if is_there else 'without'} {text!r}")


@pytest.mark.parametrize("tag", [MANY_LINES, COUPON, WITH_FEE, CREDIT, "wrapping", "two_addresses"])
async def test_the_lines_add_up_to_the_total(running: Running, anna: Agent, tag: str) -> None:
    order_id = await running.workspace.order_tagged(tag)

    shown = await card_of(anna, order_id)

    listed, _, total = shown.partition("*Total · ")
    lines = [row for row in listed.splitlines() if " · " in row and not row.startswith("*")]
    amounts = [re.search(MONEY, row) for row in lines]
    charged = [found[1].replace(",", "") for found in amounts if found]
    assert sum(map(Decimal, charged)) == Decimal(total.split()[0].replace(",", "")), shown


async def test_shipping_is_on_the_card(anna: Agent) -> None:
    assert "Shipping · 13.37 USD" in await card_of(anna, 1042)


async def test_parcels_are_shown_with_their_links(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    parcel = {"order_id": order_id, "provider": "fedex", "number": "7712 & <b>"}
    await running.workspace.post("store/shipment", **parcel)

    shown = await card_of(anna, order_id)

    assert "*Shipments*" in shown
    assert "FedEx · <https://www.fedex.com/fedextrack/?trknbr=7712%20&amp;%20%3Cb%3E|" in shown
    assert "7712 &amp; &lt;b&gt;> · 1 item" in shown


async def test_only_addresses_of_the_web_are_linked(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    for bad in ("javascript:alert(1)", "https://bank.example@evil.example/", "file:///etc/passwd"):
        parcel = {"order_id": order_id, "carrier": "dpd", "number": "N-1", "link": bad}
        await running.workspace.post("store/shipment", **parcel)

    shown = await card_of(anna, order_id)

    assert "dpd · N-1 · 1 item" in shown
    assert not re.search(r"javascript|evil|passwd", shown)


async def test_coupons_are_shown_with_what_they_took_off(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_tagged(COUPON)

    assert "Coupon used: `FERN10` (7.37 USD off)" in await card_of(anna, order_id)


@pytest.mark.parametrize(
    ("match", "said"),
    [("GET shipments", "*Shipments*\nThey could not"), ("GET coupons", "Coupons: they could not")],
)
async def test_the_card_stands_without_what_cannot_be_read(
    running: Running, anna: Agent, match: str, said: str
) -> None:
    tagged = await running.workspace.order_tagged(COUPON)
    shipped = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await running.workspace.store_fault(match=match, kind="status", status=403, times=9)

    shown = await card_of(anna, tagged if "coupons" in match else shipped)

    assert said in shown
    assert "Left to refund" in shown


async def test_a_plain_order_costs_no_more_calls_than_it_did(running: Running, anna: Agent) -> None:
    fault = {"kind": "status", "status": 500, "times": 9}
    await running.workspace.store_fault(match="GET shipments", **fault)
    await running.workspace.store_fault(match="GET coupons", **fault)

    shown = await card_of(anna, 1042)

    faults = (await running.workspace.get("store/faults"))["faults"]
    assert [fault["times"] for fault in faults] == [9, 9]
    assert "could not" not in shown


async def test_a_missing_button_has_its_reason(running: Running, anna: Agent) -> None:
    shipped = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await anna.command(f"/order {shipped}")
    card = await anna.wait_for_message(f"Order {shipped} of")

    assert not [label for label in button_labels(card) if label.startswith("Cancel")]
    reasons = [text for text in words(card["blocks"]).splitlines() if "cannot be" in text]
    assert len(reasons) == 1
    assert "has shipped, so it cannot be cancelled" in reasons[0]


async def test_what_is_switched_off_has_no_button_and_says_so(anna: Agent, tmp_path: Path) -> None:
    for action in ("cancel_and_refund", "refund_items"):
        configure(tmp_path, f"rules.{action}", {"enabled": False})

    await anna.command("/order 1042")
    card = await anna.wait_for_message("Order 1042 of")

    labels = button_labels(card)
    assert labels[0] == "Discount code …"
    assert "Refunding is switched off" in words(card["blocks"])


async def test_who_opened_a_refund_is_seen_by_others(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_thread(ben, order_id)
    await open_refund(anna, order_id)
    opened = f"<@{anna.user}> opened “Full refund”"

    await wait_for_root(ben, order_id, opened)
    assert opened in await card_of(ben, order_id)
    await open_refund(ben, order_id)
    await ben.wait_for_modal(opened)
    own = await anna.modal()
    assert own is not None
    assert "opened" not in words(own)


async def test_a_form_that_is_closed_is_no_longer_under_way(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_thread(ben, order_id)
    await open_refund(anna, order_id)
    await wait_for_root(ben, order_id, "opened “Full refund”")

    await anna.close()

    await wait_for_root(ben, order_id, "opened “Full refund”", is_there=False)


async def test_a_form_left_standing_is_over_after_some_minutes(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_thread(ben, order_id)
    await open_refund(anna, order_id)
    await wait_for_root(ben, order_id, "opened “Full refund”")

    running.execute("UPDATE drafts SET updated_at = ?", "2026-01-01T00:00:00.000000+00:00")
    past = "2026-01-01T00:00:00.000000+00:00"
    running.execute("UPDATE outbox SET next_try_at = ? WHERE kind = 'root'", past)

    await wait_for_root(ben, order_id, "opened “Full refund”", is_there=False)


async def test_a_refund_that_was_sent_is_under_way_and_no_longer_a_form(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_refund(anna, order_id)
    await anna.fill({"reason": "Damaged"})
    await anna.wait_for_modal("Change something")
    await anna.fill()

    await ben.wait_for_reply(order_id, "(Done", "Refunded")

    await wait_for_root(ben, order_id, "opened", is_there=False)
