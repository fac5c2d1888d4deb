from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.actions.action import ActionRequest
from storage.log.entries import Hold
from tests.bot.runner.world import World, running, until


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_a_request_is_carried_out_logged_and_told(world: World) -> None:
    async with running(world) as bot:
        assert await bot.ask("MG-1")

        assert await bot.outcome("MG-1") == "succeeded"

        assert world.paid() == ["MG-1"]
        assert world.told() == ["MG-1 succeeded"]
        assert bot.timeline.shown == ["MG-1"]
        assert bot.events("MG-1") == ["asked", "sent", "outcome", "told"]


async def test_the_same_reference_asked_twice_runs_once(world: World) -> None:
    async with running(world) as bot:
        answers = await asyncio.gather(*(bot.ask("MG-1") for _ in range(5)))

        await bot.outcome("MG-1")

        assert sorted(answers) == [False] * 4 + [True]
        assert world.order_of_runs == ["MG-1"]


async def test_an_action_that_there_is_not_is_never_logged(world: World) -> None:
    async with running(world) as bot:
        with pytest.raises(KeyError):
            await bot.runner.ask("MG-1", "dance", ActionRequest(), team_id="T1", actor_id="U1")

        assert bot.log.find("MG-1") is None


async def test_one_order_is_worked_on_one_at_a_time_in_turn(world: World) -> None:
    references = [f"MG-{number}" for number in reversed(range(6))]  # not in their own order
    async with running(world) as bot:
        for reference in references:
            await bot.ask(reference, "hold")
        # Asked last and done first: by then, all the others have been looked at by the queue.
        await bot.ask("MG-9", order_id=2)
        await bot.outcome("MG-9")
        assert world.running == ["1042"]
        world.switch("go")

        for reference in references:
            await bot.outcome(reference)

    assert world.most_at_once[1042] == 1
    assert [run for run in world.order_of_runs if run != "MG-9"] == references


async def test_another_order_does_not_wait(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "hold", order_id=1)

        await bot.ask("MG-2", order_id=2)
        await bot.ask("MG-3", order_id=None)

        assert await bot.outcome("MG-2") == "succeeded"
        assert await bot.outcome("MG-3") == "succeeded"
        assert bot.log.get("MG-1").status is None
        world.switch("go")
        assert await bot.outcome("MG-1") == "succeeded"


async def test_a_pending_payment_is_followed_until_it_settles(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "slow")
        assert await bot.outcome("MG-1") == "pending"
        assert bot.log.get("MG-1").next_check_at is not None
        await until(lambda: bot.log.get("MG-1").round >= 3)

        world.switch("settled")

        await until(lambda: bot.log.get("MG-1").told_status == "succeeded")
        assert world.told() == ["MG-1 pending", "MG-1 succeeded"]
        assert world.paid() == ["MG-1"]
        assert world.accepted[:3] == [False, True, True]
        assert bot.log.get("MG-1").next_check_at is None


async def test_check_again_looks_once_more_at_an_unknown_outcome(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "lost")
        assert await bot.outcome("MG-1") == "unknown"
        world.switch("settled")

        assert await bot.runner.check_again("MG-1", actor_id="U2")

        assert await bot.outcome("MG-1") == "succeeded"
        assert world.paid() == ["MG-1"]
        assert world.told() == ["MG-1 unknown", "MG-1 succeeded"]
        again = [event for event in bot.log.events("MG-1") if event.event == "checked_again"]
        assert [event.detail["actor_id"] for event in again] == ["U2"]


async def test_an_unknown_outcome_is_left_alone_until_somebody_asks(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "lost")
        await bot.outcome("MG-1")
        await bot.ask("MG-2", "slow", order_id=2)
        await until(lambda: bot.log.get("MG-2").round >= 3)

        assert bot.log.get("MG-1").round == 1


async def test_check_again_is_refused_when_there_is_nothing_to_check(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1")
        await bot.outcome("MG-1")

        assert not await bot.runner.check_again("MG-1", actor_id="U2")
        assert not await bot.runner.check_again("MG-0", actor_id="U2")


async def test_two_people_checking_at_once_look_once(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "lost")
        await bot.outcome("MG-1")

        answers = [await bot.runner.check_again("MG-1", actor_id=actor) for actor in ("U2", "U3")]

        assert answers == [True, False]
        await bot.outcome("MG-1")
        assert bot.log.get("MG-1").round == 2
        assert world.told() == ["MG-1 unknown"]


@pytest.mark.parametrize(
    ("script", "status", "words", "next_step"),
    [
        ("break", "failed", "stopped by an error in Makegood", "Nothing was sent. "),
        ("break_after", "unknown", "needs checking", "It may have gone through."),
    ],
)
async def test_an_action_that_breaks_is_told_by_whether_it_was_sent(
    world: World,
    caplog: pytest.LogCaptureFixture,
    script: str,
    status: str,
    words: str,
    next_step: str,
) -> None:
    async with running(world) as bot:
        with caplog.at_level(logging.ERROR):
            await bot.ask("MG-1", script)
            assert await bot.outcome("MG-1") == status

        outcome = bot.log.get("MG-1").outcome
        assert outcome is not None
        assert outcome["message"].endswith(f"{words} · order 1042")
        assert next_step in outcome["next_step"]
        assert "MG-1" in outcome["next_step"]
        [record] = [record for record in caplog.records if record.message == "action broke"]
        assert record.__dict__["reference"] == "MG-1"


async def test_a_later_look_that_breaks_changes_nothing(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "break_later")

        await until(lambda: bot.log.get("MG-1").finished_round >= 3)

        entry = bot.log.get("MG-1")
        assert entry.status == "pending"
        assert world.told() == ["MG-1 pending"]


async def test_a_request_that_no_longer_fits_its_action_is_failed(world: World) -> None:
    async with running(world) as bot:
        bot.log.ask(
            "MG-1",
            action="pay",
            order_id=1042,
            team_id="T1",
            actor_id="U1",
            request={"order_id": 1042, "from_an_older_release": True},
        )

        assert await bot.outcome("MG-1") == "failed"

        outcome = bot.log.get("MG-1").outcome
        assert outcome is not None
        assert outcome["next_step"].startswith("Makegood can't read the request any more.")
        assert world.told() == ["MG-1 failed"]


async def test_a_held_request_that_no_longer_fits_ends_when_it_is_approved(world: World) -> None:
    async with running(world) as bot:
        bot.log.ask(
            "MG-1",
            action="pay",
            order_id=1042,
            team_id="T1",
            actor_id="U1",
            request={"order_id": 1042, "from_an_older_release": True},
            hold=Hold(datetime.now(UTC) + timedelta(hours=1), {}),
        )

        assert await bot.runner.approving.approve("MG-1", actor_id="U2")

        assert await bot.outcome("MG-1") == "failed"
        assert world.told() == ["MG-1 failed"]
        assert world.paid() == []


async def test_a_sent_request_that_no_longer_fits_is_unknown(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "lost")
        assert await bot.outcome("MG-1") == "unknown"
        bot.db.execute("DROP TRIGGER action_log_asked_stays")
        bot.db.execute(
            "UPDATE action_log SET request = '{\"odd\": ', status = NULL, outcome = NULL"
        )
        assert bot.log.begin_round("MG-1") is None
        bot.db.execute("UPDATE action_log SET round = 2, told_status = NULL")

        await until(lambda: bot.log.get("MG-1").status == "unknown")

        outcome = bot.log.get("MG-1").outcome
        assert outcome is not None
        assert outcome["message"] == "Payment needs checking · order 1042"
        assert "It may have gone through." in outcome["next_step"]
