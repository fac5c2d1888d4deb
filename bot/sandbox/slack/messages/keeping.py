"""Messages that come: each gets its ts, is kept, and is told of."""

from __future__ import annotations

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.world import World


def put(world: World, channel: str, message: Json, thread_ts: str = "") -> Json:
    """Give the message its ts, keep it in the channel or thread, and return it as kept.

    `thread_ts` is the root it hangs on, as `replying.root_for` found it.
    """
    if thread_ts:
        message["thread_ts"] = thread_ts
    message["ts"] = world.new_ts()
    world.messages[channel].append(message)
    tell(world, channel, message)
    return message


def put_ephemeral(
    world: World, channel: str, user: str, message: Json, thread_ts: str = ""
) -> Json:
    """Show the message to one person only, until the workspace stops."""
    message["ts"] = world.new_ts()
    message["is_ephemeral"] = True
    if thread_ts:
        message["thread_ts"] = thread_ts
    world.ephemerals.append({"channel": channel, "user": user, "message": message})
    tell(world, channel, message, user)
    return message


def tell(world: World, channel: str, message: Json, user: str | None = None) -> None:
    """Note that a message came, changed or went."""
    note: Json = {"type": "message", "channel": channel, "ts": message["ts"]}
    if message.get("thread_ts"):
        note["thread_ts"] = message["thread_ts"]
    if user is not None:
        note["user"] = user
    world.changed(note)
