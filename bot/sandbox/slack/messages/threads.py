"""Threads: which message hangs on which, and how Slack shows them."""

from __future__ import annotations

import copy

from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.world import World

BROADCAST = "thread_broadcast"


def thread_root(world: World, channel: str, ts: str) -> Json:
    """Return the root of the thread that this message is in, or refuse the call."""
    message = world.find_message(channel, ts)
    root = message and world.find_message(channel, message.get("thread_ts", ts))
    if root is None:
        raise SlackError("thread_not_found")
    return root


def is_reply(message: Json) -> bool:
    """Return whether the message is in a thread without being its root."""
    return message.get("thread_ts") not in {None, message["ts"]}


def replies_to(world: World, channel: str, ts: str) -> list[Json]:
    """Return what hangs on the root of this ts, oldest first."""
    return [m for m in world.messages[channel] if is_reply(m) and m["thread_ts"] == ts]


def channel_messages(world: World, channel: str) -> list[Json]:
    """Return what stands in the channel itself, oldest first, roots with their thread's figures.

    Replies that were sent to the channel as well stand there, too.
    """
    replies: dict[str, list[Json]] = {}
    for message in world.messages[channel]:
        if is_reply(message):
            replies.setdefault(message["thread_ts"], []).append(message)
    return [
        _with_thread(message, replies.get(message["ts"], []))
        for message in world.messages[channel]
        if not is_reply(message) or message.get("subtype") == BROADCAST
    ]


def thread_messages(world: World, channel: str, ts: str) -> list[Json]:
    """Return a thread, root first, then its replies from the oldest on."""
    root = thread_root(world, channel, ts)
    replies = replies_to(world, channel, root["ts"])
    parent = {"parent_user_id": root.get("user")}
    return [_with_thread(root, replies), *(copy.deepcopy(reply) | parent for reply in replies)]


def _with_thread(message: Json, replies: list[Json]) -> Json:
    shown = copy.deepcopy(message)
    if not replies:
        return shown
    users = list(dict.fromkeys(str(reply.get("user")) for reply in replies))
    return shown | {
        "thread_ts": message["ts"],
        "reply_count": len(replies),
        "reply_users": users[:5],
        "reply_users_count": len(users),
        "latest_reply": replies[-1]["ts"],
        "is_locked": bool(message.get("is_locked")),
        "subscribed": True,
    }
