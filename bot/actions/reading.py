"""Reading several things at once, and one again and again until something shows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from bot.bigcommerce.http.errors import BigCommerceError

logger = logging.getLogger(__name__)

T = TypeVar("T")

# What only decorates is worth a moment's wait, and no more.
EXTRAS_S = 4.0


@asynccontextmanager
async def together() -> AsyncIterator[asyncio.TaskGroup]:
    """Run tasks side by side. The first that fails stops the others, and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except ExceptionGroup as failed:  # the group has one error or more, whatever their kind
        raise failed.exceptions[0] from failed


async def or_none(reading: Coroutine[None, None, T], what: str) -> T | None:
    """Return what is read, None when it cannot be or takes long: for what is only shown."""
    try:
        async with asyncio.timeout(EXTRAS_S):
            return await reading
    except (BigCommerceError, TimeoutError) as error:
        logger.warning(
            "not read to be shown",
            extra={"what": what, "error": str(error) or type(error).__name__},
        )
        return None


async def read_until(
    waits: Sequence[float], read: Callable[[], Awaitable[T]], is_enough: Callable[[T], bool]
) -> T | None:
    """Read after each pause until it is enough; return the last reading, None if all failed.

    A reading that fails is logged and skipped: what is being looked for has already been sent, so
    one bad moment must not decide how it ended.
    """
    latest: T | None = None
    for wait in waits or (0,):
        await asyncio.sleep(wait)
        try:
            latest = await read()
        except BigCommerceError as error:
            logger.warning("reading back failed", extra={"error": str(error)})
            continue
        if is_enough(latest):
            break
    return latest
