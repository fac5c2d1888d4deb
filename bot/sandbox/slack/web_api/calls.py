"""Slack's Web API over HTTP: tokens, arguments, faults, and the error shapes.

https://docs.slack.dev/apis/web-api
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.slack.errors import Json, RateLimited, SlackError
from bot.sandbox.slack.faults.answering import answer_with, drop
from bot.sandbox.slack.faults.calls import Call
from bot.sandbox.slack.web_api import chat, conversations, groups, people, views
from bot.sandbox.slack.web_api.arguments import Arguments, read_arguments
from bot.sandbox.slack.web_api.scopes import check_scope
from bot.sandbox.slack.workspace import Workspace

METHODS: dict[str, Callable[[Workspace, Arguments], Awaitable[Json]]] = {
    "apps.connections.open": people.connections_open,
    "auth.test": people.auth_test,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_direct,
    "conversations.replies": conversations.replies,
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
    arguments, fault = Arguments({}), None

    async def carry_out() -> web.Response:
        return await _carry_out(workspace, method, arguments)

    try:
        arguments = await read_arguments(request)
        fault = workspace.faults.take(_call(workspace, method, arguments))
        if fault is not None and fault.kind == "drop_before":
            workspace.record(method, arguments.values, None, fault)
            return drop(request)
        _check_token(workspace, method, request, arguments)
        response = await answer_with(fault, carry_out, _refuse)
    except SlackError as error:
        response = _refuse(error)
    workspace.record(method, arguments.values, response, fault)
    if fault is not None and fault.kind == "drop_after":
        return drop(request)
    response.headers["X-OAuth-Scopes"] = ",".join(workspace.manifest.scopes)
    return response


async def _carry_out(workspace: Workspace, method: str, arguments: Arguments) -> web.Response:
    run = METHODS.get(method)
    if run is None:
        raise SlackError("unknown_method", req_method=method)
    workspace.rates.count_call(method)
    check_scope(workspace.manifest, method)
    return web.json_response({"ok": True, **await run(workspace, arguments)})


def _call(workspace: Workspace, method: str, arguments: Arguments) -> Call:
    """Say what the call is about; of a view and of a trigger the workspace knows whose it is."""
    modal = workspace.modals.find(arguments.text("view_id"), arguments.text("external_id"))
    user = modal.user if modal is not None else ""
    trigger = arguments.text("trigger_id") or arguments.text("interactivity_pointer")
    owner = user or workspace.triggers.owner(trigger)
    return Call.of(method, arguments.values, *([owner] if owner else []))


def _check_token(
    workspace: Workspace, method: str, request: web.Request, arguments: Arguments
) -> None:
    header = request.headers.get("Authorization", "")
    if method in APP_TOKEN_METHODS and not header:
        raise SlackError("missing_args")  # this token is taken from the header alone
    token = header.removeprefix("Bearer ").strip() or arguments.text("token")
    if not token:
        raise SlackError("not_authed")
    if token not in {workspace.bot_token, workspace.app_token}:
        raise SlackError("invalid_auth")
    if token == workspace.bot_token and workspace.rules.token:
        raise SlackError(workspace.rules.token)
    if (token == workspace.app_token) != (method in APP_TOKEN_METHODS):
        raise SlackError("not_allowed_token_type")


def _refuse(error: SlackError) -> web.Response:
    if isinstance(error, RateLimited):
        headers = {"Retry-After": str(error.retry_after_s)}
        return web.json_response(error.body(), status=429, headers=headers)
    return web.json_response(error.body())
