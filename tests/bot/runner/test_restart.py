from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from storage.data_folder.folder import WORKFLOWS_FILE
from storage.database import open_database
from storage.log.action_log import ActionLog
from tests.bot.runner.world import QUICK, World, running, until

ROOT = Path(__file__).parents[3]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def kill_mid_action(world: World, script: str, moment: str) -> None:
    """Run the bot as a process of its own and end it without warning when `moment` exists."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bot.runner.world",
        str(world.data),
        script,
        "MG-1",
        cwd=ROOT,
    )
    try:
        await until(lambda: (world.data / moment).exists())
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_killed_after_sending_it_is_settled_and_never_sent_again(world: World) -> None:
    await kill_mid_action(world, "hang", "ledger")

    async with running(world) as bot:
        assert await bot.outcome("MG-1") == "succeeded"

        assert world.paid() == ["MG-1"]
        assert world.told() == ["MG-1 succeeded"]
        assert bot.events("MG-1") == ["asked", "sent", "outcome", "told"]


async def test_killed_before_sending_it_is_sent_by_the_next_process(world: World) -> None:
    await kill_mid_action(world, "hold", "asked")
    world.switch("go")

    async with running(world) as bot:
        assert await bot.outcome("MG-1") == "succeeded"

    assert world.paid() == ["MG-1"]
    assert world.told() == ["MG-1 succeeded"]


async def test_what_runs_too_long_at_the_end_goes_on_at_the_next_start(world: World) -> None:
    async with running(world, drain_s=0) as bot:
        await bot.ask("MG-1", "hold")
        await bot.ask("MG-2", "hold")
        await until(lambda: world.running == ["1042"])
    assert world.running == []
    world.switch("go")

    async with running(world) as bot:
        assert await bot.outcome("MG-1") == "succeeded"
        assert await bot.outcome("MG-2") == "succeeded"

    assert world.paid() == ["MG-1", "MG-2"]


async def test_what_runs_at_the_end_may_finish(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "hold")
        await until(lambda: world.running == ["1042"])
        world.switch("go")

    assert world.told() == ["MG-1 succeeded"]


async def test_a_request_logged_but_not_queued_is_taken_up(world: World) -> None:
    db = open_database(world.data / "makegood.sqlite")
    ActionLog(db).ask(
        "MG-1",
        action="pay",
        order_id=1042,
        team_id="T1",
        actor_id="U1",
        request={"order_id": 1042},
    )
    db.close()

    async with running(world) as bot:
        assert await bot.outcome("MG-1") == "succeeded"


async def test_losing_the_queue_file_loses_no_request(world: World) -> None:
    async with running(world, drain_s=0) as bot:
        await bot.ask("MG-1", "hold")
        await until(lambda: world.running == ["1042"])
    for path in world.data.glob(f"{WORKFLOWS_FILE}*"):
        path.unlink()
    world.switch("go")

    async with running(world, QUICK) as bot:
        assert await bot.outcome("MG-1") == "succeeded"

    assert world.paid() == ["MG-1"]
