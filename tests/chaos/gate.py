"""The gate between the bot and both platforms: every call and every envelope passes through it.

What goes wrong goes wrong here, so that the stand-in platforms stay true, and so that the bot can
be killed between any two steps: before a call is carried out, after it was and before its answer
comes, or right after the answer.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable

import aiohttp
from aiohttp import web

from tests.chaos.envelopes import Envelopes
from tests.chaos.trace import Trace
from tests.chaos.weather import AFTER, ANSWERED, BEFORE, FINE, Call, Fate, Kind, Weather

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length", "date"}
POLL_S = 0.02
HIDING = {"drop", "cut", "hang", "status", "kill"}
TURNED_AWAY = {"busy", "busy_bare"}
RESET_MS = 300  # until the next window, as a 429 with headers tells it


class Writes:
    """Which requests' writes came by, and whose fate hid from the bot what became of them."""

    def __init__(self) -> None:
        self.arrived: set[str] = set()
        self.hidden: set[str] = set()

    def note(self, call: Call, body: bytes, fate: Fate) -> None:
        """Note a write by the references in it; a void names none, so it goes by its path, and a
        promotion's code by itself.

        One that a 429 turns away has not arrived: it comes by again, unless the bot is killed while
        it waits, and then its claim is all that is left of it.
        """
        if fate.what in TURNED_AWAY:
            return
        text = body.decode(errors="replace")
        names = {*re.findall(r"MG-[0-9A-Z-]+|SORRY-[0-9-]+", text), call.name}
        self.arrived |= names
        if fate.what in HIDING:
            self.hidden |= names


class Gate:
    """A proxy on 127.0.0.1 that deals out the weather's fates."""

    def __init__(
        self, weather: Weather, trace: Trace, envelopes: Envelopes, kill: Callable[[str], bool]
    ) -> None:
        self._weather = weather
        self._trace = trace
        self._envelopes = envelopes
        self._kill = kill
        self._upstream = ""
        self.url = ""
        self.writes = Writes()

    async def start(self, upstream: str, port: int) -> web.AppRunner:
        """Listen; the runner's cleanup ends it."""
        self._upstream = upstream
        app = web.Application(client_max_size=8 * 1024**2)
        app.cleanup_ctx.append(self._session)
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _session(self, app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(auto_decompress=False) as self._client:
            yield

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            address = f"{self._upstream}{request.path_qs}".replace("http", "ws", 1)
            return await self._envelopes.relay(request, self._client, address)
        call = Call.of(request.method, request.path)
        fate = self._weather.fate(call)
        if fate != FINE:
            self._trace.write(f"{fate.what} {fate.when}", call=call.name, status=fate.status)
        return await self._carry_out(request, call, fate)

    async def _carry_out(self, request: web.Request, call: Call, fate: Fate) -> web.StreamResponse:
        body = await request.read()
        if call.kind is Kind.STORE_WRITE:
            self.writes.note(call, body, fate)
        if fate.when == BEFORE and (response := await self._strike(request, call, fate)):
            return response
        answer = await self._forward(request, body)
        if call.kind in {Kind.STORE_WRITE, Kind.SLACK_POST}:
            self._trace.write("carried out", call=call.name, answered=answer.status)
        if fate.when == AFTER:
            if fate.what == "cut":
                return await _cut(request, answer)
            if response := await self._strike(request, call, fate):
                return response
        if fate.when == ANSWERED:
            await answer.prepare(request)
            await answer.write_eof()
            await asyncio.sleep(fate.wait_s)
            self._kill(f"answered {call.name}")
        return answer

    async def _strike(
        self, request: web.Request, call: Call, fate: Fate
    ) -> web.StreamResponse | None:
        """Return what the bot gets instead of the truth, None when it only had to wait."""
        match fate.what:
            case "kill":
                return _abort(request) if self._kill(f"{fate.when} {call.name}") else None
            case "slow":
                await asyncio.sleep(fate.wait_s)
                return None
            case "hang":
                await _hang(request, fate.wait_s)
            case "status":
                return web.Response(status=fate.status, text="<html>unavailable</html>")
            case "error":
                return web.json_response({"ok": False, "error": fate.error})
            case "busy":
                return _busy(call)
            case "busy_bare":
                return web.Response(status=429)
        return _abort(request)

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP}
        url = f"{self._upstream}{request.path_qs}"
        async with self._client.request(
            request.method, url, data=body or None, headers=headers, allow_redirects=False
        ) as answer:
            content = await answer.read()
        if request.path == "/api/apps.connections.open":
            content = content.replace(_host(self._upstream), _host(self.url))
        kept = {k: v for k, v in answer.headers.items() if k.lower() not in HOP_BY_HOP}
        return web.Response(status=answer.status, body=content, headers=kept)


def _host(url: str) -> bytes:
    return url.removeprefix("http://").encode()


def _busy(call: Call) -> web.Response:
    if call.kind in {Kind.STORE_READ, Kind.STORE_WRITE}:
        return web.Response(status=429, headers={"X-Rate-Limit-Time-Reset-Ms": str(RESET_MS)})
    return web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"}
    )


async def _hang(request: web.Request, wait_s: float) -> None:
    for _ in range(int(wait_s / POLL_S)):
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(POLL_S)


async def _cut(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Break the connection in the middle of the answer."""
    whole = answer.body if isinstance(answer.body, bytes) else b""
    if len(whole) < 2:
        return _abort(request)
    half = web.StreamResponse(status=answer.status, headers=answer.headers)
    half.content_length = len(whole)
    await half.prepare(request)
    await half.write(whole[: len(whole) // 2])
    return _abort(request)


def _abort(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # nobody receives it
