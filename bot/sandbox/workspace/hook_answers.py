"""Response URLs over HTTP: what is posted there, and how Slack answers it."""

from __future__ import annotations

import json

from aiohttp import web

from bot.sandbox.workspace.core import Workspace
from bot.sandbox.workspace.errors import Json, SlackError
from bot.sandbox.workspace.faults.answering import answer_with, drop
from bot.sandbox.workspace.faults.calls import RESPONSE_URL, Call

_GONE = frozenset({"used_url", "expired_url", "no_service"})


async def answer_hook(workspace: Workspace, request: web.Request) -> web.Response:
    """Answer one post to a response URL."""
    name = request.match_info["name"]
    fault = None

    async def carry_out() -> web.Response:
        workspace.hooks.use(name, body)
        return web.Response(text="ok")

    try:
        body = await _read(request)
        about = {"channel": workspace.hooks.channel(name), **body}
        fault = workspace.faults.take(Call.of(RESPONSE_URL, about, workspace.hooks.owner(name)))
        if fault is not None and fault.kind == "drop_before":
            return drop(request)
        response = await answer_with(fault, carry_out, _refuse)
    except SlackError as error:
        response = _refuse(error)
    if fault is not None and fault.kind == "drop_after":
        return drop(request)
    return response


async def _read(request: web.Request) -> Json:
    try:
        return dict(json.loads(await request.text()))
    except (ValueError, TypeError):
        raise SlackError("invalid_payload") from None


def _refuse(error: SlackError) -> web.Response:
    return web.Response(status=404 if error.error in _GONE else 400, text=error.error)
