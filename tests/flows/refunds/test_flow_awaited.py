"""What people wait for reaches them: that it takes long, and how it ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import Agent, wait_for, words
from tests.support.approving import open_refund, review_refund
from tests.support.configuring import open_home
from tests.support.running import Running, running_bot, running_sandbox

SHIPPED = 1010
DONE = "Refunded 88.02 USD for order 1010 through Braintree. It was on its way until now"
DECLINED = "The refund of 88.02 USD for order 1010 was declined; no money moved."


@pytest.fixture
async def long_reading(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    """Return a bot that looks long for what became of a lost answer."""
    async with (
        running_sandbox(request.node.name) as (sandbox, session),
        running_bot(sandbox, tmp_path, SETTLE_WAITS="0,0.05,0.1,9"),
    ):
        the_bot = Running(sandbox, session, tmp_path)
        yield the_bot
        the_bot.close()


async def on_its_way(running: Running, anna: Agent) -> dict[str, Any]:
    """Refund the order with a gateway that takes long, and return the reply that says so."""
    await running.workspace.store_fault(match="POST refunds", kind="slow_settlement", delay_s=6000)
    await review_refund(anna, SHIPPED)
    await anna.fill()
    reply = await anna.wait_for_reply(SHIPPED, "(On its way")
    await running.told(SHIPPED)
    return reply


@contextmanager
def minutes_later() -> Iterator[None]:
    with freeze_time(datetime.now(UTC) + timedelta(minutes=3), tick=True, real_asyncio=True):
        yield


async def direct_messages(agent: Agent) -> list[dict[str, Any]]:
    channels = (await agent.workspace.get("channels", user=agent.user))["channels"]
    return [
        message
        for channel in channels
        if channel["is_im"]
        for message in await agent.messages(channel["id"])
    ]


async def wait_for_direct(agent: Agent) -> list[dict[str, Any]]:
    async def look() -> list[dict[str, Any]] | None:
        return await direct_messages(agent) or None

    return await wait_for(look, "a direct message")


async def link_to(agent: Agent, message: dict[str, Any]) -> str:
    return f"p{message['ts'].replace('.', '')}"


async def choose(anna: Agent, way: str) -> None:
    view = await open_home(anna, "Tell me when a refund")
    await anna.choose_in(view, "settled_by", way)


async def all_said(running: Running) -> bool | None:
    """Whether nothing is left in the outbox that is to be said."""
    due = running.query("SELECT key FROM outbox WHERE shown IS NOT wanted AND kind <> 'root'")
    return not due or None


async def test_who_asked_gets_one_line_when_the_money_has_moved(
    running: Running, anna: Agent
) -> None:
    reply = await on_its_way(running, anna)

    with minutes_later():
        await running.workspace.post("store/settle")
        await anna.wait_for_reply(SHIPPED, "(Done")
        [message] = await wait_for_direct(anna)

    shown = words(message["blocks"])
    assert shown.startswith(f":white_check_mark: {DONE} · <")
    assert shown.endswith("|Full record>")
    assert await link_to(anna, reply) in shown
    assert len(await anna.thread(SHIPPED)) == 1


async def test_who_may_not_read_of_orders_any_more_gets_no_line(
    running: Running, anna: Agent
) -> None:
    await on_its_way(running, anna)
    await running.workspace.post("membership", channel="C0ORDERLOG", user=anna.user, member=False)

    with minutes_later():
        await running.workspace.post("store/settle")

        async def is_over() -> Any:
            sql = "SELECT 1 FROM outbox WHERE kind = 'settled' AND next_try_at IS NULL"
            return running.query(sql) or None

        await wait_for(is_over, "an end of the line")
    assert await direct_messages(anna) == []


async def test_the_line_does_not_lead_to_a_record_that_says_otherwise(
    running: Running, anna: Agent
) -> None:
    await on_its_way(running, anna)
    await running.workspace.slack_fault(
        method="chat.update", kind="error", error="update_failed", times=999, contains="(Done"
    )

    async def was_tried_twice() -> bool | None:
        calls = (await running.workspace.get("calls"))["calls"]
        return True if sum("(Done" in str(each) for each in calls) >= 2 else None

    with minutes_later():
        await running.workspace.post("store/settle")
        await wait_for(was_tried_twice, "two tries to correct the record")
        assert await direct_messages(anna) == []

        await running.workspace.slack_fault(clear=True)
        await wait_for_direct(anna)
        assert "(Done" in (await anna.thread(SHIPPED))[0]["text"]


async def test_who_chose_the_thread_is_mentioned_there(running: Running, anna: Agent) -> None:
    await choose(anna, "thread")
    await on_its_way(running, anna)

    with minutes_later():
        await running.workspace.post("store/settle")
        line = await anna.wait_for_reply(SHIPPED, f"<@{anna.user}>", DONE)

    assert "Full record" in words(line["blocks"])
    assert len(await anna.thread(SHIPPED)) == 2
    assert await direct_messages(anna) == []


async def test_who_wants_to_hear_nothing_finds_it_in_the_thread(
    running: Running, anna: Agent
) -> None:
    await choose(anna, "none")
    await on_its_way(running, anna)

    with minutes_later():
        await running.workspace.post("store/settle")
        await anna.wait_for_reply(SHIPPED, "(Done")
        await wait_for(lambda: all_said(running), "everything said")

    assert len(await anna.thread(SHIPPED)) == 1
    assert await direct_messages(anna) == []


async def test_nobody_is_told_twice_what_settles_within_seconds(
    running: Running, anna: Agent
) -> None:
    await on_its_way(running, anna)

    await running.workspace.post("store/settle")
    await anna.wait_for_reply(SHIPPED, "(Done")
    await wait_for(lambda: all_said(running), "everything said")

    assert len(await anna.thread(SHIPPED)) == 1
    assert await direct_messages(anna) == []


async def test_money_that_does_not_come_is_told_to_who_asked_and_to_the_channel(
    long_reading: Running,
) -> None:
    running, anna = long_reading, await long_reading.agent("Anna")
    await running.workspace.store_fault(match="POST refunds", kind="decline")
    await review_refund(anna, SHIPPED)
    await anna.fill()
    await anna.wait_for_reply(SHIPPED, "(On its way")

    record = await anna.wait_for_reply(SHIPPED, "(Failed", DECLINED)
    [message] = await wait_for_direct(anna)
    await wait_for(lambda: all_said(running), "everything said")

    loud = [each for each in await anna.messages(anna.log_channel) if DECLINED in each["text"]]
    assert [each.get("subtype") for each in loud] == ["thread_broadcast"]
    for line in (message, loud[0]):
        assert words(line["blocks"]).startswith(f":x: {DECLINED}")
        assert await link_to(anna, record) in words(line["blocks"])
    assert len(await anna.thread(SHIPPED)) == 2


async def test_money_that_was_never_said_to_be_on_its_way_gets_no_line(
    long_reading: Running,
) -> None:
    running, anna = long_reading, await long_reading.agent("Anna")
    await running.workspace.store_fault(match="POST refunds", kind="decline")
    refused = {"method": "chat.postMessage", "kind": "error", "error": "internal_error"}
    await running.workspace.slack_fault(**refused, contains="(On its way", times=999)
    await review_refund(anna, SHIPPED)
    await anna.fill()

    await anna.wait_for_reply(SHIPPED, "(Failed", DECLINED)
    await wait_for(lambda: all_said(running), "everything said")

    assert len(await anna.thread(SHIPPED)) == 1
    assert await direct_messages(anna) == []


async def test_a_lost_answer_that_is_looked_for_is_said_to_be(long_reading: Running) -> None:
    anna = await long_reading.agent("Anna")
    await open_refund(anna, SHIPPED)
    await anna.fill({"reason": "Damaged"})
    await anna.wait_for_modal("Change something")
    await long_reading.workspace.store_fault(match="POST refunds", kind="drop_before")
    await anna.fill()

    meanwhile = await anna.wait_for_reply(SHIPPED, "(Under way, MG-")
    after = await anna.wait_for_reply(SHIPPED, "(Needs checking")

    assert "Full refund (order 1010) is under way. Sent to BigCommerce" in meanwhile["text"]
    assert "Don't do it a second time meanwhile." in meanwhile["text"]
    assert after["ts"] == meanwhile["ts"]
    assert len(await anna.thread(SHIPPED)) == 1


async def test_what_waits_before_it_is_sent_is_said_to_be(long_reading: Running) -> None:
    anna = await long_reading.agent("Anna")
    await review_refund(anna, SHIPPED)
    await long_reading.workspace.store_fault(match="GET refunds", kind="delay", delay_s=7)
    await anna.fill()

    meanwhile = await anna.wait_for_reply(SHIPPED, "(Under way, MG-")
    done = await anna.wait_for_reply(SHIPPED, "(Done")

    assert "Nothing was sent to BigCommerce so far." in meanwhile["text"]
    assert done["ts"] == meanwhile["ts"]
