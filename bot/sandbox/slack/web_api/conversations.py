"""The conversations methods: what a channel is, who is in it, what was said.

https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.messages.content import without_metadata
from bot.sandbox.slack.messages.threads import channel_messages, thread_messages
from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.web_api.paging import LARGEST, page
from bot.sandbox.slack.web_api.scopes import DIRECT, PRIVATE, PUBLIC, check_kind
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel, Person

DEFAULT_LIMIT = 100
MOST_TO_OPEN = 8
MOST_REPLIES = 1000
_SCOPES = {"public_channel": PUBLIC, "private_channel": PRIVATE, "im": DIRECT, "mpim": "mpim"}


async def info(workspace: Workspace, arguments: Arguments) -> Json:
    """Return a channel."""
    channel = _check(workspace, workspace.app_channel(arguments.required("channel")), "read")
    shown = describe(workspace, channel)
    if arguments.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


async def members(workspace: Workspace, arguments: Arguments) -> Json:
    """List a channel's members."""
    channel = _check(workspace, workspace.app_channel(arguments.required("channel")), "read")
    found, paging = page(channel.members, arguments, DEFAULT_LIMIT)
    return {"members": found, **paging}


async def open_direct(workspace: Workspace, arguments: Arguments) -> Json:
    """Open direct messages with one person."""
    if arguments.text("channel"):
        channel = workspace.app_channel(arguments.text("channel"))
        if not channel.is_im:
            raise SlackError("method_not_supported_for_channel_type")
    else:
        channel = workspace.world.direct_channel(_addressee(workspace, arguments).id)
    shown = describe(workspace, channel) if arguments.flag("return_im") else {"id": channel.id}
    return {"channel": shown}


def _addressee(workspace: Workspace, arguments: Arguments) -> Person:
    users = [user for user in arguments.text("users").split(",") if user]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > MOST_TO_OPEN:
        raise SlackError("too_many_users")
    people = [workspace.world.people.get(user) for user in users]
    person = people[0]
    if person is None or None in people:
        raise SlackError("user_not_found")
    if len(users) > 1:
        check_kind(workspace.manifest, "mpim", "write")
        raise SlackError("invalid_user_combination")  # the sandbox has no group messages
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.deleted:
        raise SlackError("user_disabled")
    return person


async def history(workspace: Workspace, arguments: Arguments) -> Json:
    """Return what stands in a channel, newest first."""
    channel = workspace.app_channel_to_read(arguments.required("channel"))
    _check(workspace, channel, "history")
    found = _within(channel_messages(workspace.world, channel.id), arguments)
    return _answer(list(reversed(found)), arguments, DEFAULT_LIMIT)


async def replies(workspace: Workspace, arguments: Arguments) -> Json:
    """Return a thread, its root always first: whatever `oldest` says, and on every page."""
    channel = workspace.app_channel_to_read(arguments.required("channel"))
    _check(workspace, channel, "history")
    root, *rest = thread_messages(workspace.world, channel.id, arguments.required("ts"))
    thread = [root, *_within(rest, arguments)]
    answer = _answer(thread, arguments, MOST_REPLIES, MOST_REPLIES)
    if arguments.text("cursor"):
        answer["messages"].insert(0, _shown(root, arguments))
    return answer


def describe(workspace: Workspace, channel: Channel) -> Json:
    """Return Slack's channel object."""
    shown: Json = {
        "id": channel.id,
        "is_archived": channel.is_archived,
        "is_frozen": False,
        "is_im": channel.is_im,
        "is_mpim": False,
        "context_team_id": workspace.world.team.id,
    }
    if channel.is_im:
        return shown | {"user": channel.user, "is_open": True}
    return shown | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_private": channel.is_private,
        "is_member": workspace.is_app_in(channel),
        "is_general": channel.name == "general",
        "is_ext_shared": bool(channel.connected),
        "is_org_shared": False,
        "is_shared": bool(channel.connected),
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "connected_team_ids": channel.connected,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _type(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _check(workspace: Workspace, channel: Channel, right: str) -> Channel:
    check_kind(workspace.manifest, _SCOPES[_type(channel)], right)
    return channel


def _within(messages: list[Json], arguments: Arguments) -> list[Json]:
    oldest, latest = _ts(arguments, "oldest"), _ts(arguments, "latest")
    inclusive = arguments.flag("inclusive")
    kept = []
    for message in messages:
        ts = Decimal(message["ts"])
        if oldest is not None and (ts < oldest or (ts == oldest and not inclusive)):
            continue
        if latest is not None and (ts > latest or (ts == latest and not inclusive)):
            continue
        kept.append(message)
    return kept


def _ts(arguments: Arguments, name: str) -> Decimal | None:
    text = arguments.text(name)
    if not text or text == "now":
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise SlackError(f"invalid_ts_{name}") from None


def _answer(messages: list[Json], arguments: Arguments, default: int, most: int = LARGEST) -> Json:
    found, paging = page(messages, arguments, default, most)
    found = [_shown(message, arguments) for message in found]
    more = bool(paging["response_metadata"]["next_cursor"])
    return {"messages": found, "has_more": more, **(paging if more else {})}


def _shown(message: Json, arguments: Arguments) -> Json:
    return message if arguments.flag("include_all_metadata") else without_metadata(message)
