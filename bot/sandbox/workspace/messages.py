"""Messages as Slack's methods take them and give them back."""

from __future__ import annotations

import copy
import re
from typing import Any

from bot.sandbox.workspace.arguments import Arguments
from bot.sandbox.workspace.blocks import check_message, with_ids
from bot.sandbox.workspace.errors import Json, SlackError
from bot.sandbox.workspace.world import World

# What a person's text is cut into: code and what is a link already, then what becomes one.
_LINKS = re.compile(
    r"(?P<kept>```.*?```|`[^`\n]+`|<[^<>\n]+>)"
    r"|(?P<url>https?://[^\s<>|`]*[^\s<>|`.,;:!?)\]'\"])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})",
    re.DOTALL,
)


def read_content(arguments: Arguments, most_text: int) -> Json:
    """Return text and blocks of a message to be, checked; refuse the call when they are wrong."""
    return check_content(
        arguments.text("text"), arguments.structure("blocks", "invalid_blocks_format"), most_text
    )


def check_content(text: str, blocks: Any, most_text: int) -> Json:
    """Return the content with ids in place, or raise SlackError."""
    if len(text) > most_text:
        raise SlackError("msg_too_long")
    content: Json = {"text": text}
    if blocks is not None:
        problems = check_message(blocks)
        if problems:
            raise SlackError("invalid_blocks", *problems, errors=problems)
        if blocks:
            content["blocks"] = with_ids(blocks)
    if not text and "blocks" not in content:
        raise SlackError("no_text")
    return content


def read_metadata(arguments: Arguments) -> Json | None:
    """Return the message's metadata, or None; nested payloads and odd keys are refused."""
    metadata = arguments.structure("metadata", "invalid_metadata_format")
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict) or any(isinstance(v, dict) for v in payload.values()):
        raise SlackError("invalid_metadata_schema")
    return {"event_type": metadata["event_type"], "event_payload": payload}


def from_app(world: World, content: Json) -> Json:
    """Return a message of the app with this content."""
    bot = world.people[world.bot_user_id]
    return {
        "type": "message",
        "user": bot.id,
        "bot_id": world.bot_id,
        "app_id": world.app_id,
        "team": world.team.id,
        "bot_profile": {
            "id": world.bot_id,
            "app_id": world.app_id,
            "name": bot.real_name,
            "team_id": world.team.id,
            "deleted": False,
        },
        **content,
    }


def from_person(world: World, user: str, text: str) -> Json:
    """Return a message that a person wrote."""
    return {"type": "message", "user": user, "team": world.team.id, "text": text}


def with_links(text: str) -> str:
    """Return a person's text as Slack keeps it: `<https://...>` and `<mailto:a@b.com|a@b.com>`.

    https://docs.slack.dev/messaging/formatting-message-text#automatic-parsing
    """

    def link(match: re.Match[str]) -> str:
        if match["url"]:
            return f"<{match['url']}>"
        return f"<mailto:{match['mail']}|{match['mail']}>" if match["mail"] else match[0]

    return _LINKS.sub(link, text)


def put(world: World, channel: str, message: Json, thread_ts: str = "") -> Json:
    """Give the message its ts, keep it in the channel or thread, and return it as kept.

    A `thread_ts` that names no message of this channel is refused; one that names a reply stands
    for its thread, as in Slack.
    """
    if thread_ts:
        message["thread_ts"] = thread_root(world, channel, thread_ts)["ts"]
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


def thread_root(world: World, channel: str, ts: str) -> Json:
    """Return the root of the thread that this message is in, or refuse the call."""
    message = world.find_message(channel, ts)
    if message is None:
        raise SlackError("thread_not_found")
    root = world.find_message(channel, message.get("thread_ts", ts))
    return root if root is not None else message


BROADCAST = "thread_broadcast"


def is_reply(message: Json) -> bool:
    """Return whether the message is in a thread without being its root."""
    return message.get("thread_ts") not in {None, message["ts"]}


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
    replies = [
        message
        for message in world.messages[channel]
        if is_reply(message) and message["thread_ts"] == root["ts"]
    ]
    parent = {"parent_user_id": root.get("user")}
    return [_with_thread(root, replies), *(copy.deepcopy(reply) | parent for reply in replies)]


def without_metadata(message: Json) -> Json:
    """Return the message as a reader gets it who did not ask for metadata."""
    return {name: value for name, value in message.items() if name != "metadata"}


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
        "is_locked": False,
        "subscribed": True,
    }
