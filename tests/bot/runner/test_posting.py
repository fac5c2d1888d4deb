from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bot.runner.world import QUICK, World, running, until


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_an_outcome_is_told_at_once(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1")
        await bot.outcome("MG-1")

        assert bot.timeline.calls >= 1


async def test_an_outcome_that_was_never_told_is_told_by_the_next_process(world: World) -> None:
    world.switch("gone")
    async with running(world) as bot:
        await bot.ask("MG-1")
        await until(lambda: bot.log.get("MG-1").status == "succeeded")
    world.switch("gone", on=False)

    async with running(world) as bot:
        assert await bot.outcome("MG-1") == "succeeded"

    assert world.told() == ["MG-1 succeeded"]
    assert world.paid() == ["MG-1"]


async def test_telling_that_fails_does_not_hold_up_the_order(world: World) -> None:
    world.switch("gone")
    async with running(world) as bot:
        await bot.ask("MG-1")
        await bot.ask("MG-2")

        await until(lambda: bot.log.get("MG-2").status == "succeeded")

        assert world.paid() == ["MG-1", "MG-2"]


async def test_what_takes_long_is_said_to_be_under_way(world: World) -> None:
    async with running(world, replace(QUICK, silent_s=0.05)) as bot:
        await bot.ask("MG-1", "hold")

        await until(lambda: world.told() == ["MG-1 under way"])
        world.switch("go")

        assert await bot.outcome("MG-1") == "succeeded"
        assert world.told() == ["MG-1 under way", "MG-1 succeeded"]


async def test_what_is_done_soon_is_told_once(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1")

        assert await bot.outcome("MG-1") == "succeeded"
        assert world.told() == ["MG-1 succeeded"]


async def test_a_payment_that_never_settles_is_handed_to_a_person(world: World) -> None:
    async with running(world, replace(QUICK, follow_s=0.5)) as bot:
        await bot.ask("MG-1", "slow")

        await until(lambda: bot.log.get("MG-1").told_status == "unknown")

        entry = bot.log.get("MG-1")
        assert entry.outcome is not None
        assert entry.next_check_at is None
        assert "has not been confirmed for days" in entry.outcome["message"]
        assert world.told() == ["MG-1 pending", "MG-1 unknown"]
