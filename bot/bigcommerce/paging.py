"""Lists over several pages, whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.bigcommerce.answers import UNREADABLE, data_of
from bot.bigcommerce.caller import Caller
from bot.bigcommerce.errors import NoAnswer
from bot.bigcommerce.transport import Call

# V2 documents 50 as its default and no maximum for sub-resources. A cap below what was asked for
# would look like the last page, so the documented number it is.
V2_LIMIT = 50
V3_LIMIT = 250


async def v2_pages(caller: Caller, call: Call) -> list[Any]:
    """Return the members of all pages. An empty page is a 204 without a body."""
    members: list[Any] = []
    page = 1
    while True:
        answer = await caller.fetch(_page(call, page, V2_LIMIT))
        found = _members(call, [] if answer is None else answer)
        # A resource that ignores `page` gives the same members again.
        if not found or found == members[-len(found) :]:
            return members
        members += found
        if len(found) < V2_LIMIT:
            return members
        page += 1


async def v3_pages(caller: Caller, call: Call) -> list[Any]:
    """Return the members of all pages, as `meta.pagination` counts them."""
    members: list[Any] = []
    page = 1
    while True:
        answer = await caller.fetch(_page(call, page, V3_LIMIT))
        found = _members(call, [] if answer is None else data_of(call, answer))
        members += found
        if not found or page >= _total_pages(answer):
            return members
        page += 1


def _members(call: Call, found: Any) -> list[Any]:
    # Anything but a list must not pass for an empty one: an order without its lines looks refunded.
    if not isinstance(found, list):
        raise NoAnswer(call.name, UNREADABLE)
    return found


def _page(call: Call, page: int, limit: int) -> Call:
    return replace(call, query={**call.query, "page": str(page), "limit": str(limit)})


def _total_pages(answer: dict[str, Any]) -> int:
    meta = answer.get("meta")
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    total = pagination.get("total_pages") if isinstance(pagination, dict) else None
    return total if isinstance(total, int) else 1
