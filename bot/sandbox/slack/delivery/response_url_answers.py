"""Response URLs over HTTP: what is posted there, and how Slack answers it.

Three shapes of errors are reported: a status with a plain word, JSON with a status, and JSON with
status 200. Which one comes is a rule of the workspace; which status goes with which word is known
of few, so the rest have 400.
"""

from __future__ import annotations

import json

from aiohttp import web

from bot.sandbox.slack.errors import Json, RateLimited, SlackError
from bot.sandbox.slack.faults.answering import answer_with, drop
from bot.sandbox.slack.faults.calls import RESPONSE_URL, Call
from bot.sandbox.slack.workspace import Workspace

_STATUS = {"used_url": 404, "expired_url": 410, "no_service": 404, "channel_not_found": 404}


async def answer_response_url(workspace: Workspace, request: web.Request) -> web.Response:
    """Answer one post to a response URL."""
    name = request.match_info["name"]
    body: Json = {}
    about: Json = {"response_url": request.path, "channel": workspace.hooks.channel(name)}
    fault = None

    async def carry_out() -> web.Response:
        workspace.rates.count_message(RESPONSE_URL, workspace.hooks.channel(name))
        workspace.hooks.use(name, body)
        return web.Response(text="ok")

    def refuse(error: SlackError) -> web.Response:
        return _refuse(workspace.rules.response_url_errors, error)

    try:
        body = await _read(request)
        about |= body
        fault = workspace.faults.take(Call.of(RESPONSE_URL, about, workspace.hooks.owner(name)))
        if fault is not None and fault.kind == "drop_before":
            workspace.record(RESPONSE_URL, about, None, fault)
            return drop(request)
        response = await answer_with(fault, carry_out, refuse)
    except SlackError as error:
        response = refuse(error)
    workspace.record(RESPONSE_URL, about, response, fault)
    if fault is not None and fault.kind == "drop_after":
        return drop(request)
    return response


async def _read(request: web.Request) -> Json:
    try:
        return dict(json.loads(await request.text()))
    except (ValueError, TypeError):
        raise SlackError("invalid_payload") from None


def _refuse(shape: str, error: SlackError) -> web.Response:
    if isinstance(error, RateLimited):
        headers = {"Retry-After": str(error.retry_after_s)}
        return web.Response(status=429, text="rate_limited", headers=headers)
    status = 200 if shape == "ok_false" else _STATUS.get(error.error, 400)
    if shape == "word":
        return web.Response(status=status, text=error.error)
    return web.json_response(error.body(), status=status)
