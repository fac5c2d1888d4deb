"""A thread for an order, opened as agents open one: by something done for it."""

from __future__ import annotations

from tests.support.agent import Agent


async def open_thread(agent: Agent, order_id: int, code: str = "SORRY-5") -> None:
    """Give a discount code, which changes nothing of the order, and see it told."""
    await agent.command(f"/discount-code {order_id}")
    await agent.wait_for_modal("Applies to")
    await agent.fill({"code": code, "value": "5", "reason": "Customer request"})
    await agent.wait_for_modal("Change something")
    await agent.fill()
    await agent.wait_for_reply(order_id, "(Done", code)
