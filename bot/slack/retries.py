"""Calls of Slack that may be made twice: repeated a few times while what stands against it passes.

Never for a post: whether one was made is looked up first (`handlers.timeline.posting`). Which
errors pass is for Slack's own table to say (`bot.slack.errors`), so a library for repeats would
save no line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.slack.errors import SLACK_ERRORS, Meaning, meaning_of, retry_after_s

WAITS_S = (0.3, 1.0)
LONGEST_WAIT_S = 20.0
# What is not listed may have been a breakdown like those that are.
PASSES = {Meaning.TRANSIENT, Meaning.UNKNOWN}
T = TypeVar("T")


async def call_again(
    method: str,
    send: Callable[[], Awaitable[T]],
    *,
    waits_s: Sequence[float] = WAITS_S,
    longest_s: float = LONGEST_WAIT_S,
) -> T:
    """Call, and again after each of these waits, or after the one that Slack names.

    Raises one of SLACK_ERRORS: what does not pass, what stays, and what Slack wants to wait longer
    than `longest_s` for.
    """
    for wait_s in waits_s:
        try:
            return await send()
        except SLACK_ERRORS as error:
            named_s = retry_after_s(error) or 0.0
            if meaning_of(method, error) not in PASSES or named_s > longest_s:
                raise
            await asyncio.sleep(max(wait_s, named_s))
    return await send()
