"""What the Home tab says while nobody can act, whatever is set: it is true, and sends nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import words
from tests.support.configuring import open_configuration, open_home
from tests.support.running import Running, SandboxOnly, running_bot

KEPT = timedelta(minutes=2)  # longer than what Slack said is kept
LOG, BOT = "C0ORDERLOG", "U0MAKEGOOD"
ADMIN_CAN = "An admin can choose another audit channel in the Home tab of Makegood."
SHARED = "is shared with another organisation, so nobody can use Makegood until that ends."
STATES = [
    ("channel", {"connected": ["T0ELSEWHERE"]}, f"Makegood's audit channel {SHARED} {ADMIN_CAN}"),
    (
        "channel",
        {"archived": True},
        "Makegood's audit channel is archived, so nobody can use Makegood until it is opened "
        f"again. {ADMIN_CAN}",
    ),
]


@pytest.mark.parametrize(("control", "state", "said"), STATES)
async def test_activated_is_not_said_alone_where_nobody_can_act(
    sandbox_only: SandboxOnly, tmp_path: Path, control: str, state: dict[str, Any], said: str
) -> None:
    await sandbox_only.workspace.post(control, channel=LOG, **state)
    async with running_bot(sandbox_only.sandbox, tmp_path):
        anna, chiara = await sandbox_only.agent("Anna"), await sandbox_only.agent("Chiara")

        page = words(await open_configuration(chiara))

        assert f"*Actions are activated, but nobody can use them.* {said}" in page
        assert words((await open_home(anna))["blocks"][1]) == said


async def test_a_channel_that_does_not_show_itself_lets_nobody_act(running: Running) -> None:
    chiara = await running.agent("Chiara")
    await running.workspace.slack_fault(
        method="conversations.info", kind="error", error="internal_error", times=9
    )

    page = words(await open_configuration(chiara))

    assert (
        "*Actions are activated, but nobody can use them.* Slack does not show Makegood its audit "
        "channel, so nobody can use Makegood until it does." in page
    )


async def test_a_channel_that_makegood_left_lets_nobody_act(running: Running) -> None:
    chiara = await running.agent("Chiara")
    await running.workspace.post("membership", channel=LOG, user=BOT, member=False)

    page = words(await open_configuration(chiara))

    assert "*Actions are activated, but nobody can use them.*" in page


async def test_whom_home_refuses_is_told_why_and_nothing_of_sending(running: Running) -> None:
    anna = await running.agent("Anna")
    await running.workspace.post("person", user=anna.user, is_restricted=True)

    assert words((await open_home(anna))["blocks"][1]) == (
        "You are a guest in this Slack workspace, and guests may not use Makegood. Ask a team "
        "lead; an admin can let guests use it."
    )


async def test_home_says_that_slack_is_silent_and_nothing_of_sending(running: Running) -> None:
    anna = await running.agent("Anna")
    await running.workspace.slack_fault(
        method="conversations.members", kind="error", error="internal_error", times=9
    )

    with freeze_time(datetime.now(UTC) + KEPT, tick=True, real_asyncio=True):
        shown = words((await open_home(anna))["blocks"][1])

    assert shown == (
        "Slack did not say who may use Makegood: its lists of people cannot be read just now. Try "
        "again in a minute."
    )
