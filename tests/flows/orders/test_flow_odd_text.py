"""Halves of emojis, in what the store holds and in what is typed, hinder nothing."""

from __future__ import annotations

import pytest

from tests.support.agent import Agent
from tests.support.running import Running

SHIPPED = 2
HALF = "Fern \ud83d"


@pytest.fixture
async def order_id(running: Running) -> int:
    return await running.workspace.order_in_status(SHIPPED, payment="captured")


async def test_an_order_with_half_an_emoji_in_its_names_is_refunded(
    running: Running, anna: Agent, order_id: int
) -> None:
    await running.workspace.store_fault(
        kind="change", match="GET products", set={"*.name": HALF}, times=999
    )
    names = {"billing_address.first_name": HALF, "billing_address.last_name": "King\x00"}
    await running.workspace.store_fault(
        kind="change", match=f"GET orders/{order_id}", set=names, times=999
    )

    await anna.command(f"/refund-order {order_id}")
    await anna.wait_for_modal("What shall be done?")
    await anna.press("Full refund")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Damaged"})
    await anna.wait_for_modal("Change something")
    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done")
    (refund,) = (await running.workspace.book(order_id))["refunds"]
    assert refund["reason"].startswith("Damaged [MG-")


async def test_half_an_emoji_that_is_typed_is_kept_as_a_mark(
    running: Running, anna: Agent, order_id: int
) -> None:
    await anna.command(f"/refund-order {order_id}")
    await anna.wait_for_modal("What shall be done?")
    await anna.press("Full refund")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Other", "reason_text": "Broken \ud83d leaf"})
    await anna.wait_for_modal("Change something")
    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done")
    (refund,) = (await running.workspace.book(order_id))["refunds"]
    assert refund["reason"].startswith("Broken \ufffd leaf [MG-")
