"""A partial refund of an order that is still to be shipped: its status, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.agent import Agent, words
from tests.support.refund_form import fields, open_form, to_review
from tests.support.running import Running, configure

PLAIN = 1042  # paid, awaiting fulfillment
SHIPPED, PARTIALLY_REFUNDED, AWAITING_FULFILLMENT, CANCELLED = 2, 14, 11, 5
WARNING = (
    "Order 1042 is still to be shipped, but as Partially Refunded most shipping tools no longer "
    "see it. The form has a choice to set it back to Awaiting Fulfillment afterwards."
)


async def review_a_piece(agent: Agent, **more: Any) -> str:
    """Ask for one piece of the first line and return the words of the review."""
    view = await open_form(agent)
    chosen = {fields(view, "quantity_")[0]: "1", "reason_all": "Late or lost"}
    return words(await to_review(agent, chosen | more))


async def test_the_review_warns_and_the_order_stays_partially_refunded(
    running: Running, anna: Agent
) -> None:
    review = await review_a_piece(anna)

    await anna.fill()
    reply = await anna.wait_for_reply(PLAIN, "(Done")

    assert WARNING in review
    assert "Status: Awaiting Fulfillment → Partially Refunded" in words(reply)
    assert (await running.workspace.book(PLAIN))["status_id"] == PARTIALLY_REFUNDED
    entry = running.entries(PLAIN)[0]
    assert entry.request["set_back_to"] is None
    assert entry.outcome is not None
    assert {"field": "status", "before": "Awaiting Fulfillment", "after": "Partially Refunded"} in (
        entry.outcome["changes"]
    )


async def test_the_box_is_off_and_says_what_it_may_cause(running: Running, anna: Agent) -> None:
    view = await open_form(anna)

    block = next(b for b in view["blocks"] if b.get("block_id", "").startswith("set_back_to"))
    option = block["element"]["options"][0]
    assert "initial_options" not in block["element"]
    assert option["text"]["text"] == "Set it back to Awaiting Fulfillment afterwards"
    assert option["description"]["text"] == (
        "The customer may get one more e-mail for it, as the store is set."
    )


async def test_the_order_is_set_back_and_can_be_cancelled_then(
    running: Running, anna: Agent
) -> None:
    review = await review_a_piece(anna, set_back_to=["yes"])
    await anna.fill()
    reply = await anna.wait_for_reply(PLAIN, "(Done")

    book = await running.workspace.book(PLAIN)
    entry = running.entries(PLAIN)[0]
    assert WARNING not in review
    assert "Then Makegood sets it back to Awaiting Fulfillment." in review
    assert "include Partially Refunded or Awaiting Fulfillment." in review
    assert "The order is set back to Awaiting Fulfillment." in words(reply)
    assert "Status: Awaiting Fulfillment → Partially Refunded → Awaiting Fulfillment" in (
        words(reply)
    )
    assert (book["status_id"], len(book["refunds"])) == (AWAITING_FULFILLMENT, 1)
    assert f"Set back with Makegood {entry.reference}: Late or lost" in book["staff_notes"]

    await anna.command(f"/cancel-order {PLAIN}")
    await anna.wait_for_modal("Everything that is left is refunded")
    await to_review(anna, {"reason": "Out of stock"})
    await anna.fill()
    done = await anna.wait_for_reply(PLAIN, "The order is cancelled.", "(Done")

    book = await running.workspace.book(PLAIN)
    assert (book["status_id"], len(book["refunds"])) == (CANCELLED, 2)
    assert "Status: Awaiting Fulfillment → Cancelled" in words(done)


async def test_an_order_that_somebody_moved_on_is_left_alone(running: Running, anna: Agent) -> None:
    await review_a_piece(anna, set_back_to=["yes"])
    await running.workspace.store_fault(
        match="PUT orders/1042", kind="status", status=503, times=999
    )
    await anna.fill()
    await anna.wait_for_reply(PLAIN, "is not set back to Awaiting Fulfillment yet")

    await running.workspace.post("store/order", order_id=PLAIN, status_id=SHIPPED)
    await running.workspace.post("store/faults", clear=True)

    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert "The order is Shipped by now, so it was not set back." in words(reply)
    assert (await running.workspace.book(PLAIN))["status_id"] == SHIPPED
    assert len((await running.workspace.book(PLAIN))["refunds"]) == 1


async def test_what_is_left_to_set_back_is_still_told_when_the_money_is_sent(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "recorded_only", {"everyone": True})
    await review_a_piece(anna, set_back_to=["yes"])
    await anna.choose("method", "custom:offline")
    await anna.wait_for_modal("Record 25.98 USD")
    await running.workspace.store_fault(
        match="PUT orders/1042", kind="status", status=422, times=999
    )
    await anna.fill({"method": "custom:offline"})
    task = await anna.wait_for_reply(PLAIN, "(To do", "It could not be set back")

    await anna.press_in_message(task, "I have sent it")
    await anna.wait_for_modal("Reference of the payment")
    await anna.fill({"note": "SEPA 4711"})
    done = await anna.wait_for_reply(PLAIN, "(Done")

    first = "To do: send 25.98 USD to Maya Lindqvist by hand · order 1042"
    by_hand = (
        "If it is Partially Refunded in the BigCommerce control panel, set it to Awaiting "
        "Fulfillment there."
    )
    assert f"*{first}*" in words(task)
    assert by_hand in words(task)
    assert "*Refunded 25.98 USD · order 1042*" in words(done)
    assert by_hand in words(done)


async def test_an_order_that_has_shipped_is_not_asked_about(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    view = await open_form(anna, order_id)

    assert fields(view, "set_back_to") == []
