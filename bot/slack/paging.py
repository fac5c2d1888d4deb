"""Lists of Slack over several pages, to their end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.retries import call_again

# Far above what a workspace has: Slack may send a fifth of the 999 that are asked for at once.
MOST_PAGES = 500


class Endless(TimeoutError):
    """A list does not end: a part of it is known, which must not pass for the whole."""


async def pages(
    method: str, read: Callable[[str], Awaitable[AsyncSlackResponse]]
) -> AsyncIterator[AsyncSlackResponse]:
    """Yield the pages that `read` returns by their cursors; "" is that of the first one.

    Each is read as `call_again` does. Raises Endless where a cursor comes again, or after
    MOST_PAGES.
    """
    cursors = {""}
    cursor = ""
    for _ in range(MOST_PAGES):
        at = cursor
        answer = await call_again(method, lambda: read(at))  # noqa: B023 - awaited
        yield answer
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
        if cursor in cursors:
            break
        cursors.add(cursor)
    raise Endless(method)
