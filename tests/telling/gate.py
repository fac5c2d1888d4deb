"""The gate between the bot and Slack: each call passes through it, and some are answered here."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

from tests.telling.cases import (
    AFTER,
    HTML,
    LATER,
    LOST,
    MESSAGES,
    TIMES,
    TOO_MANY,
    TOO_MANY_BARE,
    TOO_MANY_LONG,
    Case,
)
from tests.telling.documented import RESPONSE_URL
from tests.telling.ways import NEEDS

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length", "date"}
# The long one is longer than anything is waited for before it is told elsewhere.
RETRY_AFTER = {
    TOO_MANY: {"Retry-After": "1"},
    TOO_MANY_LONG: {"Retry-After": "90"},
    TOO_MANY_BARE: {},
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the bot's: where its message stands or is to stand, and all that it says.

    `user` is who sees the view, the answer or the direct message, "" where the call is for no one.
    """

    method: str
    text: str
    channel: str = ""
    thread_ts: str = ""
    ts: str = ""
    user: str = ""
    has: frozenset[str] = frozenset()

    def is_at(self, where: str, *, this_thread: str) -> bool:
        """Tell whether it is one of these calls."""
        is_direct = self.channel[:1] in {"D", "U", "W"}
        match where:
            case "any" | "later":
                return True
            case "thread":
                return bool(self.thread_ts)
            case "this":
                return bool(this_thread) and this_thread in {self.thread_ts, self.ts}
            case "audit":
                return bool(self.channel) and not is_direct
            case "top":
                return bool(self.channel) and not is_direct and not self.thread_ts
        return is_direct


class Strike:
    """What a case does to the calls that it means, while it is on."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.left = 0
        self.hits = 0
        self.passed = 0
        self.this_thread = ""

    def begin(self, this_thread: str = "") -> None:
        """Strike from now on."""
        self.left, self.this_thread = TIMES[self.case.times], this_thread

    def lift(self) -> None:
        """Strike no more."""
        self.left = 0

    def takes(self, call: Call) -> bool:
        """Tell whether this call is struck, and count it."""
        case = self.case
        if self.left <= 0 or call.method != case.method:
            return False
        if not call.is_at(case.where, this_thread=self.this_thread):
            return False
        if case.where == LATER and self.passed == 0:
            self.passed = 1
            return False
        if call.method in MESSAGES and NEEDS.get(case.code, "text") not in call.has:
            return False
        self.left -= 1
        self.hits += 1
        return True


# Finds the strike for a call, and hears of what was carried out.
Find = Callable[[Call], Strike | None]
Note = Callable[[Call, Mapping[str, Any]], None]


class Gate:
    """A proxy on 127.0.0.1 for the Web API and for response URLs."""

    def __init__(self, find: Find, note: Note) -> None:
        self._find = find
        self._note = note
        self._upstream = ""
        self.url = ""
        self.place_of: Callable[[str, str], str] = lambda channel, ts: ""
        self.reader_of: Callable[[str, Mapping[str, Any]], str] = lambda method, given: ""

    async def start(self, upstream: str) -> web.AppRunner:
        """Listen; the runner's cleanup ends it."""
        self._upstream = upstream
        app = web.Application(client_max_size=8 * 1024**2)
        app.cleanup_ctx.append(self._session)
        app.router.add_route("*", "/api/{method}", self._serve)
        app.router.add_post("/hooks/{app}/{name}", self._serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _session(self, app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as self._client:
            yield

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        call = self._call(request, body)
        strike = self._find(call)
        if strike is None or strike.case.when == AFTER:
            answer = await self._forward(request, body, call)
            if strike is None:
                return answer
        return _struck(strike.case.code, request)

    def _call(self, request: web.Request, body: str) -> Call:
        method = request.match_info.get("method") or RESPONSE_URL
        given = _given(request, body)
        if method == RESPONSE_URL:
            given["hook"] = request.match_info["name"]
        channel = str(given.get("channel") or "")
        ts = str(given.get("ts") or given.get("message_ts") or "")
        return Call(
            method,
            _text(given),
            channel=channel,
            thread_ts=str(given.get("thread_ts") or "") or self.place_of(channel, ts),
            ts=ts,
            user=self.reader_of(method, given),
            has=frozenset(name for name, value in given.items() if value),
        )

    async def _forward(self, request: web.Request, body: str, call: Call) -> web.Response:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP}
        async with self._client.request(
            request.method,
            f"{self._upstream}{request.path_qs}",
            data=body.encode(),
            headers=headers,
        ) as answer:
            text = await answer.text()
        if call.method == "apps.connections.open":
            # Sockets do not lead through here.
            text = text.replace(self.url.removeprefix("http"), self._upstream.removeprefix("http"))
        if call.method != RESPONSE_URL and answer.content_type == "application/json":
            self._note(call, json.loads(text))
        kept = {k: v for k, v in answer.headers.items() if k.lower() not in HOP_BY_HOP}
        kept.pop("Content-Type", None)
        return web.Response(
            status=answer.status, text=text, headers=kept, content_type=answer.content_type
        )


def about(call: Call, order_id: int, user: str, owned: Container[tuple[str, str]]) -> bool:
    """Tell whether a call is about this order or this person, or about a message of theirs."""
    if user in {call.user, call.channel}:
        return True
    if (call.channel, call.ts) in owned or (call.channel, call.thread_ts) in owned:
        return True
    number = str(order_id)
    if number in call.text and re.search(rf"\b{number}\b", call.text):
        return True
    return f"<@{user}>" in call.text


def _given(request: web.Request, body: str) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given |= json.loads(body or "{}")
    elif body:
        given |= {name: values[-1] for name, values in parse_qs(body).items()}
    return given


def _text(given: Mapping[str, Any]) -> str:
    shown = {k: v for k, v in given.items() if k in {"text", "blocks", "view", "metadata"}}
    return json.dumps(shown, ensure_ascii=False)


def _struck(code: str, request: web.Request) -> web.Response:
    if code == LOST:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()  # nobody receives it
    if code == HTML:
        return web.Response(
            status=503, text="<html>Service Unavailable</html>", content_type="text/html"
        )
    if code in RETRY_AFTER:
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers=RETRY_AFTER[code])
    shape, _, word = code.rpartition(":")
    gone = word in {"used_url", "expired_url"}
    match shape:
        case "word":
            return web.Response(status=404 if gone else 400, text=word)
        case "json":
            return web.json_response({"ok": False, "error": word}, status=404 if gone else 400)
    return web.json_response({"ok": False, "error": word})
