"""The chat methods: posting, changing and deleting messages.

https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

import time

from bot.sandbox.workspace.arguments import Arguments
from bot.sandbox.workspace.blocks.facts import MAX_POST_TEXT, MAX_UPDATE_TEXT
from bot.sandbox.workspace.core import Workspace
from bot.sandbox.workspace.errors import Json, SlackError
from bot.sandbox.workspace.messages import (
    BROADCAST,
    channel_messages,
    from_app,
    put,
    put_ephemeral,
    read_content,
    read_metadata,
    tell,
)
from bot.sandbox.workspace.world import Channel


async def post_message(workspace: Workspace, arguments: Arguments) -> Json:
    """Post a message; a user id for a channel means their direct messages."""
    channel = _target(workspace, arguments.required("channel"))
    content = read_content(arguments, MAX_POST_TEXT)
    metadata = read_metadata(arguments)
    workspace.rate.take(channel.id)
    message = from_app(workspace.world, content)
    if metadata is not None:
        message["metadata"] = metadata
    # `client_msg_id` is kept but nothing is de-duplicated by it: whether Slack does is not known.
    if "client_msg_id" in arguments:
        message["client_msg_id"] = arguments.text("client_msg_id")
    if arguments.flag("reply_broadcast") and arguments.text("thread_ts"):
        message["subtype"] = BROADCAST
    kept = put(workspace.world, channel.id, message, arguments.text("thread_ts"))
    return {"channel": channel.id, "ts": kept["ts"], "message": kept}


async def update(workspace: Workspace, arguments: Arguments) -> Json:
    """Change one of the app's own messages."""
    channel = workspace.app_channel_to_read(arguments.required("channel"))
    message = _own(workspace, channel, arguments.required("ts"), "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    content = read_content(arguments, MAX_UPDATE_TEXT)
    # Blocks that are left out stay only when there is no text either.
    if "blocks" in arguments or "text" in arguments:
        message.pop("blocks", None)
    if "metadata" in arguments:
        metadata = read_metadata(arguments)
        message.pop("metadata", None)
        if metadata is not None:
            message["metadata"] = metadata
    message.update(content)
    message["edited"] = {"user": workspace.world.bot_id, "ts": f"{time.time():.6f}"}
    tell(workspace.world, channel.id, message)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}


async def post_ephemeral(workspace: Workspace, arguments: Arguments) -> Json:
    """Show a message to one member of a channel only."""
    channel = workspace.app_channel_to_write(arguments.required("channel"))
    user = arguments.required("user")
    if user not in workspace.world.people or user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = read_content(arguments, MAX_POST_TEXT)
    message = put_ephemeral(
        workspace.world,
        channel.id,
        user,
        from_app(workspace.world, content),
        arguments.text("thread_ts"),
    )
    return {"message_ts": message["ts"]}


async def delete(workspace: Workspace, arguments: Arguments) -> Json:
    """Delete one of the app's own messages."""
    channel = workspace.app_channel_to_read(arguments.required("channel"))
    message = _own(workspace, channel, arguments.required("ts"), "cant_delete_message")
    shown = channel_messages(workspace.world, channel.id)
    if any(item["ts"] == message["ts"] and "reply_count" in item for item in shown):
        for name in ("blocks", "metadata", "edited"):
            message.pop(name, None)
        # Slack leaves a tombstone where replies hang on a message.
        message |= {
            "subtype": "tombstone",
            "text": "This message was deleted.",
            "user": "USLACKBOT",
        }
    else:
        workspace.world.messages[channel.id].remove(message)
    tell(workspace.world, channel.id, message)
    return {"channel": channel.id, "ts": message["ts"]}


async def get_permalink(workspace: Workspace, arguments: Arguments) -> Json:
    """Return a message's address on this workspace's page."""
    channel = workspace.app_channel(arguments.required("channel"))
    message = workspace.world.find_message(channel.id, arguments.required("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"{workspace.url}/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    thread_ts = message.get("thread_ts")
    if thread_ts and thread_ts != message["ts"]:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _target(workspace: Workspace, name: str) -> Channel:
    if name.startswith(("U", "W")):
        person = workspace.world.people.get(name)
        if person is None or person.is_bot:
            raise SlackError("channel_not_found")
        return workspace.world.direct_channel(person.id)
    return workspace.app_channel_to_write(name)


def _own(workspace: Workspace, channel: Channel, ts: str, error: str) -> Json:
    message = workspace.world.find_message(channel.id, ts)
    if message is None or message.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    if message.get("bot_id") != workspace.world.bot_id:
        raise SlackError(error)
    return message
