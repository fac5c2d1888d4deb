"""The chat methods: posting and changing messages.

https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

import time

from bot.sandbox.slack.blocks.facts import MAX_POST_TEXT, MAX_UPDATE_TEXT
from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.messages.content import from_app, read_content, read_metadata
from bot.sandbox.slack.messages.keeping import put, put_ephemeral, tell
from bot.sandbox.slack.messages.removing import is_tombstone
from bot.sandbox.slack.messages.replying import root_for
from bot.sandbox.slack.messages.threads import BROADCAST, replies_to
from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.web_api.places import check_direct, check_posting, place_to_post
from bot.sandbox.slack.web_api.scopes import check_customize
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel


async def post_message(workspace: Workspace, arguments: Arguments) -> Json:
    """Post a message; a user id for a channel means their direct messages."""
    channel = place_to_post(workspace, arguments.required("channel"))
    name = check_customize(workspace.manifest, arguments)
    if arguments.flag("as_user"):
        raise SlackError("as_user_not_supported")
    content = read_content(arguments, MAX_POST_TEXT)
    metadata = read_metadata(arguments)
    thread_ts = arguments.text("thread_ts")
    root = root_for(workspace.world, workspace.rules.dead_root, channel.id, thread_ts)
    check_posting(channel, is_reply=bool(root))
    workspace.rates.count_message("chat.postMessage", channel.id)
    message = from_app(workspace.world, content) | name
    if metadata is not None:
        message["metadata"] = metadata
    # `client_msg_id` is kept but nothing is de-duplicated by it: whether Slack does is not known.
    if "client_msg_id" in arguments:
        message["client_msg_id"] = arguments.text("client_msg_id")
    if arguments.flag("reply_broadcast") and root:
        message["subtype"] = BROADCAST
    kept = put(workspace.world, channel.id, message, root)
    return {"channel": channel.id, "ts": kept["ts"], "message": kept}


async def update(workspace: Workspace, arguments: Arguments) -> Json:
    """Change one of the app's own messages."""
    channel = workspace.app_channel_to_read(arguments.required("channel"))
    if channel.is_archived:
        raise SlackError("is_inactive")
    message = _own(workspace, channel, arguments.required("ts"), "cant_update_message")
    window_s = workspace.rules.edit_window_s
    if window_s is not None and time.time() - float(message["ts"]) > window_s:
        raise SlackError("edit_window_closed")
    content = read_content(arguments, MAX_UPDATE_TEXT)
    message.pop("blocks", None)  # those of a message that gets text only do not stay
    if "metadata" in arguments:
        metadata = read_metadata(arguments)
        message.pop("metadata", None)
        if metadata is not None:
            message["metadata"] = metadata
    message.update(content)
    if "blocks" not in content:  # Slack shows no mark where blocks were replaced
        message["edited"] = {"user": workspace.world.bot_id, "ts": f"{time.time():.6f}"}
    tell(workspace.world, channel.id, message)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}


async def post_ephemeral(workspace: Workspace, arguments: Arguments) -> Json:
    """Show a message to one member of a channel only.

    In a thread it is shown only where the thread has replies already; Slack answers ok all the
    same.
    """
    channel = workspace.app_channel_to_write(arguments.required("channel"))
    check_direct(workspace, channel)
    user = arguments.required("user")
    person = workspace.world.people.get(user)
    if person is None or person.deleted or user not in channel.members:
        raise SlackError("user_not_in_channel")
    if channel.posting == "read_only":
        raise SlackError("restricted_action")
    name = check_customize(workspace.manifest, arguments)
    content = read_content(arguments, MAX_POST_TEXT)
    thread_ts = arguments.text("thread_ts")
    root = root_for(workspace.world, workspace.rules.dead_root, channel.id, thread_ts)
    if root and channel.posting == "non_threadable":
        raise SlackError("cannot_reply_to_message")
    message = from_app(workspace.world, content) | name
    if root and not replies_to(workspace.world, channel.id, root):
        return {"message_ts": workspace.world.new_ts()}
    shown = put_ephemeral(workspace.world, channel.id, user, message, root)
    return {"message_ts": shown["ts"]}


async def get_permalink(workspace: Workspace, arguments: Arguments) -> Json:
    """Return a message's address on this workspace's page."""
    channel = workspace.app_channel(arguments.required("channel"))
    message = workspace.world.find_message(channel.id, arguments.required("message_ts"))
    if message is None or is_tombstone(message):
        raise SlackError("message_not_found")
    link = f"{workspace.url}/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    thread_ts = message.get("thread_ts")
    if thread_ts and thread_ts != message["ts"]:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _own(workspace: Workspace, channel: Channel, ts: str, error: str) -> Json:
    world = workspace.world
    if any((e["channel"], e["message"]["ts"]) == (channel.id, ts) for e in world.ephemerals):
        raise SlackError(error)
    message = world.find_message(channel.id, ts)
    if message is None or is_tombstone(message):
        raise SlackError("message_not_found")
    if message.get("bot_id") != world.bot_id:
        raise SlackError(error)
    return message
