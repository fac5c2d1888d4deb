"""A request for approval that no channel takes: those who can decide it get it, each directly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.flows.access.test_flow_limits import code_of
from tests.support.agent import Agent, button_labels, wait_for
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
from tests.support.configuring import open_home
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


async def leave(running: Running, user: str, *, back: bool = False) -> None:
    await running.workspace.post("membership", channel="C0ORDERLOG", user=user, member=back)


async def test_who_cannot_decide_any_more_keeps_no_request_and_gets_it_back(
    running: Running, anna: Agent, ben: Agent, chiara: Agent, order_id: int
) -> None:
    await ask_to_refund(anna, order_id)
    await copy_of(running, BEN, ASKS)
    asked = await copy_of(running, CHIARA, ASKS)

    await leave(running, CHIARA)

    closed = await copy_of(running, CHIARA, "You can't decide this request for approval now")
    assert closed["ts"] == asked["ts"]
    assert button_labels(closed) == []
    assert str(order_id) not in str(closed["blocks"])
    await chiara.press_in_message(asked, "Approve")
    assert running.entries(order_id)[0].is_waiting
    await leave(running, CHIARA, back=True)
    again = await copy_of(running, CHIARA, ASKS)
    assert again["ts"] == asked["ts"]
    assert button_labels(again) == button_labels(await copy_of(running, BEN, ASKS))


async def test_a_decision_is_not_shown_to_who_cannot_decide_any_more(
    running: Running, anna: Agent, ben: Agent, order_id: int
) -> None:
    await ask_to_refund(anna, order_id)
    asked = await copy_of(running, BEN, ASKS)
    await copy_of(running, CHIARA, ASKS)
    await leave(running, CHIARA)
    await copy_of(running, CHIARA, "You can't decide this request for approval now")

    await ben.press_in_message(asked, "Approve")

    await copy_of(running, BEN, f"approved by <@{BEN}>")
    (closed,) = await direct(running, CHIARA)
    assert "You can't decide this request for approval now" in closed["text"]
    assert str(order_id) not in str(closed)


async def test_a_copy_that_could_not_be_told_in_time_goes_to_nobody_who_left(
    running: Running, anna: Agent, order_id: int
) -> None:
    await running.workspace.slack_fault(
        method="chat.postMessage", kind="drop_before", channel=CHIARA, times=999
    )
    await ask_to_refund(anna, order_id)
    await copy_of(running, BEN, ASKS)
    (waits,) = running.query("SELECT key FROM outbox WHERE recipient = 'U0CHIARAROSSI'")
    await leave(running, CHIARA)
    await running.workspace.slack_fault(clear=True)
    await refuse(running)
    running.execute("UPDATE outbox SET next_try_at = made_at WHERE key = ?", waits["key"])

    async def looked_at() -> Any:
        sql = "SELECT 1 FROM outbox WHERE recipient = 'U0CHIARAROSSI' AND shown = 'closed'"
        return running.query(sql) or None

    await wait_for(looked_at, "the copy that is for nobody")
    assert await direct(running, CHIARA) == []


async def test_who_can_decide_later_is_asked_where_only_the_requester_could_be_told(
    running: Running, anna: Agent, ben: Agent, order_id: int, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    await leave(running, BEN)
    await ask_to_refund(anna, order_id)
    told = await copy_of(running, ANNA, "Nobody can approve this now", f"order {order_id}")
    assert await direct(running, BEN) == []

    await leave(running, BEN, back=True)

    asked = await copy_of(running, BEN, ASKS, f"<@{BEN}>: please decide by")
    shown = await copy_of(running, ANNA, ASKS, f"<@{BEN}>: please decide by")
    assert shown["ts"] == told["ts"]
    await ben.press_in_message(asked, "Approve")
    decided = await copy_of(running, ANNA, f"approved by <@{BEN}>", "asked by")
    assert decided["ts"] == told["ts"]
    assert button_labels(decided) == []


async def test_nobody_is_told_late_that_nobody_could_decide(
    running: Running, anna: Agent, order_id: int, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    await ask_to_refund(anna, order_id)
    await copy_of(running, BEN, ASKS)
    await leave(running, BEN)

    async def notice() -> Any:
        sql = "SELECT * FROM outbox WHERE key LIKE 'nobody-%' AND place = 'home'"
        return running.query(sql) or None

    await wait_for(notice, "the notice that nobody can decide, on the Home tab")
    await leave(running, BEN, back=True)
    await copy_of(running, BEN, "waits for approval", f"<@{BEN}>: please decide")
    running.execute("UPDATE outbox SET next_try_at = made_at WHERE key LIKE 'nobody-%'")

    async def is_over() -> Any:
        sql = "SELECT 1 FROM outbox WHERE key LIKE 'nobody-%' AND next_try_at IS NULL"
        return running.query(sql) or None

    await wait_for(is_over, "an end of the notice")
    assert not [each for each in await direct(running, BEN) if "Nobody" in each["text"]]


async def test_an_alarm_goes_to_nobody_who_left_and_tells_of_which_hour_it_is(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    configure(tmp_path, "hour_limit", "40.00")
    await code_of(anna, "30")
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_message("(Done", channel=anna.log_channel)
    await refuse(running)
    await running.workspace.slack_fault(
        method="chat.postMessage", kind="drop_before", channel=CHIARA, times=999
    )
    await code_of(anna, "20")

    alarm = await copy_of(running, BEN, "Hourly limit for the team", "comes to each person")
    (tripped,) = running.query("SELECT * FROM outbox WHERE kind = 'brake' AND recipient IS NULL")
    at = datetime.fromisoformat(tripped["made_at"])
    assert f"was given in the 60 minutes before <!date^{int(at.timestamp())}^" in alarm["text"]
    await leave(running, CHIARA)
    await running.workspace.slack_fault(clear=True)
    await refuse(running)
    running.execute("UPDATE outbox SET next_try_at = made_at WHERE recipient = ?", CHIARA)

    async def is_over() -> Any:
        sql = "SELECT 1 FROM outbox WHERE recipient = 'U0CHIARAROSSI' AND next_try_at IS NULL"
        return running.query(sql) or None

    await wait_for(is_over, "an end of the copy that is for nobody")
    assert await direct(running, CHIARA) == []


async def test_that_nobody_can_decide_in_an_archived_channel_is_said_of_the_channel(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="0")
    order_id = await shipped(running)
    await running.workspace.slack_fault(
        method="chat.postMessage", kind="drop_before", channel="C0ORDERLOG", times=999
    )
    await ask_to_refund(anna, order_id)
    await running.workspace.post("channel", channel="C0ORDERLOG", archived=True)
    await running.workspace.slack_fault(clear=True)

    told = await copy_of(running, ANNA, ASKS, "Nobody can approve this now")

    assert "Makegood's audit channel is archived, so nobody can use Makegood" in told["text"]
    assert "nobody else who may approve" not in told["text"]


async def test_what_falls_is_not_told_directly_to_who_may_not_read_of_orders_any_more(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="0")
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await leave(running, ANNA)
    await refuse(running)

    await ben.press_in_message(request, "Decline …")
    await ben.wait_for_modal("Why?")
    await ben.fill({"reason": "It is not damaged"})

    await open_home(ben, "could not be told", f"order {order_id}", "It is not damaged")
    assert await direct(running, ANNA) == []
