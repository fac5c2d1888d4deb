"""Requests that wait, while time passes, Slack fails and the bot stops."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.approving import (
    ANNA,
    BEN,
    CHIARA,
    ask_to_refund,
    asked_of,
    refunds,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.running import Running, configure, running_bot, running_sandbox

LOST = 20  # more often than one attempt tries


def waits_for_ben(data: Path) -> None:
    set_approvers(data, BEN, CHIARA)
    set_rule(data, approval_above="0")


@contextmanager
def later(**ahead: float) -> Iterator[None]:
    at = datetime.now(UTC) + timedelta(**ahead)
    with freeze_time(at, tick=True, real_asyncio=True):
        yield


async def requests(agent: Agent, order_id: int) -> list[dict[str, Any]]:
    return [m for m in await agent.thread(order_id) if "Request MG-" in m["text"]]


async def test_what_nobody_decides_ends_with_a_message(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    waits_for_ben(tmp_path)
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)

    with later(hours=25):
        told = await anna.wait_for_reply(order_id, "(Not done", "was not approved in time")
        assert f"<@{ANNA}>: nobody decided before" in words(told)

        async def over() -> dict[str, Any] | None:
            (shown,) = await requests(ben, order_id)
            return None if button_labels(shown) else shown

        assert (
            "nobody decided before" in (await wait_for(over, "a message without buttons"))["text"]
        )
    assert await refunds(running, order_id) == []
    assert running.entries(order_id)[0].decision == "lapsed"
    answer = await ben.press_in_message(request, "Approve")
    assert not answer["ok"]  # the button is gone


@pytest.mark.parametrize("kind", ["drop_before", "error"])
async def test_what_could_not_be_asked_in_time_is_just_said_to_be_over(
    running: Running, anna: Agent, tmp_path: Path, kind: str
) -> None:
    waits_for_ben(tmp_path)
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    fault: dict[str, Any] = {"method": "chat.postMessage", "kind": kind, "times": 100}
    await running.workspace.slack_fault(**fault, **({"error": "x"} if kind == "error" else {}))
    await anna.fill()
    await anna.wait_for_modal("Waits for approval by")

    async def has_failed() -> Any:
        return running.rows("SELECT 1 FROM outbox WHERE tries > 0") or None

    # The time must not pass while a post is on its way: that one would arrive.
    await wait_for(has_failed, "a request that could not be posted")
    with later(hours=25):
        await running.workspace.slack_fault(clear=True)
        await anna.wait_for_reply(order_id, "(Not done", "was not approved in time")

        async def shown() -> Any:
            return running.rows("SELECT 1 FROM outbox WHERE shown = 'lapsed'") or None

        await wait_for(shown, "a notice that is done with")
    assert await requests(anna, order_id) == []


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
async def test_it_is_asked_once_although_slack_does_not_answer(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path, kind: str
) -> None:
    waits_for_ben(tmp_path)
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    await running.workspace.slack_fault(method="chat.postMessage", kind=kind, times=2)
    await anna.fill()

    await asked_of(ben, order_id)
    await ben.press_in_message(await asked_of(ben, order_id), "Approve")
    await anna.wait_for_reply(order_id, "(Done")
    assert len(await requests(ben, order_id)) == 1


async def test_an_approval_counts_although_slack_cannot_show_it(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    waits_for_ben(tmp_path)
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await running.workspace.slack_fault(method="chat.update", kind="drop_before", times=LOST)
    await ben.press_in_message(request, "Approve")
    await anna.wait_for_reply(order_id, "(Done")
    await running.workspace.slack_fault(clear=True)

    async def shown() -> Any:
        (message,) = await requests(ben, order_id)
        return True if "approved by" in message["text"] and not button_labels(message) else None

    await wait_for(shown, "the decision on the message")


async def test_a_deleted_thread_is_opened_anew(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    waits_for_ben(tmp_path)
    running.place_root(order_id, "C0ORDERLOG", "1.000001")
    await ask_to_refund(anna, order_id)
    assert await asked_of(ben, order_id)


async def test_a_restart_at_each_step_loses_and_doubles_nothing(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    async with running_sandbox(request.node.name) as (sandbox, session):
        running = Running(sandbox, session, tmp_path)
        anna, ben = await running.agent("Anna"), await running.agent("Ben")
        async with running_bot(sandbox, tmp_path):
            waits_for_ben(tmp_path)
            order_id = await shipped(running)
            await review_refund(anna, order_id)
            # asked, and stopped before Slack could be told
            await running.workspace.slack_fault(
                method="chat.postMessage", kind="drop_after", times=1
            )
            await running.workspace.slack_fault(
                method="conversations.history", kind="drop_before", times=LOST
            )
            await anna.fill()
        await running.workspace.slack_fault(clear=True)
        async with running_bot(sandbox, tmp_path):
            message = await asked_of(ben, order_id)
            # approved, and stopped before it could run to its end
            await running.workspace.store_fault(match="POST refund_quotes", kind="delay", delay_s=2)
            await ben.press_in_message(message, "Approve")
        assert await refunds(running, order_id) == []
        await running.workspace.store_fault(clear=True)
        async with running_bot(sandbox, tmp_path):
            await anna.wait_for_reply(order_id, "(Done")
            assert len(await refunds(running, order_id)) == 1
            assert len(await requests(ben, order_id)) == 1
        running.close()


async def test_an_approval_whose_run_was_never_put_in_line_is_taken_up(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    async with running_sandbox(request.node.name) as (sandbox, session):
        running = Running(sandbox, session, tmp_path)
        anna, ben = await running.agent("Anna"), await running.agent("Ben")
        async with running_bot(sandbox, tmp_path):
            waits_for_ben(tmp_path)
            order_id = await shipped(running)
            await ask_to_refund(anna, order_id)
            await asked_of(ben, order_id)
        reference = running.entries(order_id)[0].reference
        # what the log holds when the bot is killed right after the decision
        running.log.approve(reference, actor_id=BEN, at=datetime.now(UTC))
        async with running_bot(sandbox, tmp_path):
            await anna.wait_for_reply(order_id, "(Done", f"approved by <@{BEN}>")
            assert len(await refunds(running, order_id)) == 1
        running.close()


async def test_the_brake_is_told_once_although_slack_loses_the_answer(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await running.workspace.slack_fault(method="chat.postMessage", kind="drop_after", times=1)
    for _ in range(2):
        configure(tmp_path, "hour_limit", "1000.00")
        await anna.command(f"/refund-order {order_id}")
        await anna.wait_for_modal("Full refund …")
        await anna.press("Full refund")
        await anna.wait_for_modal("Reason")
        configure(tmp_path, "hour_limit", "1.00")
        await anna.fill({"reason": "Damaged"})
        await anna.wait_for_modal("hourly limit for the team, 1.00 USD")
        await anna.close()
    told = "SELECT 1 FROM outbox WHERE shown = 'tripped'"

    async def settled() -> Any:
        return True if running.rows(told) else None

    await wait_for(settled, "an alarm that is known to be told")
    alarms = [
        m for m in await anna.messages(anna.log_channel) if "Hourly limit for the team" in m["text"]
    ]
    assert len(alarms) == 1


async def test_with_no_approver_left_nothing_waits_for_ever(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    waits_for_ben(tmp_path)
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    set_approvers(tmp_path)
    set_rule(tmp_path, limit="100000")

    await anna.fill()

    await anna.wait_for_modal("nobody else is set as approver")
    assert running.entries(order_id) == []


async def test_the_home_tab_leads_to_what_waits(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    waits_for_ben(tmp_path)
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await running.workspace.post("home", user=BEN)

    async def shown() -> Any:
        view = (await running.workspace.get("home", user=BEN))["view"]
        return view if view and "Waits for approval: " in words(view) else None

    home = await wait_for(shown, "a Home tab with what waits")
    links = [b["accessory"]["url"] for b in home["blocks"] if "url" in b.get("accessory", {})]
    assert any(request["ts"].replace(".", "") in link for link in links), links
