"""Slack's cursors: opaque text that says where the next page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.web_api.arguments import Arguments

T = TypeVar("T")
LARGEST = 999  # that may be asked for
MOST_AT_ONCE = 200  # that come: Slack may send fewer than asked for although there are more


def page(
    items: Sequence[T], arguments: Arguments, default: int, most: int = LARGEST
) -> tuple[list[T], Json]:
    """Return one page of at most `limit` items, and the fields of the answer that lead on."""
    limit = arguments.number("limit", default, most)
    start = _start(arguments.text("cursor"))
    stop = start + min(limit, MOST_AT_ONCE)
    more = stop < len(items)
    cursor = base64.b64encode(f"next:{stop}".encode()).decode() if more else ""
    return list(items[start:stop]), {"response_metadata": {"next_cursor": cursor}}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, number = base64.b64decode(cursor, validate=True).decode().split(":")
        if word == "next":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise SlackError("invalid_cursor")
