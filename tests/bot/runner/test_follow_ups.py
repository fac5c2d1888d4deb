"""What follows from a request is asked for once, after it has succeeded, whatever breaks."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry, LoggedFollowUp
from tests.bot.runner.world import Bot, World, running, until

ROOT = Path(__file__).parents[3]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def followers(bot: Bot) -> list[Entry]:
    return [entry for entry in bot.log.recent() if entry.follows == "MG-1"]


async def follower(bot: Bot) -> Entry:
    """Return what follows from MG-1 once it has been told."""
    await until(lambda: any(entry.is_told for entry in followers(bot)))
    [entry] = followers(bot)
    return entry


async def kill(world: World, script: str, then: str, moment: Callable[[], bool]) -> None:
    """Run the bot as a process of its own and end it without warning at that moment."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bot.runner.world",
        str(world.data),
        script,
        "MG-1",
        then,
        cwd=ROOT,
    )
    try:
        await until(moment)
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_a_success_is_followed_up_under_a_reference_of_its_own(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", then="ok")
        next_one = await follower(bot)

        assert next_one.status == "succeeded"
        assert (next_one.order_id, next_one.team_id, next_one.actor_id) == (1042, "T1", "U1")
        assert world.paid() == ["MG-1", next_one.reference]
        assert world.told() == ["MG-1 succeeded", f"{next_one.reference} succeeded"]


@pytest.mark.parametrize("script", ["lost", "break"])
async def test_nothing_follows_from_what_did_not_succeed(world: World, script: str) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", script, then="ok")
        await bot.outcome("MG-1")

        assert followers(bot) == []


async def test_what_is_on_its_way_is_followed_up_when_it_has_arrived(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "slow", then="ok")
        assert await bot.outcome("MG-1") == "pending"
        assert followers(bot) == []

        world.switch("settled")

        assert (await follower(bot)).status == "succeeded"


async def test_a_follow_up_waits_behind_what_was_asked_on_the_order_before(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "hold", then="ok")
        await bot.ask("MG-2")
        world.switch("go")
        next_one = await follower(bot)

        assert bot.world.most_at_once[1042] == 1
        assert world.paid() == ["MG-1", "MG-2", next_one.reference]


async def test_logged_with_the_outcome_it_is_taken_up_by_the_next_process(world: World) -> None:
    db = open_database(world.data / "makegood.sqlite")
    log = ActionLog(db)
    asked = {"order_id": 1042}
    log.ask("MG-1", action="pay", order_id=1042, team_id="T1", actor_id="U1", request=asked)
    outcome = {"status": "succeeded", "message": "Paid."}
    log.finish(
        "MG-1", status="succeeded", outcome=outcome, follow_up=LoggedFollowUp("MG-2", "pay", asked)
    )
    db.close()  # as if killed here

    async with running(world) as bot:
        assert (await follower(bot)).reference == "MG-2"

    assert world.paid() == ["MG-2"]


async def test_killed_after_the_follow_up_was_sent_it_is_not_sent_again(world: World) -> None:
    await kill(world, "ok", "hang", lambda: len(world.paid()) == 2)

    async with running(world) as bot:
        next_one = await follower(bot)

        assert next_one.status == "succeeded"
        assert world.paid() == ["MG-1", next_one.reference]


async def test_killed_twice_each_is_sent_once(world: World) -> None:
    await kill(world, "hang", "hang", lambda: len(world.paid()) == 1)
    await kill(world, "hang", "hang", lambda: len(world.paid()) == 2)

    async with running(world) as bot:
        next_one = await follower(bot)

        assert world.paid() == ["MG-1", next_one.reference]
        assert sorted(world.told()) == sorted(["MG-1 succeeded", f"{next_one.reference} succeeded"])
