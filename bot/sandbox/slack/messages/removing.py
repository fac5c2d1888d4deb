"""Messages that go: deleted by somebody, or by the workspace's retention."""

from __future__ import annotations

import time

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.messages.keeping import tell
from bot.sandbox.slack.messages.threads import is_reply, replies_to
from bot.sandbox.slack.world import World

TOMBSTONE = "tombstone"
_SHOWN_BY_A_TOMBSTONE = ("type", "ts", "thread_ts", "team")


def is_tombstone(message: Json) -> bool:
    """Return whether the message is what Slack leaves of a deleted root."""
    return message.get("subtype") == TOMBSTONE


def delete(world: World, channel: str, message: Json, by: str) -> None:
    """Delete a message; a root that replies hang on leaves a tombstone."""
    _remember(world, channel, message, "deleted", by)
    if replies_to(world, channel, message["ts"]):
        kept = {name: message[name] for name in _SHOWN_BY_A_TOMBSTONE if name in message}
        message.clear()
        message |= kept | {
            "subtype": TOMBSTONE,
            "text": "This message was deleted.",
            "user": "USLACKBOT",
            "hidden": True,
        }
    else:
        world.messages[channel].remove(message)
        _drop_bare_tombstone(world, channel, message)
    tell(world, channel, message)


def retire(world: World, channel: str, before: str) -> int:
    """Let everything older than `before` vanish, as retention does; return how many went.

    No tombstone is left, and a reply that is younger than its root stays without it.
    """
    kept: list[Json] = []
    gone: list[Json] = []
    for message in world.messages[channel]:
        (gone if message["ts"] < before else kept).append(message)
    world.messages[channel] = kept
    for message in gone:
        if not is_tombstone(message):
            _remember(world, channel, message, "retention", "")
        tell(world, channel, message)
    return len(gone)


def remove_channel(world: World, channel: str) -> None:
    """Delete a channel with all that stands in it."""
    for message in world.messages.pop(channel, []):
        if not is_tombstone(message):
            _remember(world, channel, message, "channel_deleted", "")
    del world.channels[channel]


def was_there(world: World, channel: str, ts: str) -> bool:
    """Return whether a message of this ts stood in the channel and is gone."""
    return any(item["message"]["ts"] == ts for item in world.gone[channel])


def _remember(world: World, channel: str, message: Json, why: str, by: str) -> None:
    world.gone[channel].append({"message": dict(message), "why": why, "by": by, "at": time.time()})


def _drop_bare_tombstone(world: World, channel: str, message: Json) -> None:
    if not is_reply(message) or replies_to(world, channel, message["thread_ts"]):
        return
    root = world.find_message(channel, message["thread_ts"])
    if root is not None and is_tombstone(root):
        world.messages[channel].remove(root)
