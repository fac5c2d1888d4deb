"""The bot killed in the middle of an e-mail to the customer, and started again."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.support.agent import Agent, wait_for
from tests.support.mailbox import HOLD, Mailbox
from tests.support.running import Running, activate, running_bot, running_sandbox

ROOT = Path(__file__).parents[3]
ORDER = 1042


@asynccontextmanager
async def bot_process(environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    activate(Path(environment["DATA"]))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env=os.environ | environment
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
async def sandbox(
    request: pytest.FixtureRequest,
) -> AsyncIterator[tuple[Sandbox, aiohttp.ClientSession]]:
    async with running_sandbox(request.node.name) as started:
        yield started


async def confirm_with_mail(agent: Agent) -> None:
    async def opened() -> bool | None:
        answer = await agent.command(f"/cancel-order {ORDER}")
        return bool(answer["ok"]) or None

    await wait_for(opened, "a bot that answers")
    await agent.wait_for_modal("Everything that is left is refunded")
    await agent.fill({"reason": "Damaged", "notify_customer": ["yes"]})
    await agent.wait_for_modal("Change something")
    await agent.fill()


async def test_killed_while_it_sends_it_sends_no_second_mail(
    sandbox: tuple[Sandbox, aiohttp.ClientSession], mailbox: Mailbox, tmp_path: Path
) -> None:
    async def taken() -> bool | None:
        return bool(mailbox.messages) or None

    box, session = sandbox
    mailbox.answers["DATA"] = HOLD
    world = Running(box, session, tmp_path)
    agent = await world.agent("Anna")
    environment = {**world.environment(), "DATA": str(tmp_path), **mailbox.settings()}
    async with bot_process(environment):
        await confirm_with_mail(agent)
        await wait_for(taken, "a mail")

    del mailbox.answers["DATA"]
    async with running_bot(box, tmp_path, **mailbox.settings()):
        await agent.wait_for_reply(ORDER, "(Done", "may have been sent")

    assert len(mailbox.messages) == 1
    assert len((await world.workspace.book(ORDER))["refunds"]) == 1
    world.close()


async def test_killed_before_the_mail_it_sends_it_after_the_restart(
    sandbox: tuple[Sandbox, aiohttp.ClientSession], mailbox: Mailbox, tmp_path: Path
) -> None:
    async def on_its_way() -> bool | None:
        entries = world.entries(ORDER)
        return bool(entries and entries[0].status == "pending") or None

    box, session = sandbox
    world = Running(box, session, tmp_path)
    agent = await world.agent("Anna")
    await world.workspace.post("store/settings", settlement_s=2)
    environment = {**world.environment(), "DATA": str(tmp_path), **mailbox.settings()}
    async with bot_process(environment):
        await confirm_with_mail(agent)
        await wait_for(on_its_way, "a refund on its way")
    assert mailbox.messages == []

    async with running_bot(box, tmp_path, **mailbox.settings()):
        await agent.wait_for_reply(ORDER, "(Done", "E-mailed the customer (c…@mail.example).")

    assert len(mailbox.messages) == 1
    world.close()
