"""The store's request quota, which all its apps share: taking turns before a call.

https://developer.bigcommerce.com/docs/start/best-practices/api-rate-limits: every answer tells how
much of the window's quota is left and when the window ends.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

# The part of the quota that is left alone at the beginning of a window: for the store's other apps,
# and by background work for the agents too. It shrinks as the window passes, for what is left at
# its end is lost to everybody.
KEPT_BACK = 0.1
KEPT_BACK_IN_BACKGROUND = 0.4
# Servers tell the end of one window with some milliseconds of difference.
SAME_WINDOW_S = 0.1
USUAL_WINDOW_S = 30.0
SHORTEST_WAIT_S = 0.01


class OverQuota(Exception):
    """The turn would come later than the caller may wait."""


class Limits:
    """What is known about the current window. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._quota = 0  # 0: not known yet, or without limit
        self._left = 0
        self._window_s = USUAL_WINDOW_S
        # The window that was heard of last ends between these two: when the store told how much
        # time is left lies between sending and the answer, which a busy process reads late.
        self._earliest_end = self._latest_end = -math.inf
        self._ends_at = -math.inf
        self._in_flight = 0
        self._closed_until = 0.0
        # First come, first served; by whether it is background work.
        self._lines = {True: asyncio.Lock(), False: asyncio.Lock()}

    @asynccontextmanager
    async def turn(self, *, background: bool, until: float) -> AsyncIterator[None]:
        """Wait for a place in the window, and hold it as long as the call runs.

        Raises OverQuota as soon as it is clear that the place would come after `until` (on the
        clock).
        """
        try:
            async with asyncio.timeout(until - self._clock()), self._lines[background]:
                while (wait_s := self._wait_s(background)) > 0:
                    if self._clock() + wait_s > until:
                        raise OverQuota
                    await asyncio.sleep(wait_s)
                self._in_flight += 1
        except TimeoutError as error:
            raise OverQuota from error
        try:
            yield
        finally:
            self._in_flight -= 1

    def observe(self, headers: Mapping[str, str], *, sent_at: float) -> None:
        """Take in what an answer says about the window. Unreadable headers say nothing.

        `sent_at` is the moment (on the clock) before its call was sent.
        """
        left = number(headers, "x-rate-limit-requests-left")
        quota = number(headers, "x-rate-limit-requests-quota")
        reset_ms = number(headers, "x-rate-limit-time-reset-ms")
        if left is None or quota is None or reset_ms is None:
            return
        earliest = sent_at + reset_ms / 1000
        latest = self._clock() + reset_ms / 1000
        if earliest > self._latest_end + SAME_WINDOW_S:
            self._left, self._ends_at = int(left), latest
            self._earliest_end, self._latest_end = earliest, latest
        elif latest >= self._earliest_end - SAME_WINDOW_S:
            if self._ends_at == self._latest_end:  # else that window is over, and this answer late
                # Answers may overtake each other: within a window the quota only shrinks.
                self._left = min(self._left, int(left))
                self._ends_at = min(self._latest_end, latest)
            self._earliest_end = max(self._earliest_end, earliest)
            self._latest_end = min(self._latest_end, latest)
        # Else it is a late answer of a window before.
        self._quota = int(quota)
        window_ms = number(headers, "x-rate-limit-time-window-ms")
        self._window_s = window_ms / 1000 if window_ms else USUAL_WINDOW_S

    def close(self, wait_s: float) -> None:
        """Let nobody start before `wait_s` have passed: a 429 came with its time."""
        self._closed_until = max(self._closed_until, self._clock() + wait_s)

    def _wait_s(self, background: bool) -> float:
        now = self._clock()
        if now < self._closed_until:
            return self._closed_until - now
        if not self._quota:
            return 0
        if now >= self._ends_at:
            # A window has ended and the next has not been heard of: it is full until then.
            self._left, self._ends_at = self._quota, now + self._window_s
        free = self._left - self._in_flight
        left_s = self._ends_at - now
        kept_back = self._quota * (KEPT_BACK_IN_BACKGROUND if background else KEPT_BACK)
        if free > kept_back * min(1.0, left_s / self._window_s):
            return 0
        # The part that is kept back shrinks to what is free when so much of the window is left.
        free_at_s = self._window_s * max(0, free) / kept_back
        return max(left_s - free_at_s, SHORTEST_WAIT_S)


def number(headers: Mapping[str, str], name: str) -> float | None:
    """Return the header as a number of at least 0, or None."""
    try:
        value = float(headers.get(name, ""))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
