"""Strangers on the public port change nothing for those who work, nor for whoever watches."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.http import private, public
from tests.support.agent import Agent
from tests.support.hooking import Hooked, hooked_sandbox
from tests.support.running import running_bot

HOST = "127.0.0.1"
SHIPPED = 2


@dataclass
class Flooded:
    """A bot with both ports, and the strangers."""

    hooked: Hooked
    health_port: int
    strangers: AsyncExitStack
    bot: AsyncExitStack

    async def stop(self) -> None:
        await self.bot.aclose()

    @property
    def webhook_port(self) -> int:
        return int(self.hooked.settings["WEBHOOK_PORT"])

    async def silent(self, port: int, count: int) -> None:
        """Open connections that say nothing, and hold them."""
        for _ in range(count):
            _, writer = await asyncio.open_connection(HOST, port)
            self.strangers.callback(writer.close)

    async def health(self) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{HOST}:{self.health_port}/health") as answer,
        ):
            return answer.status, await answer.text()


@pytest.fixture
async def flooded(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Flooded]:
    with socket.create_server((HOST, 0)) as free:
        port = int(free.getsockname()[1])
    async with hooked_sandbox(request.node.name, tmp_path) as hooked, AsyncExitStack() as strangers:
        changes = {**hooked.settings, "HEALTH_PORT": str(port)}
        async with AsyncExitStack() as bot:
            await bot.enter_async_context(running_bot(hooked.sandbox, tmp_path, **changes))
            yield Flooded(hooked, port, strangers, bot)


async def refund(flooded: Flooded, anna: Agent) -> str | None:
    """Refund an order; return the outcome's status."""
    order_id = await flooded.hooked.workspace.order_in_status(SHIPPED, payment="captured")
    await anna.command(f"/refund-order {order_id}")
    await anna.wait_for_modal("Full refund …")
    await anna.press("Full refund")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Damaged"})
    await anna.wait_for_modal("Change something")
    await anna.fill()
    return (await flooded.hooked.told(order_id)).status


async def test_hundreds_of_silent_connections_leave_health_money_and_webhooks_alone(
    flooded: Flooded,
) -> None:
    anna = await flooded.hooked.agent("Anna")
    await flooded.silent(flooded.webhook_port, 400)
    await flooded.silent(flooded.health_port, private.CAPS.connections * 2)

    assert (await flooded.health())[0] == 200
    assert await refund(flooded, anna) == "succeeded"
    await flooded.hooked.workspace.post("store/order", order_id=1042, status_id=SHIPPED)
    await flooded.hooked.wait_for_delivery("store/order/statusUpdated")


async def test_a_flood_of_wrong_secrets_is_one_line_of_log(
    flooded: Flooded, caplog: pytest.LogCaptureFixture
) -> None:
    anna = await flooded.hooked.agent("Anna")
    url = f"http://{HOST}:{flooded.webhook_port}/webhooks"
    count = public.CAPS.connections * 5

    async def knock(session: aiohttp.ClientSession) -> int:
        wrong = {"X-Makegood-Webhook": "wrong"}
        try:
            async with session.post(url, headers=wrong, data=b"{}") as answer:
                return answer.status
        except aiohttp.ClientError:
            return 0  # it made room for another one

    with caplog.at_level(logging.WARNING):
        async with aiohttp.ClientSession() as session:
            knocking = asyncio.gather(*(knock(session) for _ in range(count)))
            assert await refund(flooded, anna) == "succeeded"
            assert 401 in await knocking
            assert set(await knocking) <= {0, 401}

    assert "turned away" not in caplog.messages
    await flooded.stop()
    [record] = [each for each in caplog.records if each.getMessage() == "turned away"]
    assert "the secret is not right" in vars(record)["reasons"]
