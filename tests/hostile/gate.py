"""The gate between the bot and the store: every call passes through it, one answer is changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from tests.hostile.acts import FEWER, acted, fewer, fewer_items
from tests.hostile.cases import BEFORE, FROM_HERE, INSTEAD, Case, Place
from tests.hostile.changes import Answer, changed
from tests.hostile.documented import call_name, is_write

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length", "date"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call that came by, and whether its answer was changed."""

    place: Place
    answer: Answer
    is_changed: bool


class Gate:
    """A proxy on 127.0.0.1. Between `begin` and `end` it notes the calls of one action."""

    def __init__(self) -> None:
        self.url = ""
        self.phase = ""
        self.exchanges: list[Exchange] = []
        self._upstream = ""
        self._case: Case | None = None
        self._action = ""
        self._order_id = 0
        self._other_order = 0
        self._times: Counter[tuple[str, str]] = Counter()
        self._latest: dict[str, Answer] = {}
        self._is_on = False

    async def start(self, upstream: str) -> web.AppRunner:
        """Listen; the runner's cleanup ends it."""
        self._upstream = upstream
        app = web.Application(client_max_size=8 * 1024**2)
        app.cleanup_ctx.append(self._session)
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    def begin(self, action: str, order_id: int, other_order: int, case: Case | None) -> None:
        """Note what comes by from now on, and change the answer of the case."""
        self._action, self._order_id, self._other_order = action, order_id, other_order
        self._case, self._is_on, self.phase = case, False, ""
        self.exchanges = []
        self._times.clear()
        self._latest.clear()

    def end(self) -> None:
        """Let everything through unchanged."""
        self._case, self._is_on, self.phase = None, False, ""

    @property
    def was_changed(self) -> bool:
        """Whether the answer of the case came by."""
        return any(exchange.is_changed for exchange in self.exchanges)

    @property
    def sent_writes(self) -> list[Exchange]:
        """The writes that came by."""
        return [each for each in self.exchanges if is_write(each.place.call)]

    async def _session(self, app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as self._client:
            yield

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        place = self._place(request)
        if place is None:
            return _response(await self._forward(request, await request.text()))
        is_hit = self._hits(place)
        case = self._case
        true_body = body = await request.text()
        if is_hit and case is not None and case.how == INSTEAD:
            body = await self._acted(request, case.change, body)
        if is_hit and case is not None and case.how == BEFORE:
            answer = Answer(200, "{}", asked=body)
        else:
            answer = await self._forward(request, body)
        true_answer = answer
        if is_hit and case is not None and case.how != INSTEAD:
            answer = changed(
                case.change,
                place.call,
                answer,
                other_order=self._other_order,
                earlier=self._latest.get(request.path_qs, answer),
            )
        self._latest.setdefault(request.path_qs, true_answer)
        is_changed = is_hit and (answer != true_answer or body != true_body)
        self.exchanges.append(Exchange(place, answer, is_changed))
        return _response(answer) if not answer.is_cut else _cut(request)

    def _place(self, request: web.Request) -> Place | None:
        """Return where in the action the call stands, None for what other orders are asked for."""
        of_order = re.search(r"/orders/([0-9]+)", request.path)
        ours = {self._order_id, self._other_order}
        if not self.phase or (of_order and int(of_order[1]) not in ours):
            return None
        call = call_name(request.method, request.path)
        self._times[self.phase, call] += 1
        return Place(self._action, self.phase, call, self._times[self.phase, call])

    def _hits(self, place: Place) -> bool:
        if self._case is None:
            return False
        if self._is_on:
            return place.call == self._case.place.call
        is_it = place == self._case.place
        self._is_on = is_it and self._case.how == FROM_HERE
        return is_it

    async def _acted(self, request: web.Request, change: str, body: str) -> str:
        """Return the body of what the store does instead."""
        if change != FEWER:
            return acted(change, body)
        path = request.path_qs.replace("payment_actions/refunds", "payment_actions/refund_quotes")
        quote = await self._forward(request, fewer_items(body), path)
        return fewer(body, quote.body or "")

    async def _forward(self, request: web.Request, body: str, path: str = "") -> Answer:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP}
        url = f"{self._upstream}{path or request.path_qs}"
        async with self._client.request(
            request.method, url, data=body.encode() or None, headers=headers, allow_redirects=False
        ) as answer:
            text = await answer.text()
            return Answer(answer.status, text or None, answer.content_type, asked=body)


def _response(answer: Answer) -> web.Response:
    return web.Response(
        status=answer.status,
        headers={"X-Rate-Limit-Time-Reset-Ms": "200"} if answer.status == 429 else None,
        text=answer.body,
        content_type=None if answer.body is None else answer.content_type,
    )


def _cut(request: web.Request) -> web.Response:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
