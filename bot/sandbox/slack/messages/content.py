"""What a message holds, as Slack's methods take it."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack.blocks.checks import check_message, text_length, with_ids
from bot.sandbox.slack.blocks.facts import MAX_BLOCKS_TEXT
from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.world import World

# What a person's text is cut into: code and what is a link already, then what becomes one.
_LINKS = re.compile(
    r"(?P<kept>```.*?```|`[^`\n]+`|<[^<>\n]+>)"
    r"|(?P<url>https?://[^\s<>|`]*[^\s<>|`.,;:!?)\]'\"])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})",
    re.DOTALL,
)
_METADATA = frozenset({"event_type", "event_payload", "entities"})
_METADATA_KEY = re.compile(r"[a-z][a-z0-9_]*")


def read_content(arguments: Arguments, most_text: int) -> Json:
    """Return text and blocks of a message to be, checked; refuse the call when they are wrong."""
    text = arguments.text("text")
    blocks = arguments.structure("blocks", "invalid_blocks_format")
    if "markdown_text" in arguments:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text = arguments.text("markdown_text")
    content = check_content(text, blocks, most_text)
    if text_length(content.get("blocks")) > MAX_BLOCKS_TEXT:
        raise SlackError("msg_blocks_too_long")  # a response URL took such blocks
    return content


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
    if not isinstance(metadata, dict) or not metadata.keys() <= _METADATA:
        raise SlackError("invalid_metadata_format")
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not _METADATA_KEY.fullmatch(event_type):
        raise SlackError("invalid_metadata_format")
    if not isinstance(payload, dict) or not all(_is_plain(*item) for item in payload.items()):
        raise SlackError("invalid_metadata_schema")
    return {"event_type": metadata["event_type"], "event_payload": payload}


def _is_plain(key: str, value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    is_flat = not any(isinstance(item, dict | list) for item in items)
    return bool(_METADATA_KEY.fullmatch(key)) and is_flat


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


def without_metadata(message: Json) -> Json:
    """Return the message as a reader gets it who did not ask for metadata."""
    return {name: value for name, value in message.items() if name != "metadata"}
