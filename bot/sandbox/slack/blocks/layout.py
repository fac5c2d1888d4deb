"""The rules of Block Kit's blocks, and of a list of them on one surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.slack.blocks.elements import check_element
from bot.sandbox.slack.blocks.facts import (
    ALERT_LEVELS,
    BLOCK_FIELDS,
    BLOCK_SURFACES,
    MAX_BLOCKS,
    MAX_ID,
)
from bot.sandbox.slack.blocks.objects import PLAIN, check_text, check_text_object
from bot.sandbox.slack.blocks.problems import Problems
from bot.sandbox.slack.errors import Json

MAX_MARKDOWN = 12_000


def check_blocks(problems: Problems, blocks: Any, surface: str, at: str) -> None:
    """Check a whole list of blocks: count, each block, block ids and what may be there once."""
    found = problems.items(blocks, at, most=MAX_BLOCKS[surface])
    seen: set[str] = set()
    for pointer, block in found:
        _check_block(problems, block, surface, pointer)
        if "block_id" in block:
            if str(block["block_id"]) in seen:
                problems.add("block_id must be unique", f"{pointer}/block_id")
            seen.add(str(block["block_id"]))
    _check_whole(problems, [block for _, block in found], at)


def elements_of(block: Json) -> list[Json]:
    """Return the elements of an actions, section or input block, leaving out what is no object."""
    found: list[Any] = []
    kind = str(block.get("type"))
    if kind in {"actions", "context_actions"} and isinstance(block.get("elements"), list):
        found = block["elements"]
    elif kind == "section":
        found = [block.get("accessory")]
    elif kind == "input":
        found = [block.get("element")]
    return [item for item in found if isinstance(item, dict)]


def _check_block(problems: Problems, block: Json, surface: str, at: str) -> None:
    kind = str(block.get("type"))
    if kind not in BLOCK_SURFACES:
        problems.add(f"unsupported type: {kind}", f"{at}/type")
        return
    if surface not in BLOCK_SURFACES[kind]:
        problems.add(f"{kind} is not supported in a {surface}", f"{at}/type")
    if kind in BLOCK_FIELDS:
        problems.fields(block, BLOCK_FIELDS[kind] | {"type", "block_id"}, at)
    problems.string(block, "block_id", at, most=MAX_ID, least=1)
    check = _CHECKS.get(kind)
    if check is not None:
        check(problems, block, surface, at)
    actions = [item["action_id"] for item in elements_of(block) if "action_id" in item]
    if len(actions) != len(set(map(str, actions))):
        problems.add("action_id must be unique within its block", at)


def _check_whole(problems: Problems, blocks: list[Json], at: str) -> None:
    focused = [
        element
        for block in blocks
        for element in elements_of(block)
        if element.get("focus_on_load") is True
    ]
    if len(focused) > 1:
        problems.add("only one element may have focus_on_load", at)
    if sum(block.get("type") in ("table", "data_table") for block in blocks) > 1:
        problems.add("only one table is allowed", at)
    markdown = sum(
        len(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown"
    )
    if markdown > MAX_MARKDOWN:
        problems.add(f"markdown must be less than {MAX_MARKDOWN + 1} characters", at)


def _check_section(problems: Problems, block: Json, surface: str, at: str) -> None:
    check_text(problems, block, "text", at, most=3000)
    if "fields" in block:
        for pointer, field in problems.items(block["fields"], f"{at}/fields", most=10):
            check_text_object(problems, field, pointer, most=2000)
    elif "text" not in block:
        problems.add("missing required field: text", at)
    if block.get("accessory") is not None:
        check_element(problems, block["accessory"], "section", surface, f"{at}/accessory")


def _check_header(problems: Problems, block: Json, surface: str, at: str) -> None:
    check_text(problems, block, "text", at, most=150, kinds=PLAIN, needed=True)


def _check_alert(problems: Problems, block: Json, surface: str, at: str) -> None:
    check_text(problems, block, "text", at, most=3000, needed=True)
    problems.one_of(block, "level", ALERT_LEVELS, at)


def _check_image(problems: Problems, block: Json, surface: str, at: str) -> None:
    problems.string(block, "image_url", at, most=3000)
    problems.string(block, "alt_text", at, most=2000, needed=True)
    check_text(problems, block, "title", at, most=2000, kinds=PLAIN)


def _check_context(problems: Problems, block: Json, surface: str, at: str) -> None:
    for pointer, element in problems.items(block.get("elements"), f"{at}/elements", most=10):
        check_element(problems, element, "context", surface, pointer)


def _check_actions(problems: Problems, block: Json, surface: str, at: str) -> None:
    for pointer, element in problems.items(block.get("elements"), f"{at}/elements", most=25):
        check_element(problems, element, "actions", surface, pointer)


def _check_input(problems: Problems, block: Json, surface: str, at: str) -> None:
    check_text(problems, block, "label", at, most=2000, kinds=PLAIN, needed=True)
    check_text(problems, block, "hint", at, most=2000, kinds=PLAIN)
    problems.flag(block, "optional", at)
    problems.flag(block, "dispatch_action", at)
    if block.get("element") is None:
        problems.add("missing required field: element", at)
        return
    check_element(problems, block["element"], "input", surface, f"{at}/element")


def _check_markdown(problems: Problems, block: Json, surface: str, at: str) -> None:
    problems.string(block, "text", at, most=MAX_MARKDOWN, least=1, needed=True)


def _check_rich_text(problems: Problems, block: Json, surface: str, at: str) -> None:
    problems.items(block.get("elements"), f"{at}/elements", most=1000, least=0)


def _check_table(problems: Problems, block: Json, surface: str, at: str) -> None:
    rows = block.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 100:
        problems.add("must have from 1 to 100 rows", f"{at}/rows")
        return
    if any(not isinstance(row, list) or not 1 <= len(row) <= 20 for row in rows):
        problems.add("a row must have from 1 to 20 cells", f"{at}/rows")


def _check_container(problems: Problems, block: Json, surface: str, at: str) -> None:
    name = "elements" if block["type"] == "carousel" else "child_blocks"
    problems.items(block.get(name), f"{at}/{name}", most=10)


_CHECKS: dict[str, Callable[[Problems, Json, str, str], None]] = {
    "section": _check_section,
    "header": _check_header,
    "alert": _check_alert,
    "image": _check_image,
    "context": _check_context,
    "actions": _check_actions,
    "input": _check_input,
    "markdown": _check_markdown,
    "rich_text": _check_rich_text,
    "table": _check_table,
    "carousel": _check_container,
    "container": _check_container,
}
