"""What waits for a second person: that nobody can decide is said at once, and it is reminded of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import Agent, wait_for, words
from tests.support.approving import (
    ANNA,
    BEN,
    CHIARA,
    ask_to_refund,
    asked_of,
    refunds,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.configuring import edit
from tests.support.running import Running, SandboxOnly, configure, running_bot

DEV, LOG = "U0DEVPATEL", "C0ORDERLOG"
OFTEN = {"PEOPLE_EVERY": "0.2"}
NOBODY = "Nobody can approve this now"


@pytest.fixture(autouse=True)
def _ask_always(tmp_path: Path) -> None:
    configure(tmp_path, "activated", True)
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="0")


@contextmanager
def clock_at(at: datetime) -> Iterator[None]:
    with freeze_time(at, tick=True, real_asyncio=True):
        yield


async def in_channel(agent: Agent, *texts: str) -> dict[str, Any]:
    """Return what the channel itself shows: also a reply that is shown there as well."""
    return await agent.wait_for_message(*texts, channel=LOG)


async def replies(agent: Agent, order_id: int, text: str) -> list[str]:
    return [words(reply) for reply in await agent.thread(order_id) if text in words(reply)]


@pytest.mark.parametrize(
    ("approver", "why"),
    [
        ({"member": False}, f"<@{BEN}> is not in the channel"),
        ({"is_restricted": True}, f"<@{BEN}> is a guest"),
        ({"deleted": True}, f"<@{BEN}> is deactivated"),
    ],
)
async def test_who_asks_for_what_nobody_can_decide_hears_it_at_once(
    running: Running, anna: Agent, approver: dict[str, Any], why: str
) -> None:
    order_id = await shipped(running)
    if "member" in approver:
        await running.workspace.post("membership", channel=LOG, user=BEN, **approver)
    else:
        await running.workspace.post("person", user=BEN, **approver)

    await ask_to_refund(anna, order_id)

    await anna.wait_for_modal(NOBODY)
    asked = await asked_of(anna, order_id)
    assert f"*<@{ANNA}> asks for approval: full refund of" in words(asked)
    assert f"*{NOBODY}.* {why}. An admin sets approvers in the Home tab" in words(asked)
    assert await refunds(running, order_id) == []


async def test_the_last_approver_cannot_decide_what_they_ask_for(
    running: Running, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    await running.workspace.post("person", user=CHIARA, deleted=True)
    order_id = await shipped(running)

    await ask_to_refund(ben, order_id)

    asked = await asked_of(ben, order_id)
    assert f"*{NOBODY}.* <@{BEN}> asked for it; <@{CHIARA}> is deactivated." in words(asked)


async def test_only_those_are_called_who_can_decide(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA, DEV)
    await running.workspace.post("person", user=BEN, deleted=True)
    order_id = await shipped(running)

    await ask_to_refund(anna, order_id)

    asked = await asked_of(anna, order_id)
    assert f"<@{CHIARA}>: please decide by" in words(asked)
    assert BEN not in words(asked)
    assert DEV not in words(asked)


async def test_when_the_last_approver_leaves_who_asked_hears_it(
    running: Running, anna: Agent
) -> None:
    order_id = await shipped(running)
    amount = await ask_to_refund(anna, order_id)
    asked = await asked_of(anna, order_id)
    assert f"<@{BEN}>: please decide by" in words(asked)

    await running.workspace.post("membership", channel=LOG, user=BEN, member=False)

    told = await in_channel(anna, NOBODY)
    assert f"{NOBODY}: full refund of {amount} for order {order_id}" in words(told)
    assert f"asked by <@{ANNA}>" in words(told)
    assert f"<@{BEN}> is not in the channel." in words(told)
    redrawn = await anna.wait_for_reply(order_id, "asks for approval", NOBODY)
    assert redrawn["ts"] == asked["ts"]
    assert running.entries(order_id)[0].is_waiting


async def test_when_the_last_approver_is_deactivated_who_asked_hears_it(
    running: Running, anna: Agent
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await asked_of(anna, order_id)

    await running.workspace.post("person", user=BEN, deleted=True)

    told = await in_channel(anna, NOBODY)
    assert f"<@{BEN}> is deactivated." in words(told)


async def test_when_an_admin_takes_the_approvers_away_who_asked_hears_it(
    running: Running, anna: Agent, chiara: Agent
) -> None:
    order_id = await shipped(running)
    amount = await ask_to_refund(anna, order_id)
    await asked_of(anna, order_id)

    await edit(chiara, "approvals")
    await chiara.fill({"who": "nobody"})

    told = await in_channel(anna, NOBODY)
    assert f"{NOBODY}: full refund of {amount} for order {order_id}" in words(told)
    assert "There is nobody else who may approve. An admin sets approvers" in words(told)


async def test_a_shared_channel_is_told_as_that_alone(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    asked = await asked_of(ben, order_id)
    await running.workspace.post("channel", channel=LOG, connected=["T0ELSEWHERE"])
    await in_channel(anna, "is shared with another organisation")
    await ben.press_in_message(asked, "Approve")
    await ben.wait_for_message("is shared with another organisation", channel=LOG)

    await running.workspace.post("channel", channel=LOG, connected=[])
    await in_channel(anna, "is the team's alone again")

    assert await refunds(running, order_id) == []
    assert await replies(anna, order_id, NOBODY) == []
    await ben.press_in_message(asked, "Approve")
    await anna.wait_for_reply(order_id, "(Done")
    assert len(await refunds(running, order_id)) == 1


async def test_who_can_decide_again_is_asked(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await running.workspace.post("membership", channel=LOG, user=BEN, member=False)
    amount = await ask_to_refund(anna, order_id)
    await anna.wait_for_reply(order_id, "asks for approval", NOBODY)

    await running.workspace.post("membership", channel=LOG, user=BEN)

    told = await in_channel(anna, "waits for approval", f"<@{BEN}>: please decide.")
    assert f"ull refund of {amount} for order {order_id}" in words(told)
    asked = await anna.wait_for_reply(order_id, "asks for approval", f"<@{BEN}>: please decide by")
    await ben.press_in_message(asked, "Approve")
    await anna.wait_for_reply(order_id, "(Done")
    assert len(await refunds(running, order_id)) == 1


async def test_approvers_are_reminded_at_half_time_and_an_hour_before_the_end_once_each(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    start = datetime.now(UTC)
    running = Running(sandbox_only.sandbox, sandbox_only.session, tmp_path)
    anna, reminder = await running.agent("Anna"), "Still waiting for approval"
    async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
        order_id = await shipped(running)
        amount = await ask_to_refund(anna, order_id)
        await asked_of(anna, order_id)
    with clock_at(start + timedelta(hours=12, minutes=1)):
        async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
            told = await in_channel(anna, reminder)
    assert f"full refund of {amount} for order {order_id}" in words(told)
    assert f"asked by <@{ANNA}>. <@{BEN}>: please decide. It expires" in words(told)
    for hours in (12.2, 14, 22.9):
        with clock_at(start + timedelta(hours=hours)):
            async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
                await _looked(running, sandbox_only)
    assert len(await replies(anna, order_id, reminder)) == 1
    for minutes in (1, 20):
        with clock_at(start + timedelta(hours=23, minutes=minutes)):
            async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
                await _replied(anna, order_id, reminder, 2)
                await _looked(running, sandbox_only)
    assert len(await replies(anna, order_id, reminder)) == 2
    running.close()


async def test_a_bot_that_was_away_reminds_once(sandbox_only: SandboxOnly, tmp_path: Path) -> None:
    start = datetime.now(UTC)
    running = Running(sandbox_only.sandbox, sandbox_only.session, tmp_path)
    anna = await running.agent("Anna")
    async with running_bot(sandbox_only.sandbox, tmp_path):
        order_id = await shipped(running)
        await ask_to_refund(anna, order_id)
        await asked_of(anna, order_id)

    with clock_at(start + timedelta(hours=23, minutes=30)):
        async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
            await _replied(anna, order_id, "Still waiting for approval", 1)
            await _looked(running, sandbox_only)

    assert len(await replies(anna, order_id, "Still waiting for approval")) == 1
    running.close()


async def test_what_was_decided_is_not_reminded_of(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    start = datetime.now(UTC)
    running = Running(sandbox_only.sandbox, sandbox_only.session, tmp_path)
    anna, ben = await running.agent("Anna"), await running.agent("Ben")
    async with running_bot(sandbox_only.sandbox, tmp_path):
        order_id = await shipped(running)
        await ask_to_refund(anna, order_id)
        await ben.press_in_message(await asked_of(ben, order_id), "Approve")
        await anna.wait_for_reply(order_id, "(Done")

    with clock_at(start + timedelta(hours=13)):
        async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
            await _looked(running, sandbox_only)

    assert await replies(anna, order_id, "Still waiting") == []
    running.close()


async def _replied(agent: Agent, order_id: int, text: str, count: int) -> None:
    async def look() -> bool | None:
        return len(await replies(agent, order_id, text)) >= count or None

    await wait_for(look, f"{count} replies with {text}")


async def _looked(running: Running, sandbox: SandboxOnly) -> None:
    """Wait until the bot has looked at people twice more, and all that it had to tell is told."""
    before = await _looks(sandbox)

    async def look() -> bool | None:
        left = running.rows("SELECT key FROM outbox WHERE shown IS NOT wanted")
        return (await _looks(sandbox) >= before + 2 and not left) or None

    await wait_for(look, "two more looks")


async def _looks(sandbox: SandboxOnly) -> int:
    calls = await sandbox.workspace.get("calls", method="conversations.members")
    return len(calls["calls"])
