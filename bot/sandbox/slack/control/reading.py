"""The control API's part that reads: what a person sees of the workspace."""

from __future__ import annotations

import copy
from dataclasses import asdict

from bot.sandbox.control import Refusal
from bot.sandbox.slack.control.lookup import Answer, channel_of, person_of
from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.messages.threads import channel_messages, is_reply, thread_messages
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel, Person


async def show_people(workspace: Workspace, given: Json) -> Json:
    """Return everybody, their groups, the team and the app."""
    world = workspace.world
    shown = [
        {
            "id": person.id,
            "name": person.name,
            "real_name": person.real_name,
            "title": person.title,
            "color": person.color,
            "is_admin": person.is_admin,
            "is_owner": person.is_owner,
            "is_bot": person.is_bot,
            "deleted": person.deleted,
            "is_restricted": person.is_restricted,
            "is_ultra_restricted": person.is_ultra_restricted,
            "home": person.home or world.team.id,
        }
        for person in world.people.values()
    ]
    return {
        "people": shown,
        "groups": [
            {
                "id": group.id,
                "handle": group.handle,
                "name": group.name,
                "users": group.users,
                "deleted": group.deleted,
            }
            for group in world.groups.values()
        ],
        "team": {"id": world.team.id, "name": world.team.name},
        "app": {
            "id": world.app_id,
            "name": workspace.manifest.name,
            "bot_user_id": world.bot_user_id,
        },
    }


async def show_commands(workspace: Workspace, given: Json) -> Json:
    """Return the app's slash commands."""
    return {"commands": [asdict(command) for command in workspace.manifest.commands]}


async def show_shortcuts(workspace: Workspace, given: Json) -> Json:
    """Return the app's shortcuts on messages."""
    return {"shortcuts": [asdict(shortcut) for shortcut in workspace.manifest.shortcuts]}


async def show_channels(workspace: Workspace, given: Json) -> Json:
    """Return the channels the person can see, their direct messages with the app last."""
    world, person = workspace.world, person_of(workspace, given)
    world.direct_channel(person.id)
    visible = [
        channel
        for channel in world.channels.values()
        if person.id in channel.members or not channel.is_private
    ]
    visible.sort(key=lambda channel: channel.is_im)
    return {"channels": [_channel(workspace, person, channel) for channel in visible]}


async def show_messages(workspace: Workspace, given: Json) -> Json:
    """Return what stands in the channel for this person, oldest first, and count it as read."""
    person = person_of(workspace, given)
    channel = channel_of(workspace, person, given)
    found = channel_messages(workspace.world, channel.id)
    found += [m for m in _ephemerals(workspace, person, channel) if not m.get("thread_ts")]
    found.sort(key=_order)
    world = workspace.world
    if world.messages[channel.id]:
        world.read[person.id][channel.id] = world.messages[channel.id][-1]["ts"]
    return {"messages": [_with_author(workspace, message) for message in found]}


async def show_thread(workspace: Workspace, given: Json) -> Json:
    """Return a thread for this person, root first."""
    person = person_of(workspace, given)
    channel = channel_of(workspace, person, given)
    try:
        root, *replies = thread_messages(workspace.world, channel.id, str(given.get("ts")))
    except SlackError as error:
        raise Refusal(error.error, 404) from None
    own = _ephemerals(workspace, person, channel)
    replies += [message for message in own if message.get("thread_ts") == root["ts"]]
    replies.sort(key=_order)
    return {"messages": [_with_author(workspace, message) for message in (root, *replies)]}


async def show_modals(workspace: Workspace, given: Json) -> Json:
    """Return the person's open modals, bottom first."""
    stack = workspace.modals.stacks.get(person_of(workspace, given).id, [])
    return {"views": [modal.to_json() for modal in stack]}


async def show_home(workspace: Workspace, given: Json) -> Json:
    """Return the person's home tab, None before the app published one."""
    return {"view": workspace.world.homes.get(person_of(workspace, given).id)}


def find_message(workspace: Workspace, person: Person, channel: Channel, ts: str) -> Json:
    """Return a message as this person sees it, ephemeral ones included, or raise Refusal."""
    world = workspace.world
    message = world.find_ephemeral(channel.id, ts, person.id) or world.find_message(channel.id, ts)
    if message is None:
        raise Refusal("message_not_found", 404)
    if message.get("is_ephemeral"):
        return message
    thread = thread_messages(world, channel.id, ts)
    return next(item for item in thread if item["ts"] == ts)


def _channel(workspace: Workspace, person: Person, channel: Channel) -> Json:
    world = workspace.world
    read = world.read[person.id].get(channel.id, "0")
    unread = [
        message
        for message in world.messages[channel.id]
        if message["ts"] > read and message.get("user") != person.id and not is_reply(message)
    ]
    return {
        "id": channel.id,
        "name": workspace.manifest.name if channel.is_im else channel.name,
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "is_archived": channel.is_archived,
        "topic": channel.topic,
        "member": person.id in channel.members,
        "members": channel.members,
        "unread": len(unread),
    }


def _ephemerals(workspace: Workspace, person: Person, channel: Channel) -> list[Json]:
    return [
        copy.deepcopy(item["message"]) | {"ephemeral": True}
        for item in workspace.world.ephemerals
        if (item["channel"], item["user"]) == (channel.id, person.id)
    ]


def _order(message: Json) -> str:
    return str(message["ts"])


def _with_author(workspace: Workspace, message: Json) -> Json:
    person = workspace.world.people.get(str(message.get("user")))
    author: Json = {"id": message.get("user"), "name": "Slackbot", "is_bot": True}
    if person is not None:
        author |= {"name": person.real_name, "is_bot": person.is_bot}
    return message | {"author": author}


READ: dict[str, Answer] = {
    "people": show_people,
    "commands": show_commands,
    "shortcuts": show_shortcuts,
    "channels": show_channels,
    "messages": show_messages,
    "thread": show_thread,
    "modals": show_modals,
    "home": show_home,
}
