"""Answers of the store that are odd: what people are told of them, and that nothing is done."""

from __future__ import annotations

from tests.support.agent import Agent
from tests.support.running import Running


async def test_another_orders_answer_is_not_acted_on(running: Running, anna: Agent) -> None:
    await running.workspace.store_fault(
        kind="change", match="GET orders/1042", set={"id": 1043}, times=999
    )

    await anna.command("/cancel-order 1042")

    await anna.wait_for_modal(
        "BigCommerce's answer is about something else than was asked for: its id is another one."
    )


async def test_a_part_that_is_missing_is_not_a_missing_order(running: Running, anna: Agent) -> None:
    await running.workspace.store_fault(kind="status", match="GET products", status=404, times=999)

    await anna.command("/cancel-order 1042")

    await anna.wait_for_modal("BigCommerce has the order, but did not find its products.")


async def test_an_order_without_its_currency_is_shown_and_not_refunded(
    running: Running, anna: Agent
) -> None:
    odd = {"channel_id": None, "default_currency_code": None, "date_created": ""}
    await running.workspace.store_fault(kind="change", match="GET orders/1042", set=odd, times=999)

    await anna.command("/order 1042")
    await anna.wait_for_message("154.10 (currency not known)")

    await anna.command("/refund-order 1042")
    await anna.wait_for_modal("its default_currency_code is missing")
