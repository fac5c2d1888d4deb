"""`demo --mail`: what the bot e-mails is printed."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp

from tests.bot.commands.test_cli import running
from tests.support.agent import Agent, Workspace


async def test_the_demos_mail_is_printed_and_goes_nowhere(tmp_path: Path) -> None:
    demo = ["demo", "--port", "0", "--mail"]
    real = {"SMTP_USER": "store", "SMTP_PASSWORD": "real", "MAIL_FROM": "real@fern.example"}
    async with running(tmp_path, demo, "Ctrl-C stops it", **real) as (process, said):
        [address] = re.findall(r"http://127\.0\.0\.1:\d+", said)
        async with aiohttp.ClientSession() as session:
            workspace = Workspace(address, session)
            anna = await workspace.person("Anna")
            support = await workspace.channel("support", anna)
            agent = Agent(workspace, anna, support, await workspace.channel("order-log", anna))
            await agent.command("/cancel-order 1042")
            await agent.wait_for_modal("E-mail the customer")
            await agent.fill({"reason": "Damaged", "notify_customer": ["yes"]})
            await agent.wait_for_modal("Change something")
            await agent.fill()

        printed = ""
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while "Fern & Fable\n" not in printed.partition("Hello,")[2]:
                printed += (await process.stdout.readline()).decode()

    assert "An e-mail to a customer, which goes nowhere:" in printed
    assert "refunded 154.10 USD" in printed
    assert "real@" not in printed
