"""Slack refreshes its connections every few hours: nobody may notice."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.support.agent import Agent, wait_for
from tests.support.running import Running

ROUNDS = 3
AT_ONCE = 4
HANDSHAKE_S = 0.15  # long enough to type a command in


async def deliveries(running: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await running.workspace.get("deliveries"))["deliveries"]
    return [delivery for delivery in found if delivery["type"] == "slash_commands"]


async def newest_connection(running: Running) -> int:
    numbers: list[int] = [n for entry in await deliveries(running) for n in entry["connections"]]
    return max(numbers)


async def flood(agent: Agent) -> list[bool]:
    answers = await asyncio.gather(*(agent.command("/makegood help") for _ in range(AT_ONCE)))
    return [bool(answer["ok"]) for answer in answers]


async def test_a_refreshed_connection_leaves_no_gap(running: Running, anna: Agent) -> None:
    """The client closes its old socket first; meanwhile the other connection carries on."""
    workspace = running.workspace
    assert all(await flood(anna))
    for _ in range(ROUNDS):
        before = await newest_connection(running)
        asked = await workspace.post(
            "faults", kind="disconnect", connections=1, handshake_s=HANDSHAKE_S
        )
        assert asked["connections"] == 1

        async def has_come_back(before: int = before) -> bool | None:
            assert all(await flood(anna))
            return True if await newest_connection(running) > before else None

        await wait_for(has_come_back, "a new connection")

    entries = await deliveries(running)
    assert all(entry["error"] is None and len(entry["answers"]) == 1 for entry in entries)


async def test_connections_that_are_refreshed_together_come_back_in_turns(
    running: Running, anna: Agent
) -> None:
    workspace = running.workspace
    assert all(await flood(anna))
    for _ in range(ROUNDS):
        before = await newest_connection(running)
        asked = await workspace.post("faults", kind="disconnect", handshake_s=HANDSHAKE_S)
        assert asked["connections"] == 2

        async def have_come_back(before: int = before) -> bool | None:
            assert all(await flood(anna))
            return True if await newest_connection(running) > before + 1 else None

        await wait_for(have_come_back, "two new connections")
