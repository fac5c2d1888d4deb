"""Filling in the form of a partial refund, as the flow tests of it do."""

from __future__ import annotations

from typing import Any

from tests.support.agent import Agent, View
from tests.support.running import Running

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


def hint(view: View, field: str) -> str:
    block = next(b for b in view["blocks"] if b.get("block_id", "").split("~")[0] == field)
    return str(block["hint"]["text"])


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
