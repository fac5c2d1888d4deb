"""Setting limits and asking for what is above them, as the flow tests of approvals do it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.agent import Agent, View
from tests.support.running import Running, configure

ANNA, BEN, CHIARA = "U0ANNAKELLER", "U0BENOSEI", "U0CHIARAROSSI"
SHIPPED = 2


def set_approvers(data: Path, *user_ids: str, **people: Any) -> None:
    configure(data, "approvers", {"user_ids": list(user_ids), **people})


def set_rule(data: Path, action: str = "refund_order", **rule: Any) -> None:
    """Set what goes for an action, and the amounts that go for all; above "0" is always."""
    if rule.get("approval_above") == "0":
        rule["always_approve"] = bool(rule.pop("approval_above"))
    for name in ("approval_above", "limit"):
        if name in rule:
            configure(data, name, rule.pop(name))
    configure(data, f"rules.{action}", rule)


async def shipped(running: Running) -> int:
    return await running.workspace.order_in_status(SHIPPED, payment="captured")


async def open_refund(agent: Agent, order_id: int) -> View:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("Full refund …")
    await agent.press("Full refund")
    return await agent.wait_for_modal("Reason")


async def review_refund(agent: Agent, order_id: int) -> View:
    await open_refund(agent, order_id)
    answer = await agent.fill({"reason": "Damaged"})
    assert answer["errors"] is None, answer
    return await agent.wait_for_modal("Change something")


async def ask_to_refund(agent: Agent, order_id: int) -> str:
    """Confirm a full refund and return its amount."""
    view = await review_refund(agent, order_id)
    await agent.fill()
    return str(view["submit"]["text"]).removeprefix("Ask to refund ")


async def asked_of(agent: Agent, order_id: int) -> dict[str, Any]:
    """Return the message that asks for approval, once it is there."""
    return await agent.wait_for_reply(order_id, "asks for approval")


async def refunds(running: Running, order_id: int) -> list[Any]:
    return list((await running.workspace.book(order_id))["refunds"])
