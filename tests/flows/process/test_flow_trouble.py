"""What people see when the store, Slack or the bot itself breaks."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.agent import Agent, wait_for
from tests.support.running import Running, SandboxOnly, activate

ROOT = Path(__file__).parents[3]
SHIPPED = 2


async def open_refund(agent: Agent, order_id: int) -> None:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")
    await agent.fill({"reason": "Damaged"})
    await agent.wait_for_modal("Change something")


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "refused Makegood"), (403, "refused Makegood"), (500, "Nothing was changed")],
)
async def test_a_store_that_refuses_is_explained(
    running: Running, anna: Agent, status: int, said: str
) -> None:
    await running.workspace.store_fault(match="GET orders*", kind="status", status=status, times=99)

    await anna.command("/cancel-order 1042")

    await anna.wait_for_modal(said)


async def test_html_instead_of_json_is_not_shown(running: Running, anna: Agent) -> None:
    await running.workspace.store_fault(match="GET orders*", kind="html", status=502, times=99)

    await anna.command("/order 1042")

    message = await anna.wait_for_message("Nothing was changed")
    assert "<" not in message["text"]


async def test_a_refusal_at_the_moment_of_writing_is_told(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_refund(anna, order_id)
    said = "Refund amount exceeds remaining amount"
    body = {"data": [{"status": 422, "title": said, "type": "about:blank"}]}
    await running.workspace.store_fault(
        match="POST refunds", kind="status", status=422, body=body, times=1
    )

    await anna.fill()

    reply = await anna.wait_for_reply(order_id, "Refund amount exceeds remaining amount")
    assert not reply["text"].startswith("Refunded")
    assert (await running.workspace.book(order_id))["refunds"] == []


async def test_a_dropped_post_is_not_repeated(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_refund(anna, order_id)
    await running.workspace.slack_fault(method="chat.postMessage", kind="drop_after", times=2)

    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done")
    await running.told(order_id)
    assert len(await anna.thread(order_id)) == 1
    roots = [
        m
        for m in await anna.messages(anna.log_channel)
        if m["text"].startswith(f"Order {order_id} ")
    ]
    assert len(roots) == 1


async def test_without_its_channel_the_actor_is_told(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_refund(anna, order_id)
    await running.workspace.slack_fault(method="chat.postMessage", kind="drop_before", times=99)
    await anna.fill()

    async def is_refunded() -> bool | None:
        return bool((await running.workspace.book(order_id))["refunds"]) or None

    await wait_for(is_refunded, "the refund")
    await running.workspace.post("channel", channel=anna.log_channel, archived=True)
    await running.workspace.slack_fault(clear=True)

    async def in_direct_message() -> bool | None:
        channels = (await running.workspace.get("channels", user=anna.user))["channels"]
        for channel in channels:
            if channel["is_im"]:
                texts = [m["text"] for m in await anna.messages(channel["id"])]
                if any(text.startswith("Refunded") for text in texts):
                    return True
        return None

    await wait_for(in_direct_message, "a direct message with the outcome")


async def test_a_slack_that_is_busy_is_waited_for(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_refund(anna, order_id)
    await running.workspace.slack_fault(
        method="chat.postMessage", kind="error", error="ratelimited", status=429, times=1
    )

    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done")
    assert len(await anna.thread(order_id)) == 1


async def test_a_form_of_somebody_else_is_refused(
    running: Running, anna: Agent, ben: Agent
) -> None:
    await anna.command("/cancel-order 1042")
    hers = await anna.wait_for_modal("Reason")
    drafts = running.drafts()
    draft = drafts.find(hers["private_metadata"])
    assert draft is not None
    drafts.save(dataclasses.replace(draft, actor_id=ben.user))

    await anna.fill({"reason": "Damaged"})

    await anna.wait_for_modal("belongs to somebody else")


@asynccontextmanager
async def bot_process(
    sandbox: SandboxOnly, data: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {**os.environ, **sandbox.environment(), "DATA": str(data)}
    activate(data)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def answers(agent: Agent) -> None:
    """Wait until the bot answers commands."""

    async def look() -> bool | None:
        return True if (await agent.command("/makegood help"))["ok"] else None

    await wait_for(look, "a bot that answers")


async def test_a_killed_bot_goes_on_where_it_stood(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    anna = await sandbox_only.agent("Anna")
    workspace = sandbox_only.workspace
    order_id = await workspace.order_in_status(SHIPPED, payment="captured")
    async with bot_process(sandbox_only, tmp_path) as first:
        await answers(anna)
        await open_refund(anna, order_id)
        await workspace.store_fault(match="POST refunds", kind="drop_after", times=1)
        await workspace.store_fault(match="GET refunds", kind="hang", times=1)
        await anna.fill()

        async def has_refunded() -> bool | None:
            return True if (await workspace.book(order_id))["refunds"] else None

        await wait_for(has_refunded, "a refund in the store's books")
        first.send_signal(signal.SIGKILL)
        await first.wait()
    # Where it took long, it was said to be under way.
    assert all("(Under way" in each["text"] for each in await anna.thread(order_id))

    async with bot_process(sandbox_only, tmp_path):
        await anna.wait_for_reply(order_id, "(Done", "Refunded")

    assert len((await workspace.book(order_id))["refunds"]) == 1
    assert len(await anna.thread(order_id)) == 1


async def test_a_bot_that_is_stopped_loses_nothing(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    anna = await sandbox_only.agent("Anna")
    workspace = sandbox_only.workspace
    order_id = await workspace.order_in_status(SHIPPED, payment="captured")
    async with bot_process(sandbox_only, tmp_path) as first:
        await answers(anna)
        await open_refund(anna, order_id)
        await anna.fill()
        first.send_signal(signal.SIGTERM)
        assert await first.wait() == 0

    async with bot_process(sandbox_only, tmp_path):
        await anna.wait_for_reply(order_id, "(Done", "Refunded")

    assert len((await workspace.book(order_id))["refunds"]) == 1
    assert len(await anna.thread(order_id)) == 1
