"""`check` says in plain words who may use the bot, who may not, and who can approve."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.check.finding import Finding
from bot.check.slack import check_slack
from bot.config.installation import defaults
from tests.bot.sandbox_world import Control, sandbox_world

ANNA, BEN, DEV, LOG = "U0ANNAKELLER", "U0BENOSEI", "U0DEVPATEL", "C0ORDERLOG"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Control]:
    async with sandbox_world(tmp_path) as control:
        yield control


async def findings(world: Control, **configured: Any) -> list[str]:
    settings = world.settings()
    configuration = defaults(settings).model_validate(
        {**defaults(settings).model_dump(mode="json"), **configured}
    )
    found: list[Finding] = [each async for each in check_slack(settings, configuration)]
    return [str(each) for each in found]


async def test_who_may_use_it_is_named(world: Control) -> None:
    found = await findings(world)

    assert (
        "PASS  3 members of the audit channel may use Makegood: Anna Keller, Ben Osei, Chiara"
        " Rossi." in found
    )
    assert not [each for each in found if "pprove" in each]


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"is_restricted": True}, "is a guest"),
        ({"deleted": True}, "is deactivated"),
        ({"home": "T0ELSEWHERE"}, "belongs to another organisation"),
    ],
)
async def test_who_may_not_is_named_with_the_reason(
    world: Control, state: dict[str, Any], why: str
) -> None:
    await world.post("person", {"user": ANNA, **state})

    found = await findings(world)

    assert f"PASS  Anna Keller {why}, so may do nothing with Makegood." in found
    assert "PASS  2 members of the audit channel may use Makegood: Ben Osei, Chiara Rossi." in found


async def test_guests_who_may_act_are_named_with_the_others(world: Control) -> None:
    await world.post("person", {"user": ANNA, "is_restricted": True})

    assert any("3 members of the audit" in each for each in await findings(world, guests=True))


async def test_an_approver_who_cannot_approve_is_to_fix(world: Control) -> None:
    found = await findings(world, approvers={"user_ids": [BEN, DEV]}, approval_above="60.00")

    assert (
        "PASS  Can approve now: Ben Osei. What they ask for themselves, nobody can approve."
        in found
    )
    [wrong] = [each for each in found if each.startswith("FIX")]
    assert wrong.startswith("FIX   Dev Patel is set as approver, but is not in the audit channel")


async def test_that_nobody_can_approve_is_to_fix(world: Control) -> None:
    nobody = await findings(world, approval_above="60.00")
    away = await findings(world, approvers={"user_ids": [DEV]}, approval_above="60.00")

    assert any(each.startswith("FIX   Nobody is set as approver") for each in nobody)
    assert any(each.startswith("FIX   Nobody can approve anything now.") for each in away)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"archived": True}, "FIX   Slack channel #order-log is archived, so nobody can use"),
        ({"connected": ["T0OTHER"]}, "FIX   Slack channel #order-log is shared with another"),
        ({"pending_ext_shared": True}, "FIX   Slack channel #order-log is shared with another"),
    ],
)
async def test_a_channel_that_is_not_the_teams_alone_is_to_fix(
    world: Control, change: dict[str, Any], said: str
) -> None:
    await world.post("channel", {"channel": LOG, **change})

    found = await findings(world)

    assert [each for each in found if each.startswith(said)]
