"""Cancelling an order, from the command to the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.running import Running, configure

AWAITING_PAYMENT, PENDING, CANCELLED = 7, 1, 5


async def confirm_cancellation(agent: Agent, order_id: int) -> None:
    await agent.command(f"/cancel-order {order_id}")
    await agent.wait_for_modal("Reason")
    assert (await agent.fill({"reason": "Customer request", "reason_text": "by phone"}))["ok"]
    review = await agent.wait_for_modal(f"{order_id}, ", "Change something")
    assert review["submit"]["text"] == f"Cancel order {order_id}"
    await agent.fill()


async def test_an_unpaid_order_is_cancelled_and_told(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(PENDING)

    await confirm_cancellation(anna, order_id)

    reply = await anna.wait_for_reply(order_id, f"order {order_id}", "Customer request: by phone")
    assert "ancelled" in reply["text"]
    entry = running.entries(order_id)[0]
    assert (entry.action, entry.status, entry.actor_id) == ("cancel_order", "succeeded", anna.user)
    assert entry.message_ts == reply["ts"]
    book = await running.workspace.book(order_id)
    assert book["status_id"] == CANCELLED
    assert entry.reference in book["staff_notes"]
    assert "Customer request: by phone" in book["staff_notes"]


async def test_the_root_message_shows_the_order_as_it_is(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(PENDING)

    await confirm_cancellation(anna, order_id)
    await anna.wait_for_reply(order_id, f"order {order_id}")

    async def is_current() -> bool | None:
        root = await anna.root(order_id)
        return True if root and "Cancelled" in words(root["blocks"]) else None

    await wait_for(is_current, "a root message that says Cancelled")


async def test_the_modal_shows_the_outcome_too(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(PENDING)

    await confirm_cancellation(anna, order_id)

    view = await anna.wait_for_modal("Done · MG-")
    assert f"order {order_id}" in words(view).lower()
    assert "Open the thread" in button_labels(view)


async def test_a_hold_is_released_before_the_order_is_cancelled(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_tagged("authorised")

    await confirm_cancellation(anna, order_id)

    await anna.wait_for_reply(order_id, "(Done")
    book = await running.workspace.book(order_id)
    assert (book["status_id"], book["payment_status"]) == (CANCELLED, "void")


async def test_a_shipped_order_is_refused_with_the_right_command(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(2, payment="captured")

    await anna.command(f"/cancel-order {order_id}")

    view = await anna.wait_for_modal("has shipped", f"/refund-order {order_id}")
    assert not view.get("submit")
    assert any(label.startswith("Full refund") for label in button_labels(view))
    assert running.entries(order_id) == []


async def test_without_a_reason_nothing_happens(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(PENDING)
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("Reason")

    answer = await anna.fill({"reason": "Other"})

    assert "other reason" in " ".join(answer["errors"].values())
    assert running.entries(order_id) == []


async def test_an_order_ready_to_ship_whose_payment_is_only_held_is_cancelled(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_tagged("authorised_ready")

    await confirm_cancellation(anna, order_id)

    reply = await anna.wait_for_reply(order_id, "(Done")
    assert reply["text"].startswith(
        f"Cancelled order {order_id} and released its payment: nothing was charged."
    )
    book = await running.workspace.book(order_id)
    assert (book["status_id"], book["payment_status"]) == (CANCELLED, "void")


async def test_an_order_that_cost_nothing_is_cancelled(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_tagged("free_ready")

    await confirm_cancellation(anna, order_id)

    reply = await anna.wait_for_reply(order_id, "(Done")
    assert reply["text"].startswith(f"Cancelled order {order_id}. No money moved.")
    assert (await running.workspace.book(order_id))["status_id"] == CANCELLED


async def test_a_payment_that_was_taken_early_is_never_kept(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_tagged("captured_early")

    await anna.command(f"/cancel-order {order_id}")

    view = await anna.wait_for_modal(
        f"BigCommerce has taken 154.10 USD for order {order_id}. Refund it there first, then "
        "cancel."
    )
    assert not view.get("submit")
    assert "Open in BigCommerce" in button_labels(view)
    assert (await running.workspace.book(order_id))["status_id"] == PENDING


async def test_where_a_payment_was_taken_early_cancelling_is_neither_offered_nor_advised(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await running.workspace.order_tagged("captured_early")
    refund_there = (
        f"BigCommerce has taken 154.10 USD for order {order_id}. Refund it there first, then "
        "cancel."
    )

    await anna.command(f"/order {order_id}")
    card = await anna.wait_for_message(refund_there)
    assert [each for each in button_labels(card) if each.endswith("…")] == ["Discount code …"]
    await anna.command(f"/refund-order {order_id}")
    view = await anna.wait_for_modal(refund_there)
    assert button_labels(view) == ["Open in BigCommerce"]
    await anna.close()

    configure(tmp_path, "refund_before_cancel", True)
    await anna.command(f"/refund-order {order_id}")
    view = await anna.wait_for_modal(f"Cancel it with /cancel-order {order_id}.")
    assert "Cancel order …" in button_labels(view)


@pytest.mark.parametrize("tag", ["authorised_ready", "free_ready"])
async def test_the_form_promises_no_refund_where_there_is_no_money(
    running: Running, anna: Agent, tag: str
) -> None:
    order_id = await running.workspace.order_tagged(tag)

    await anna.command(f"/cancel-order {order_id}")

    view = await anna.wait_for_modal("Reason")
    assert (
        f"*Order {order_id}*\nThe order is cancelled. No money moves; a payment that is only "
        in (words(view))
    )


async def test_a_payment_that_was_taken_early_is_given_back_where_an_admin_lets_it(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "refund_before_cancel", True)
    order_id = await running.workspace.order_tagged("captured_early")

    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Total refund", "154.10 USD")
    await anna.fill()

    reply = await anna.wait_for_reply(order_id, "(Done")
    assert reply["text"].startswith(f"Refunded 154.10 USD for order {order_id} through Braintree.")
    assert "The order is cancelled." in reply["text"]
    assert "Status: Pending → Cancelled" in words(reply["blocks"])
    book = await running.workspace.book(order_id)
    assert (book["status_id"], book["refunds"][0]["given_back"]) == (CANCELLED, "154.10")


async def test_what_an_admin_switched_off_meanwhile_is_not_sent(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "refund_before_cancel", True)
    order_id = await running.workspace.order_tagged("captured_early")
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Total refund", "154.10 USD")

    configure(tmp_path, "refund_before_cancel", False)
    await anna.fill()

    await anna.wait_for_modal("was switched off while you filled in this form")
    book = await running.workspace.book(order_id)
    assert (book["status_id"], book["refunds"]) == (PENDING, [])


async def test_an_order_whose_refund_is_still_open_is_not_cancelled(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(10, payment="captured")
    await running.workspace.store_fault(match="POST refunds", kind="slow_settlement", delay_s=600)
    await anna.command(f"/refund-order {order_id}")
    await anna.wait_for_modal("What shall be done?")
    await anna.press("Full refund")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Total refund")
    await anna.fill()
    await anna.wait_for_reply(order_id, "(On its way")
    await running.workspace.post("store/order", order_id=order_id, status_id=4)

    await anna.command(f"/cancel-order {order_id}")

    reference = running.entries(order_id)[0].reference
    await anna.wait_for_modal("a refund of it is still open", reference)
    assert (await running.workspace.book(order_id))["status_id"] == 4
