"""A stand-in for both platforms that answers at once, so that what is measured is the bot.

It checks nothing: the sandbox is there for that. Every order number exists, as a copy of the
recorded one.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import Counter
from typing import Any, Self
from urllib.parse import parse_qs

from aiohttp import web

from tests.bench.canned import BEFORE, ORDER, Canned, state_after
from tests.bench.quota import Quota

TEAM, USER, CHANNEL, BOT_USER = "T0BENCH", "U0BENCH", "C0BENCH", "U0BOT"
COLLEAGUE, OTHER = "U0COLLEAGUE", "U0OTHER"
PEOPLE = (USER, COLLEAGUE, OTHER)
ORDER_PATH = re.compile(r"(?<=orders/)\d+")
REFERENCE = re.compile(r"MG-\w{4}-\w{4}")
MAX_BODY = 8 * 1024**2


class World:
    """Store, Slack and Socket Mode on one port; `async with` starts and stops it.

    `store_gate` is waited for before each answer of the store. `calls` counts calls by name, and
    `opened` gets the id of the next modal, `exchanges` keeps the calls while it is a list.
    """

    def __init__(self, canned: Canned, *, quota: Quota | None = None) -> None:
        self._canned = canned
        self._quota = quota
        self._states: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._expected: dict[str, asyncio.Future[float]] = {}
        self._connected = asyncio.Condition()
        self.store_gate = asyncio.Event()
        self.store_gate.set()
        self.waiting_at_gate = 0
        self.calls: Counter[str] = Counter()
        self.exchanges: list[tuple[str, str, str]] | None = None
        self.url = ""
        self.opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/api/{method}", self._slack)
        app.router.add_route("*", "/stores/h/{path:.*}", self._store)
        app.router.add_post("/hooks/{name}", self._hook)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *error: object) -> None:
        self.store_gate.set()
        for socket in self._sockets:
            await socket.close()
        await self._runner.cleanup()

    def environment(self) -> dict[str, str]:
        """Return the settings of a bot that uses this stand-in."""
        return {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_APP_TOKEN": "xapp-bench",
            "SLACK_API_URL": f"{self.url}/api/",
            "SLACK_CHANNEL": CHANNEL,
            "BIGCOMMERCE_STORE_HASH": "h",
            "BIGCOMMERCE_ACCESS_TOKEN": "bench",
            "BIGCOMMERCE_API_URL": self.url,
            "POST_EVERY": "0",
            "LOOK_PAUSE": "0",
        }

    async def connected(self, sockets: int) -> None:
        """Wait until the app listens on so many sockets."""
        async with self._connected:
            await self._connected.wait_for(lambda: len(self._live()) >= sockets)

    def new_id(self, prefix: str) -> str:
        """Return an id that was never used."""
        return f"{prefix}{next(self._numbers)}"

    async def deliver(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send an envelope and return the app's whole answer."""
        number = next(self._numbers)
        envelope_id = f"e{number}"
        answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[envelope_id] = answered
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": True,
        }
        live = self._live()
        await live[number % len(live)].send_str(json.dumps(envelope))
        return await answered

    def expect(self, what: str) -> asyncio.Future[float]:
        """Return what is done, with the time, once a call mentions this.

        That is a message with this reference, a view or a response address with this id.
        """
        return self._expected.setdefault(what, asyncio.get_running_loop().create_future())

    def _live(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self._sockets if not socket.closed]

    def _seen(self, what: str) -> None:
        future = self._expected.pop(what, None)
        if future is not None and not future.done():
            future.set_result(time.perf_counter())

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "connection_info": {"app_id": "A0BENCH"}})
        async with self._connected:
            self._sockets.append(socket)
            self._connected.notify_all()
        async for message in socket:
            answer = json.loads(message.data)
            waiting = self._answers.pop(answer.get("envelope_id", ""), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)
        return socket

    async def _hook(self, request: web.Request) -> web.Response:
        await request.read()
        self.calls["response_url"] += 1
        self._seen(request.match_info["name"])
        return web.Response(text="ok")

    async def _slack(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await request.text()
        self.calls[method] += 1
        self._keep(request, body)
        view_id = self.new_id("V")
        if method == "views.open" and not self.opened.done():
            self.opened.set_result(view_id)
        ts = f"{1_800_000_000 + next(self._numbers)}.000100"
        self._take_in(method, body)
        answers: dict[str, dict[str, Any]] = {
            "auth.test": {"team_id": TEAM, "user_id": BOT_USER, "bot_id": "B0BENCH", "url": "x"},
            "apps.connections.open": {"url": f"{self.url.replace('http', 'ws')}/socket"},
            "conversations.members": {"members": list(PEOPLE)},
            "conversations.info": {"channel": {"id": CHANNEL, "name": "log", "is_member": True}},
            "users.info": {"user": _user(_argument(body, "user"))},
            "conversations.history": {"messages": []},
            "conversations.replies": {"messages": [_root(_argument(body, "ts"))]},
            "views.open": {"view": {"id": view_id}},
            "chat.postMessage": {
                "channel": CHANNEL,
                "ts": ts,
                "message": {"ts": ts, **_threaded(_argument(body, "thread_ts"))},
            },
            "chat.getPermalink": {"permalink": f"{self.url}/archives/{CHANNEL}/p1"},
        }
        return web.json_response({"ok": True, **answers.get(method, {})})

    def _take_in(self, method: str, body: str) -> None:
        if method == "chat.postMessage" and '"thread_ts"' in body:
            for reference in set(REFERENCE.findall(body)):
                self._seen(reference)
        elif method == "views.update":
            self._seen(json.loads(body)["view_id"])

    async def _store(self, request: web.Request) -> web.Response:
        body = await request.text()
        path = request.match_info["path"]
        self.calls["store"] += 1
        self._keep(request, body)
        headers = self._quota.take() if self._quota else {}
        if self._quota and self._quota.is_over:
            return web.json_response({"status": 429}, status=429, headers=headers)
        self.waiting_at_gate += 1
        await self.store_gate.wait()
        self.waiting_at_gate -= 1
        content = self._content(request.method, path, request.query.get("page", "1"))
        status = 200 if content else 204
        return web.Response(
            body=content or None, status=status, content_type="application/json", headers=headers
        )

    def _content(self, method: str, path: str, page: str) -> bytes:
        found = ORDER_PATH.search(path)
        if found is None:
            return self._canned.bodies.get((BEFORE, method, path, page), b"")
        number, generic = found.group(), ORDER_PATH.sub(str(ORDER), path)
        state = self._states.get(number, BEFORE)
        bodies = self._canned.bodies
        content = bodies.get((state, method, generic, page))
        if content is None:  # the reference repeats writes on an order
            content = bodies[BEFORE, method, generic, page]
        after = state_after(state, method, generic)
        if after != state:
            self._states[number] = after
        return content.replace(str(ORDER).encode(), number.encode())

    def _keep(self, request: web.Request, body: str) -> None:
        if self.exchanges is not None:
            self.exchanges.append((request.method, str(request.rel_url), body))


def _argument(body: str, name: str) -> str:
    """Return an argument of a call, which slack_sdk sends as a form or as JSON."""
    if body.startswith("{"):
        return str(json.loads(body).get(name) or "")
    return (parse_qs(body).get(name) or [""])[0]


def _user(user_id: str) -> dict[str, Any]:
    return {"id": user_id, "team_id": TEAM, "name": user_id, "deleted": False, "is_bot": False}


def _root(ts: str) -> dict[str, Any]:
    """Return a thread's first message, which stands whenever it is asked for."""
    return {"ts": ts, "user": BOT_USER, "bot_id": "B0BENCH", "text": "Order", "reply_count": 1}


def _threaded(thread_ts: str) -> dict[str, str]:
    return {"thread_ts": thread_ts} if thread_ts else {}
