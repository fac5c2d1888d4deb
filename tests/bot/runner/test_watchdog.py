"""What the log says is under way is in the queue, or gets there again, without a restart."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.data_folder.folder import WORKFLOWS_FILE
from tests.bot.runner.world import World, running, until


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def change_queue(world: World, sql: str) -> int:
    with closing(sqlite3.connect(world.data / WORKFLOWS_FILE, timeout=20)) as db, db:
        return db.execute(sql).rowcount


async def test_a_request_whose_workflow_id_is_used_up_is_carried_out(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1")
        await bot.outcome("MG-1")
    # The log is put back, the queue is not: its id MG-1 has ended there.
    for path in world.data.glob("makegood.sqlite*"):
        path.unlink()
    world.ledger.unlink()

    async with running(world) as bot:
        await bot.ask("MG-1")

        assert await bot.outcome("MG-1") == "succeeded"
        assert world.paid() == ["MG-1"]


async def test_a_queued_input_that_cannot_be_read_is_queued_anew(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "hold")
        await until(lambda: world.running == ["1042"])
        await bot.ask("MG-2")
        changed = change_queue(
            world,
            "UPDATE workflow_input SET inputs = 'nonsense' WHERE workflow_uuid LIKE 'MG-2.%'",
        )
        assert changed == 1
        world.switch("go")

        assert await bot.outcome("MG-2") == "succeeded"
        assert world.paid() == ["MG-1", "MG-2"]


async def test_what_the_queue_has_lost_is_queued_anew(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "hold")
        await until(lambda: world.running == ["1042"])
        await bot.ask("MG-2")
        changed = change_queue(
            world,
            "UPDATE workflow_status SET status = 'CANCELLED' WHERE workflow_uuid LIKE 'MG-2.%'",
        )
        assert changed == 1
        world.switch("go")

        assert await bot.outcome("MG-2") == "succeeded"
        assert world.paid() == ["MG-1", "MG-2"]


async def test_what_cannot_begin_does_not_hold_up_its_order(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "hold")
        await until(lambda: world.running == ["1042"])
        await bot.ask("MG-2")
        await bot.ask("MG-3")
        changed = change_queue(
            world, "UPDATE workflow_status SET name = 'gone' WHERE workflow_uuid LIKE 'MG-2.%'"
        )
        assert changed == 1
        world.switch("go")

        assert await bot.outcome("MG-3") == "succeeded"
        assert await bot.outcome("MG-2") == "succeeded"
        assert sorted(world.paid()) == ["MG-1", "MG-2", "MG-3"]
