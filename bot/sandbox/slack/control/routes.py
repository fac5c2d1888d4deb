"""The control API: everything a person can do and see in the workspace, as JSON over HTTP.

The page uses nothing else, so any other client can do what a person can. `user` is a Slack user id
from /control/people, `channel` a channel id, `ts` a message's ts. POST bodies are JSON objects.
Answers to POST are `{"ok": true, ...}`; whatever cannot be done is `{"ok": false, "error": CODE}`
with a 4xx status.

Reading
    GET /control/people                       {"people": [{"id", "name", "real_name", "title",
        "color", "is_admin", "is_owner", "is_bot", "deleted", "is_restricted",
        "is_ultra_restricted", "home"}], "groups": [{"id", "handle", "name",
        "users", "deleted"}], "team": {"id", "name"}, "app": {"id", "name", "bot_user_id"}}
    GET /control/commands                     {"commands": [{"command", "description",
        "usage_hint"}]}
    GET /control/shortcuts                    {"shortcuts": [{"name", "callback_id",
        "description"}]}: those on messages
    GET /control/channels?user=               {"channels": [{"id", "name", "is_private", "is_im",
        "is_archived", "topic", "member", "members", "unread"}]}; the person's direct messages with
        the app have "is_im"
    GET /control/messages?user=&channel=      {"messages": [Message]}: what stands in the channel
        itself, oldest first, with this person's ephemeral ones; counts the channel as read
    GET /control/thread?user=&channel=&ts=    {"messages": [Message]}: the thread, root first
    GET /control/modals?user=                 {"views": [View]}: the person's stack, bottom first
    GET /control/home?user=                   {"view": View or null}
    GET /control/events                       server-sent events, each `data: {"type": "message" |
        "modal" | "home" | "channel" | "people" | "reset", "channel"?, "ts"?, "thread_ts"?,
        "user"?}`: fetch that again. A "user" means that only this person's view changed.

    Message is Slack's message object with "author": {"id", "name", "is_bot"} and, where only this
    person sees it, "ephemeral": true. View is Slack's view object with "id", "hash" and "state".

Doing. Each of these waits until the app has acknowledged, up to three seconds: "operation_timeout"
when it does not, "dispatch_failed" when no app is connected. Of a stack of modals only the top one
can be used ("view_not_on_top").
    POST /control/command {user, channel, text, thread_ts?}     "unknown_command", and with a
        thread_ts "in_thread": slash commands do not work in threads
    POST /control/shortcut {user, channel, ts, callback_id}     use a message shortcut, in a thread
        as well: "unknown_shortcut"
    POST /control/message {user, channel, text, thread_ts?}     -> {"ts"}
    POST /control/action  {user, view_id | channel + ts, block_id, action_id, value?, values?}
        Press a button; choose in a select, radio, checkbox or overflow (`value`: an option's value,
        a list of them, text, null to clear). `values` is what else the person has entered so far,
        as for submit. -> {"delivered": bool}: an input without dispatch_action tells the app
        nothing. A home tab's elements go by its view_id.
    POST /control/submit  {user, view_id, values?}              -> {"errors": {block_id: text} |
        null, "action": "clear" | "update" | "push" | "errors" | null}
        `values`: {block_id: {action_id: value}}; value is text (text, number, date), an option's
        value, a list of them, {"text", "value"} for an option of an external select, null to clear.
        What is left out stays as the workspace holds it. Required fields and limits are checked
        first, as Slack's client does: "errors" without the app being asked. When the app answers
        something unusable: "invalid_response" with the "message" that people see, the "reason" and
        the "problems".
    POST /control/close   {user, view_id, all?}                 closes this view and those above it;
        `all` closes the stack, as the cross does
    POST /control/options {user, view_id | channel + ts, block_id, action_id, query}
        -> {"options": [{"text", "value"}]}; "invalid_options" when the app's answer breaks a limit
    POST /control/home    {user}                                opens the app's home tab

Arranging (for tests and demonstrations)
    The app hears of these changes by Slack's events, where it listens to them; `lost`: it does not.
    POST /control/membership {channel, user, member: bool, inviter?, lost?}    `user` may be the
        app's bot user
    POST /control/channel    {channel, archived?: bool, deleted?: true, connected?: [team ids],
        pending_ext_shared?: bool, posting?, lost?}    `connected` are the workspaces of other
        organisations that share it through Slack Connect; `posting`: what administrators forbid
        the app there, "read_only", "non_threadable", "thread_only" or "" for nothing
    POST /control/person     {user, is_admin?, is_owner?, deleted?, is_bot?, is_restricted?,
        is_ultra_restricted?, home?, enterprise_id?, teams?, real_name?, lost?}    a user that is
        not there yet is made when `real_name` is given. `home`: the id of the workspace that
        somebody comes from, another one than this: of the same organisation where `enterprise_id`
        is that of this one (`teams` are its workspaces that they are a member of), else a stranger
    POST /control/team       {enterprise_id: text}    the organisation that the workspace is one of
        (Enterprise Grid), "" for none; the app learns it when it starts
    POST /control/group      {group, users? | user + member?, deleted?: bool, lost?}    `group` is a
        user group's id, handle or name: "group_not_found"
    POST /control/delete     {user, channel, ts}                a person deletes a message, an admin
        anybody's; a root with replies leaves a tombstone: "cant_delete_message"
    POST /control/retention  {before: ts | older_than_s, channel?}    what is older vanishes
        without a tombstone, replies as well -> {"gone": n}
    POST /control/lock       {channel, ts, locked?: bool}       no replies in this thread any more
    POST /control/direct     {user, error}              the app's direct messages to somebody are
        refused with this code ("cannot_dm_bot", "messages_tab_disabled" ...), "" for no more
    POST /control/rules      {dead_root?, edit_window_s?, token?, response_url_errors?} -> {"rules"}
        What becomes of a reply to a deleted root: "top_level" (as reported), "threaded" (under its
        tombstone), "refused" (thread_not_found). For how many seconds a message can be edited
        (null: for ever). The code that refuses the bot's token ("token_revoked" ...; "": it is
        good). How a response URL tells an error: "word", "json", "ok_false" (with status 200)
    GET  /control/rules                                         {"rules": {...}}
    POST /control/reset      {}                                 the workspace as it was first made
    GET  /control/faults                                        {"faults": [...]}
    POST /control/faults     one of
        {"method", "kind": "error", "error"}                    Slack refuses with this code
        {"method", "kind": "http_status", "status", "retry_after_s"?}    429 in Slack's own shape
        {"method", "kind": "drop_before" | "drop_after"}        the connection breaks before, or
            after, the call was carried out
        {"method", "kind": "delay", "delay_s"}                  slow, then carried out
        {"method", "kind": "change", "set"?: {path: value}, "remove"?: [path]}    a good answer goes
            out with other fields, the workspace's own are right: "message.thread_ts", "members.0"
            `method` is one of the Web API, "response_url", or "*" for whatever the app calls. With
            each of these: "times" (1), "skip": so many calls pass first (0), "channel", "user",
            "contains": only calls about this conversation or this person, or with this text in
            them; "after": true: the call takes effect, only its answer goes wrong or comes late
        {"kind": "duplicate_delivery", "type"?, "times"?}       the next envelope (of this payload
            type: "view_submission", "block_actions", "slash_commands" ...) arrives twice
        {"kind": "disconnect", "reason"?, "connections"?, "handshake_s"?}    every socket must
            reconnect, or only so many, the oldest first; from now on opening one takes so long
        {"kind": "rate", "per_second": number or null, "burst"?}     messages per channel
        {"kind": "rate", "method", "per_minute": number or null}     calls of one method
        {"kind": "rate", "tiers": bool}                         calls of every method, as documented
        {"clear": true}                                         no more faults; the rate stays
    GET  /control/deliveries                  {"deliveries": [{"envelope_id", "type",
        "payload_type", "payload", "sent_at", "retry_attempt", "connections", "acked", "error",
        "answers": [{"payload", "connection", "took_s"}]}]}, oldest first
    GET  /control/calls?method=               {"calls": [{"method", "at", "status", "arguments",
        "response", "fault"}]}: Web API calls received, oldest first, without tokens, each with the
        answer that it got: none where the connection was broken before; "fault": what was ordered
        to go wrong with it, or null. A post to a response URL is one as well, its method
        "response_url".
    GET  /control/books                       {"channels": [{"id", "name", "user", "is_private",
        "is_archived", "members", "messages": [Slack's message with "metadata" and "replies"],
        "orphans": [replies whose root is gone], "gone": [{"message", "why": "deleted" |
        "retention" | "channel_deleted", "by", "at"}]}], "deleted_channels": {id: [as "gone"]},
        "ephemerals": [{"channel", "user", "message"}], "windows":
        {user: [View]}, "homes": {user: View}}: all that anybody sees, direct messages with the app
        as channels with a "user"
    GET  /control/connections                 {"connections": n}: the app's open sockets
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.slack.control import arranging, books, doing_routes, reading_routes, vanishing
from bot.sandbox.slack.control.lookup import Answer
from bot.sandbox.slack.errors import Json, Refusal
from bot.sandbox.slack.workspace import Workspace

_READ = {**reading_routes.READ, **arranging.READ, **vanishing.READ, **books.READ}
_DO = {**doing_routes.DO, **arranging.DO, **vanishing.DO}


def add_routes(app: web.Application, workspace: Workspace) -> None:
    """Add the control API's routes; GET parameters and POST bodies reach the same functions."""
    for path, answer in _READ.items():
        app.router.add_get(f"/control/{path}", _handler(workspace, answer))
    for path, answer in _DO.items():
        app.router.add_post(f"/control/{path}", _handler(workspace, answer))
    app.router.add_get("/control/events", workspace.events.stream)


def _handler(
    workspace: Workspace, answer: Answer
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            if request.method == "GET":
                return web.json_response(await answer(workspace, dict(request.query)))
            return web.json_response({"ok": True, **await answer(workspace, await _body(request))})
        except Refusal as refusal:
            body = {"ok": False, "error": refusal.error, **refusal.extra}
            return web.json_response(body, status=refusal.status)

    return handle


async def _body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(body, dict):
        raise Refusal("json_not_object")
    return body
