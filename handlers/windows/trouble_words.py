"""What is said in words of a window that Slack does not show as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handlers.block_kit.builders import Block
from handlers.block_kit.mrkdwn import inert, shorten
from handlers.windows.views import View

LONGEST = 2900
SPEAKING = frozenset({"alert", "context", "divider", "header", "section"})
CLOSE_IT = "Slack did not show this in the window, which you can close."
STANDS_STILL = (
    "Slack did not take what the window “{title}”{about} was to show. Nothing more was sent from "
    "it; what you had confirmed counts. Close it and open it again."
)


def plain_words(view: View) -> str:
    """Return as mrkdwn all that a view says; "" where there is something to do in it."""
    return spoken(view["blocks"])


def spoken(blocks: Sequence[Block]) -> str:
    """Return as mrkdwn all that blocks say; "" where there is something to do in them."""
    speaking = [block for block in blocks if not _is_link_row(block)]
    if any(block["type"] not in SPEAKING or "accessory" in block for block in speaking):
        return ""
    said = "\n".join(text for block in speaking for text in _texts(block))
    return shorten(said, LONGEST)


def stuck_words(view: View, order_id: int | None) -> str:
    """Return as mrkdwn what a window was to show, or that it stands still and what to do then."""
    title = inert(str(view["title"]["text"]))
    if said := plain_words(view):
        return f"*{title}*\n{said}"
    about = f" (order {order_id})" if order_id else ""
    return STANDS_STILL.format(title=title, about=about)


def _is_link_row(block: Block) -> bool:
    return block["type"] == "actions" and all("url" in each for each in block["elements"])


def _texts(block: Block) -> Iterator[str]:
    parts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
    for part in parts:
        if part and "text" in part:
            yield _mrkdwn(part)


def _mrkdwn(part: Mapping[str, Any]) -> str:
    text = str(part["text"])
    return inert(text) if part["type"] == "plain_text" else text
