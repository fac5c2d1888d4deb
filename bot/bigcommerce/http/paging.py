"""Lists over several pages, whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from bot.bigcommerce.http.answers import data_of, rows_of
from bot.bigcommerce.http.errors import UnusableAnswer
from bot.bigcommerce.http.transport import Call

# V2 documents 50 as its default and no maximum for sub-resources. A cap below what was asked for
# would look like the last page, so the documented number it is.
V2_LIMIT = 50
V3_LIMIT = 250
# Far above what a store has: the most are 16,000 categories. It ends a list that never does.
MOST_PAGES = 200


class Fetcher(Protocol):
    """Whoever has calls answered."""

    async def fetch(self, call: Call) -> Any:
        """Return the answer's JSON, None when it is empty."""


async def v2_pages(
    fetcher: Fetcher, call: Call, *, is_paged: bool = False, most: int = MOST_PAGES
) -> list[Any]:
    """Return the members of all pages. An empty page is a 204 without a body.

    A resource that ignores `page` gives the same members again, and that is the end, unless it is
    known to be `is_paged`: then something is missing. After `most` pages it is endless.
    """
    members: list[Any] = []
    for page in range(1, most + 1):
        answer = await fetcher.fetch(_page(call, page, V2_LIMIT))
        found = [] if answer is None else rows_of(call, answer)
        if not found:
            return members
        if found == members[-len(found) :]:
            if is_paged:
                break
            return members
        members += found
        if len(found) < V2_LIMIT:
            return members
    raise endless(call)


async def v3_pages(fetcher: Fetcher, call: Call, *, may_be_204: bool = False) -> list[Any]:
    """Return the members of all pages, as `meta.pagination` counts them.

    Nothing found is an empty list; 204 only where it `may_be_204`. A page that holds another number
    of members than it says is unusable: what is missing must not pass for deleted.
    """
    members: list[Any] = []
    for page in range(1, MOST_PAGES + 1):
        answer = await fetcher.fetch(_page(call, page, V3_LIMIT))
        if answer is None and may_be_204:
            return members
        found = rows_of(call, data_of(call, answer))
        pagination = _pagination(answer)
        if pagination.get("count", len(found)) != len(found):
            raise UnusableAnswer(call.name, "BigCommerce's list is not as long as it says.")
        members += found
        # Where nothing is counted, a page that is not full is the last one.
        if page >= pagination.get("total_pages", page + len(found) // V3_LIMIT):
            return members
    raise endless(call)


def _page(call: Call, page: int, limit: int) -> Call:
    return replace(call, query={**call.query, "page": str(page), "limit": str(limit)})


def _pagination(answer: dict[str, Any]) -> dict[str, int]:
    """Return what is counted; what is no number is not."""
    meta = answer.get("meta")
    counted = meta.get("pagination") if isinstance(meta, dict) else None
    if not isinstance(counted, dict):
        return {}
    return {name: number for name, number in counted.items() if type(number) is int}


def endless(call: Call) -> UnusableAnswer:
    """Return the error for a list of which only a part can be read: that is not to be acted on."""
    return UnusableAnswer(call.name, "BigCommerce's list does not end.")
