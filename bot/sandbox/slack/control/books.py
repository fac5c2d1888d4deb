"""The workspace's books: everything that anybody sees or saw, for whoever audits it."""

from __future__ import annotations

import copy

from bot.sandbox.slack.control.lookup import Answer
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.messages.threads import is_reply, replies_to
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel, World


async def show_books(workspace: Workspace, given: Json) -> Json:
    """Return all messages, windows and home tabs as they are now, and what is gone."""
    world = workspace.world
    return {
        "channels": [_channel(world, channel) for channel in world.channels.values()],
        "deleted_channels": {
            channel: gone for channel, gone in world.gone.items() if channel not in world.channels
        },
        "ephemerals": copy.deepcopy(world.ephemerals),
        "windows": {
            user: [modal.to_json() for modal in stack]
            for user, stack in workspace.modals.stacks.items()
            if stack
        },
        "homes": world.homes,
    }


def _channel(world: World, channel: Channel) -> Json:
    messages = world.messages[channel.id]
    roots = {message["ts"] for message in messages if not is_reply(message)}
    return {
        "id": channel.id,
        "name": channel.name,
        "user": channel.user,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "members": channel.members,
        "messages": [
            {**message, "replies": replies_to(world, channel.id, message["ts"])}
            for message in messages
            if not is_reply(message)
        ],
        "orphans": [m for m in messages if is_reply(m) and m["thread_ts"] not in roots],
        "gone": world.gone[channel.id],
    }


READ: dict[str, Answer] = {"books": show_books}
