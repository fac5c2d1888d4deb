"""When the faults are over: waiting until the bot has come to rest, with the people's help."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from storage.outbox.outbox import Outbox
from storage.outbox.posts import ROOT
from tests.chaos.approvers import Approvers
from tests.chaos.people import Worker
from tests.chaos.trace import Trace
from tests.chaos.truth import DATABASE, EVERYTHING, Truth, read_messages
from tests.support.agent import Agent

PATIENCE_S = 150.0
PRESSES = 3  # nobody presses a button for ever
QUIET_S = 3.0
ROOTS_FOLLOW_S = 25.0  # one that lags is drawn anew after ten seconds


async def calm_down(
    workers: dict[str, Worker], approvers: Approvers, data: Path, trace: Trace
) -> None:
    """Return when nothing moves any more, or patience is over; people press buttons meanwhile."""
    until = time.monotonic() + PATIENCE_S
    presses: dict[str, int] = {}
    worker = next(iter(workers.values()))
    agents = [each.agent for each in workers.values()]
    while time.monotonic() < until:
        is_deciding = await approvers.look_round()
        if await _press_check_again(worker, agents, presses) or is_deciding:
            await asyncio.sleep(1.0)
        elif _is_at_rest(data):
            await _roots_follow(data)
            trace.write("calm")
            return
        else:
            await asyncio.sleep(0.3)
    open_ones = [entry.reference for entry in open_entries(data)]
    trace.write("patience is over", open=open_ones, notices=_open_notices(data))


async def refresh_roots(agent: Agent, truth: Truth) -> dict[int, dict[str, Any]]:
    """Press Refresh on every order's root message and return what it then says."""
    fresh = {}
    for order_id in {r.entry.order_id for r in truth.requests if r.entry and r.entry.order_id}:
        for root in truth.roots_of(order_id):
            await agent.press_in_message(root, "Refresh")
            fresh[order_id] = root
    await asyncio.sleep(QUIET_S)
    messages = {m["ts"]: m for m in await read_messages(agent, [agent])}
    return {order_id: messages[root["ts"]] for order_id, root in fresh.items()}


async def _press_check_again(worker: Worker, agents: list[Agent], presses: dict[str, int]) -> bool:
    pressed = False
    for message in await read_messages(worker.agent, agents):
        if "check_again" in str(message.get("blocks")) and presses.get(message["ts"], 0) < PRESSES:
            presses[message["ts"]] = presses.get(message["ts"], 0) + 1
            await worker.check_again(message)
            pressed = True
    return pressed


def _is_at_rest(data: Path) -> bool:
    return not open_entries(data) and not _open_notices(data)


async def _roots_follow(data: Path) -> None:
    """Wait until no root message is to be drawn anew, for as long as that takes at most.

    One that another app has changed since its refund is drawn anew for minutes; it is current.
    """
    until = time.monotonic() + ROOTS_FOLLOW_S
    while time.monotonic() < until:
        if not _awaited_roots(data):
            break
        await asyncio.sleep(0.3)
    await asyncio.sleep(QUIET_S)


def _awaited_roots(data: Path) -> list[int]:
    db = open_database(data / DATABASE)
    try:
        due = Outbox(db).due(datetime.now(UTC) + timedelta(hours=1))
        return [post.order_id or 0 for post in due if post.kind == ROOT]
    finally:
        db.close()


def _open_notices(data: Path) -> list[str]:
    """Return the requests whose approval, or what became of it, is not in its thread yet."""
    db = open_database(data / DATABASE)
    try:
        due = Outbox(db).due(datetime.now(UTC) + timedelta(hours=1))
        return [post.key for post in due if post.kind != ROOT]
    finally:
        db.close()


def open_entries(data: Path) -> list[Entry]:
    """Return what is under way, or not told yet; what waits for a second person is neither."""
    db = open_database(data / DATABASE)
    try:
        entries = ActionLog(db).recent(EVERYTHING)
    finally:
        db.close()
    return [
        entry
        for entry in entries
        if not entry.is_waiting
        and (entry.is_under_way or not entry.is_told or entry.status == "pending")
    ]
