"""The bare references: a Bolt app that only acks, and the same calls without a bot around them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.connection import CONNECTIONS

ANY = re.compile("")
HOLD = "hold"


@asynccontextmanager
async def bare_app(
    environment: dict[str, str], commit: Callable[[], None] | None
) -> AsyncIterator[None]:
    """Connect an app that acks, after a commit if there is one; `hold` makes it read the store."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=environment["SLACK_BOT_TOKEN"],
            base_url=environment["SLACK_API_URL"],
            session=session,
        )
        app = AsyncApp(client=client, process_before_response=True)
        held: set[asyncio.Task[None]] = set()

        @app.command(ANY)
        async def command(ack: Any, body: Any) -> None:
            await ack()
            if body["text"] == HOLD:
                held.add(asyncio.create_task(_read(session, environment)))

        @app.view(ANY)
        async def submission(ack: Any, body: Any) -> None:
            if commit is not None:
                commit()
            await ack(response_action="update", view=body["view"])

        sockets = [
            AsyncSocketModeHandler(app, environment["SLACK_APP_TOKEN"]) for _ in range(CONNECTIONS)
        ]
        for socket in sockets:
            await socket.connect_async()
        yield


async def _read(session: aiohttp.ClientSession, environment: dict[str, str]) -> None:
    url = f"{environment['BIGCOMMERCE_API_URL']}/stores/h/v2/store"
    async with session.get(url) as answer:
        await answer.read()


async def replay(
    session: aiohttp.ClientSession, environment: dict[str, str], asked: dict[str, Any]
) -> dict[str, Any]:
    """Send the calls of an action `times` over, one after the other in each; return the times."""
    places = asyncio.Semaphore(asked["in_flight"])
    base = environment["BIGCOMMERCE_API_URL"]
    latencies_s: list[float] = []

    async def once() -> None:
        async with places:
            began = time.perf_counter()
            for method, path, body in asked["calls"]:
                headers = {"Content-Type": "application/json"} if body else {}
                async with session.request(
                    method, base + path, data=body.encode() or None, headers=headers
                ) as answer:
                    await answer.read()
            latencies_s.append(time.perf_counter() - began)

    started = time.perf_counter()
    await asyncio.gather(*(once() for _ in range(asked["times"])))
    return {"wall_s": time.perf_counter() - started, "latencies_s": latencies_s}
