"""Block Kit as Slack enforces it: which blocks, where, how many, how long.

`check_message` and `check_view` return what is wrong, in Slack's words with JSON pointers; nothing
when all is well. `with_ids` gives blocks and elements the ids that Slack makes up when an app
leaves them out.
"""

from __future__ import annotations

import copy
import secrets
from typing import Any

from bot.sandbox.slack.blocks.facts import (
    MAX_ID,
    MAX_OPTIONS,
    MAX_PRIVATE_METADATA,
    MAX_VIEW_LABEL,
    MESSAGE,
    MODAL,
)
from bot.sandbox.slack.blocks.layout import check_blocks, elements_of
from bot.sandbox.slack.blocks.objects import PLAIN, check_option_groups, check_options, check_text
from bot.sandbox.slack.blocks.problems import Problems
from bot.sandbox.slack.errors import Json

__all__ = [
    "check_message",
    "check_suggestions",
    "check_view",
    "elements_of",
    "text_length",
    "with_ids",
]

_VIEW_FIELDS = frozenset({"type", "blocks", "private_metadata", "callback_id", "external_id"})
_MODAL_FIELDS = _VIEW_FIELDS | {
    "title",
    "submit",
    "close",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
}


def check_message(blocks: Any) -> list[str]:
    """Return what is wrong with a message's blocks; an empty list of blocks is none at all."""
    problems = Problems()
    if blocks != []:
        check_blocks(problems, blocks, MESSAGE, "/blocks")
    return problems.messages


def check_view(view: Json, surface: str) -> list[str]:
    """Return what is wrong with a view that is meant for `surface`, modal or home."""
    problems = Problems()
    at = "/view"
    if view.get("type") != surface:
        problems.add(f"must be a {surface}", f"{at}/type")
        return problems.messages
    problems.fields(view, _MODAL_FIELDS if surface == MODAL else _VIEW_FIELDS, at)
    problems.string(view, "private_metadata", at, most=MAX_PRIVATE_METADATA)
    problems.string(view, "callback_id", at, most=MAX_ID)
    problems.string(view, "external_id", at, most=MAX_ID)
    if surface == MODAL:
        _check_frame(problems, view, at)
    check_blocks(problems, view.get("blocks"), surface, f"{at}/blocks")
    return problems.messages


def check_suggestions(payload: Json) -> list[str]:
    """Return what is wrong with an app's answer to a block suggestion."""
    problems = Problems()
    if "option_groups" in payload:
        if payload["option_groups"] != []:
            check_option_groups(problems, payload["option_groups"], "/option_groups")
    elif payload.get("options") != []:
        check_options(problems, payload.get("options"), "/options", most=MAX_OPTIONS)
    return problems.messages


def text_length(content: Any) -> int:
    """Return how many characters of text the blocks show, all together."""
    if isinstance(content, list):
        return sum(text_length(item) for item in content)
    if not isinstance(content, dict):
        return 0
    own = len(content["text"]) if isinstance(content.get("text"), str) else 0
    return own + sum(text_length(item) for item in content.values())


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return a copy of the blocks in which every block and every element has its id."""
    copied = copy.deepcopy(blocks)
    for block in copied:
        block.setdefault("block_id", secrets.token_hex(3))
        for element in elements_of(block):
            if element.get("type") != "image":
                element.setdefault("action_id", secrets.token_hex(3))
    return copied


def _check_frame(problems: Problems, view: Json, at: str) -> None:
    most = MAX_VIEW_LABEL
    check_text(problems, view, "title", at, most=most, kinds=PLAIN, needed=True)
    check_text(problems, view, "submit", at, most=most, kinds=PLAIN)
    check_text(problems, view, "close", at, most=most, kinds=PLAIN)
    problems.flag(view, "clear_on_close", at)
    problems.flag(view, "notify_on_close", at)
    blocks = view.get("blocks")
    inputs = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if inputs and view.get("submit") is None:
        problems.add("missing required field: submit", at)
