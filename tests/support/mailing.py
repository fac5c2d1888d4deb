"""What the tests of the e-mail to the customer share: what is filled in, and what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage.database import read_database
from storage.log.action_log import ActionLog
from tests.support.agent import Agent

PLAIN = 1042  # paid, awaiting fulfillment
BOX = "notify_customer"
TICKED = {"reason": "Damaged", BOX: ["yes"]}
UNTICKED = {"reason": "Damaged"}


async def open_cancel(agent: Agent, order_id: int = PLAIN) -> Any:
    await agent.command(f"/cancel-order {order_id}")
    return await agent.wait_for_modal("Everything that is left is refunded")


async def to_review(agent: Agent, values: dict[str, Any]) -> Any:
    answer = await agent.fill(values)
    assert answer["ok"], answer
    assert not answer.get("errors"), answer
    return await agent.wait_for_modal("Change something")


def events(data: Path, reference: str) -> list[str]:
    db = read_database(data / "makegood.sqlite")
    try:
        return [event.event for event in ActionLog(db).events(reference)]
    finally:
        db.close()
