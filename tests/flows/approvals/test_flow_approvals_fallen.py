"""A request for approval that no channel takes: those who can decide it get it, each directly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import Agent, button_labels, wait_for
from tests.support.approving import (
    ANNA,
    BEN,
    CHIARA,
    ask_to_refund,
    refunds,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.running import Running, SandboxOnly, configure, running_bot

ASKS = "asks for approval"


@pytest.fixture
async def order_id(running: Running, tmp_path: Path) -> int:
    """An order whose refund Ben or Chiara must approve, while the channel takes no message."""
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="0")
    await refuse(running)
    return await shipped(running)


async def refuse(running: Running) -> None:
    await running.workspace.slack_fault(
        method="chat.postMessage",
        kind="error",
        error="restricted_action_read_only_channel",
        channel="C0ORDERLOG",
        times=999,
    )


async def direct(running: Running, user: str) -> list[dict[str, Any]]:
    """Return what the app wrote to a person."""
    channels = (await running.workspace.get("books"))["channels"]
    return [
        {**message, "channel": each["id"]}
        for each in channels
        if each["user"] == user
        for message in each["messages"]
    ]


async def copy_of(running: Running, user: str, *said: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        found = await direct(running, user)
        return next((each for each in found if all(part in each["text"] for part in said)), None)

    return await wait_for(look, f"a message to {user} with {said}")


async def test_each_who_can_decide_is_asked_and_one_decides_for_all(
    running: Running, anna: Agent, ben: Agent, order_id: int
) -> None:
    await ask_to_refund(anna, order_id)

    asked = await copy_of(running, BEN, ASKS, f"order {order_id}", "comes to each person directly")
    others = await copy_of(running, CHIARA, ASKS, f"order {order_id}")
    assert button_labels(asked) == button_labels(others)
    assert [label.split()[0] for label in button_labels(asked)] == ["Approve", "Decline"]
    assert not [each for each in await direct(running, ANNA) if ASKS in each["text"]]
    await ben.press_in_message(asked, "Approve")

    for user in (BEN, CHIARA):
        shown = await copy_of(running, user, f"approved by <@{BEN}>")
        assert button_labels(shown) == []
        assert len([each for each in await direct(running, user) if "pproved" in each["text"]]) == 1

    async def made() -> Any:
        return await refunds(running, order_id) or None

    assert len(await wait_for(made, "the refund")) == 1


async def test_a_channel_that_is_back_is_asked_as_well_and_all_show_the_decision(
    running: Running, anna: Agent, ben: Agent, order_id: int
) -> None:
    await ask_to_refund(anna, order_id)
    await copy_of(running, CHIARA, ASKS)
    await running.workspace.slack_fault(clear=True)
    running.execute("UPDATE outbox SET next_try_at = made_at WHERE why IS NOT NULL")

    request = await anna.wait_for_reply(order_id, ASKS)
    await ben.press_in_message(request, "Approve")

    await anna.wait_for_reply(order_id, f"approved by <@{BEN}>", "asked by")
    for user in (BEN, CHIARA):
        assert button_labels(await copy_of(running, user, f"approved by <@{BEN}>")) == []
    await anna.wait_for_reply(order_id, "(Done")
    assert len(await refunds(running, order_id)) == 1
    asked = [each for each in await anna.thread(order_id) if "asked by" in each["text"]]
    assert len(asked) == 1


async def test_the_reminder_comes_to_those_who_can_decide_too(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    sandbox = sandbox_only.sandbox
    running = Running(sandbox, sandbox_only.session, tmp_path)
    anna = await running.agent("Anna")
    configure(tmp_path, "activated", True)
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="0")
    await refuse(running)
    async with running_bot(sandbox, tmp_path):
        order_id = await shipped(running)
        await ask_to_refund(anna, order_id)
        await copy_of(running, BEN, ASKS)
    with freeze_time(datetime.now(UTC) + timedelta(hours=13), tick=True, real_asyncio=True):
        async with running_bot(sandbox, tmp_path, PEOPLE_EVERY="0.2"):
            for user in (BEN, CHIARA):
                await copy_of(running, user, "Still waiting for approval", f"order {order_id}")
    reminders = [each for each in await direct(running, BEN) if "Still waiting" in each["text"]]
    assert len(reminders) == 1
    running.close()


async def test_the_second_of_two_decisions_is_told_of_the_first(
    running: Running, anna: Agent, ben: Agent, chiara: Agent, order_id: int
) -> None:
    await ask_to_refund(anna, order_id)
    first, second = await copy_of(running, BEN, ASKS), await copy_of(running, CHIARA, ASKS)
    # Chiara still sees the buttons.
    await running.workspace.slack_fault(
        method="chat.update", kind="error", error="no_permission", user=CHIARA, times=999
    )

    await ben.press_in_message(first, "Approve")
    await copy_of(running, BEN, f"approved by <@{BEN}>")
    await chiara.press_in_message(second, "Approve")

    async def made() -> Any:
        return await refunds(running, order_id) or None

    await wait_for(made, "the refund")
    assert running.entries(order_id)[0].decided_by == BEN
    assert len(await refunds(running, order_id)) == 1
