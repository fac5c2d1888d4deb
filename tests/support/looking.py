"""What a view or a message shows, and waiting until it does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")
View = dict[str, Any]
PATIENCE_S = 20.0


async def wait_for(
    look: Callable[[], Awaitable[T | None]],
    what: str,
    seen: Callable[[], Awaitable[str]] | None = None,
) -> T:
    """Return what `look` finds, as soon as it finds it."""
    # the monotonic clock, so that a frozen wall clock does not stop the waiting
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = await look()
        if found is not None:
            return found
        await asyncio.sleep(0.03)
    raise AssertionError(f"waited in vain for {what}\n{await seen() if seen else ''}")


def shows(message: dict[str, Any], texts: tuple[str, ...]) -> bool:
    shown = f"{message['text']}\n{words(message)}"
    return all(text in shown for text in texts)


def words(node: Any) -> str:
    """Return every text that a view or message shows, in its order."""
    return "\n".join(_texts(node))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key in ("title", "label", "text", "description"):
            if isinstance(node.get(key), str) and node.get("type") in {"mrkdwn", "plain_text"}:
                yield node[key]
        for key, value in node.items():
            if key not in {"state", "private_metadata"}:
                yield from _texts(value)
    elif isinstance(node, list):
        for entry in node:
            yield from _texts(entry)


def elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return [element for element in found if isinstance(element, dict)]


def find_button(blocks: list[dict[str, Any]], label: str) -> tuple[Any, Any]:
    for block in blocks:
        for element in elements(block):
            if element.get("type") == "button" and element["text"]["text"].startswith(label):
                return block, element
    raise AssertionError(f"no button {label!r} in {words(blocks)}")


def find_in_menu(blocks: list[dict[str, Any]], label: str, beside: str) -> tuple[Any, Any, str]:
    """Return block, overflow menu and value of the option with this label."""
    for block in blocks:
        for element in elements(block):
            if element.get("type") != "overflow" or beside not in words(block):
                continue
            for option in element["options"]:
                if option["text"]["text"].startswith(label):
                    return block, element, option["value"]
    raise AssertionError(f"no menu with {label!r} in {words(blocks)}")


def find_field(blocks: list[dict[str, Any]], field: str) -> tuple[Any, Any]:
    """Return block and element by the block's id, without what makes that unique after a `~`."""
    for block in blocks:
        if block.get("block_id", "").split("~")[0] == field:
            for element in elements(block):
                if element["type"] not in {"button", "overflow", "image"}:
                    return block, element
    raise AssertionError(f"no field {field!r} in {words(blocks)}")


def button_labels(node: dict[str, Any]) -> list[str]:
    return [
        element["text"]["text"]
        for block in node["blocks"]
        for element in block.get("elements", [])
        if element.get("type") == "button"
    ]


def in_blocks(view: View, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return values by field name as the control API wants them: by block and action id."""
    found: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            name = block["block_id"].split("~")[0]
            if name in values:
                found[block["block_id"]] = {block["element"]["action_id"]: values[name]}
    unknown = values.keys() - {block_id.split("~")[0] for block_id in found}
    assert not unknown, f"the modal has no field {unknown}: {words(view)}"
    return found
