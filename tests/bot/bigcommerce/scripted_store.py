"""A real HTTP server that answers what a test tells it to, and keeps what arrived."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.bigcommerce.client import BigCommerceClient

STORE_HASH = "fern42"
TOKEN = "tok3n-of-the-store"


@dataclass(frozen=True)
class Arrival:
    """A request as it came in; `path` without the store's prefix."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Reply:
    """What to answer. `body` is sent as JSON unless it is bytes."""

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    hang: bool = False


DROP = Reply(drop=True)
HANG = Reply(hang=True)
HTML = Reply(
    502, b"<!DOCTYPE html><html><body>Bad gateway at 10.1.2.3</body></html>",
    {"content-type": "text/html"},
)  # fmt: skip


class ScriptedStore:
    """Gives the scripted replies in turn, then `always`."""

    def __init__(self) -> None:
        self.script: deque[Reply] = deque()
        self.always: Reply | Callable[[Arrival], Reply] = Reply(404, [{"message": "No script."}])
        self.arrived: list[Arrival] = []
        self.url = ""

    def answers(self, *replies: Reply) -> None:
        self.script.extend(replies)

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[ScriptedStore]:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=0.01, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        arrival = Arrival(
            request.method,
            request.path.removeprefix(f"/stores/{STORE_HASH}"),
            dict(request.query),
            {name.lower(): value for name, value in request.headers.items()},
            await request.text(),
        )
        self.arrived.append(arrival)
        reply = self.script.popleft() if self.script else self.always
        if not isinstance(reply, Reply):
            reply = reply(arrival)
        if reply.hang:
            await asyncio.Event().wait()
        if reply.drop:
            assert request.transport is not None
            request.transport.abort()
        raw = isinstance(reply.body, bytes)
        headers = {} if raw else {"content-type": "application/json"}
        return web.Response(
            status=reply.status,
            body=reply.body if raw else json.dumps(reply.body).encode(),
            headers={**headers, **reply.headers},
        )


@asynccontextmanager
async def connected(url: str, **options: Any) -> AsyncIterator[BigCommerceClient]:
    """A client of that address, impatient enough for tests."""
    waits: dict[str, Any] = {"retry_waits_s": (0.01, 0.01), "max_wait_s": 5}
    client = BigCommerceClient(
        store_hash=STORE_HASH, access_token=TOKEN, api_url=url, **(waits | options)
    )
    try:
        yield client
    finally:
        await client.close()
