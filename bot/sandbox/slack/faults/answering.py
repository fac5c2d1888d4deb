"""Answering a call in which something was ordered to go wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.paths import GONE, put
from bot.sandbox.slack.errors import RateLimited, SlackError
from bot.sandbox.slack.faults.faults import Fault

CarryOut = Callable[[], Awaitable[web.Response]]
Refuse = Callable[[SlackError], web.Response]


async def answer_with(fault: Fault | None, carry_out: CarryOut, refuse: Refuse) -> web.Response:
    """Carry the call out, or not, and return the answer that the fault leaves of it.

    A call that is refused by itself keeps that answer: nothing took place that could be hidden.
    `drop_before` and `drop_after` are up to the caller, who has the connection.
    """
    if fault is None or fault.kind == "drop_after":
        return await carry_out()
    if fault.kind == "change":
        return _changed(fault, await carry_out())
    if fault.kind == "delay":
        if not fault.after:
            await asyncio.sleep(fault.delay_s)
        response = await carry_out()
        if fault.after:
            await asyncio.sleep(fault.delay_s)
        return response
    if fault.after:
        await carry_out()
    return _wrong_answer(fault, refuse)


def drop(request: web.Request) -> web.Response:
    """Break the connection off; nobody receives what is returned."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _changed(fault: Fault, response: web.Response) -> web.Response:
    if response.content_type != "application/json":
        return response
    body = json.loads(response.text or "")
    for path, value in [*fault.set.items(), *((path, GONE) for path in fault.remove)]:
        body = put(body, path, value)
    return web.json_response(body)


def _wrong_answer(fault: Fault, refuse: Refuse) -> web.Response:
    if fault.kind == "error":
        return refuse(SlackError(fault.error))
    if fault.status == 429:
        return refuse(RateLimited(fault.retry_after_s or 1))
    headers = {}
    if fault.retry_after_s is not None:
        headers["Retry-After"] = str(fault.retry_after_s)
    return web.Response(status=fault.status, text="<html>unavailable</html>", headers=headers)
