"""Slack's Web API over HTTP: tokens, arguments, faults, and the error shapes.

https://docs.slack.dev/apis/web-api
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.workspace import methods_chat as chat
from bot.sandbox.workspace import methods_conversations as conversations
from bot.sandbox.workspace import methods_groups as groups
from bot.sandbox.workspace import methods_people as people
from bot.sandbox.workspace import methods_views as views
from bot.sandbox.workspace.arguments import Arguments, read_arguments
from bot.sandbox.workspace.core import Workspace
from bot.sandbox.workspace.errors import Json, RateLimited, SlackError
from bot.sandbox.workspace.faults import Fault
from bot.sandbox.workspace.scopes import check_scope

METHODS: dict[str, Callable[[Workspace, Arguments], Awaitable[Json]]] = {
    "apps.connections.open": people.connections_open,
    "auth.test": people.auth_test,
    "bots.info": people.bots_info,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.list": conversations.list_all,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_direct,
    "conversations.replies": conversations.replies,
    "team.info": people.team_info,
    "usergroups.list": groups.list_groups,
    "usergroups.users.list": groups.list_users,
    "users.info": people.users_info,
    "users.list": people.users_list,
    "views.open": views.open_view,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}
APP_TOKEN_METHODS = frozenset({"apps.connections.open"})


async def answer_call(workspace: Workspace, request: web.Request) -> web.Response:
    """Answer one call of /api/{method}."""
    method = request.match_info["method"]
    fault = workspace.faults.take(method)
    if fault is not None and fault.kind == "drop_before":
        return _drop(request)
    if fault is not None and fault.kind == "delay":
        await asyncio.sleep(fault.delay_s)
    arguments = Arguments({})
    try:
        arguments = await read_arguments(request)
        _check_token(workspace, method, request, arguments)
        response = _fault_response(fault) or await _carry_out(workspace, method, arguments)
    except SlackError as error:
        response = _refuse(error)
    _record(workspace, method, arguments, response)
    if fault is not None and fault.kind == "drop_after":
        return _drop(request)
    response.headers["X-OAuth-Scopes"] = ",".join(workspace.manifest.scopes)
    return response


async def _carry_out(workspace: Workspace, method: str, arguments: Arguments) -> web.Response:
    run = METHODS.get(method)
    if run is None:
        raise SlackError("unknown_method", req_method=method)
    check_scope(workspace.manifest, method)
    return web.json_response({"ok": True, **await run(workspace, arguments)})


def _check_token(
    workspace: Workspace, method: str, request: web.Request, arguments: Arguments
) -> None:
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip() or arguments.text("token")
    if not token:
        raise SlackError("not_authed")
    if token not in {workspace.bot_token, workspace.app_token}:
        raise SlackError("invalid_auth")
    if (token == workspace.app_token) != (method in APP_TOKEN_METHODS):
        raise SlackError("not_allowed_token_type")


def _fault_response(fault: Fault | None) -> web.Response | None:
    if fault is None or fault.kind not in {"error", "http_status"}:
        return None
    if fault.kind == "error":
        return _refuse(SlackError(fault.error))
    headers = {}
    if fault.retry_after_s is not None:
        headers["Retry-After"] = str(fault.retry_after_s)
    return web.Response(status=fault.status, text="<html>unavailable</html>", headers=headers)


def _refuse(error: SlackError) -> web.Response:
    if isinstance(error, RateLimited):
        headers = {"Retry-After": str(error.retry_after_s)}
        return web.json_response(error.body(), status=429, headers=headers)
    return web.json_response(error.body())


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # nobody receives it


def _record(
    workspace: Workspace, method: str, arguments: Arguments, response: web.Response
) -> None:
    call: Json = {"method": method, "at": time.time(), "status": response.status}
    call["arguments"] = {k: v for k, v in arguments.values.items() if k != "token"}
    call["response"] = response.text
    workspace.calls.append(call)
