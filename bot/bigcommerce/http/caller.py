"""A call until it has an answer: turns, waiting after 429, repeating what may be repeated.

No library for repeats is used: how long a call waits is for the window of requests to say, which
all calls share, and what a 429 tells moves that window for everybody. The number of tries is the
smaller part.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bot.bigcommerce.http.answers import read_json
from bot.bigcommerce.http.errors import NoAnswer, NotSent, RateLimited
from bot.bigcommerce.http.quota import Limits, OverQuota, OverShare, number
from bot.bigcommerce.http.transport import Answer, Call, Transport

NO_QUOTA = "BigCommerce's request limit for this store is used up for the moment."
OWN_SHARE_USED = (
    "You have looked at more at once than one person can. Wait a moment, then try again."
)
LONGEST_BACK_OFF_S = 16.0
SHORTEST_WAIT_S = 0.1


class NoQuota(NotSent):
    """The window with a place for this call comes too late; trying again soon is no use."""


class Caller:
    """Carries calls out. `max_wait_s` bounds the waiting for quota, over all attempts of a call."""

    def __init__(
        self,
        transport: Transport,
        limits: Limits,
        *,
        max_wait_s: float,
        retry_waits_s: Sequence[float],
    ) -> None:
        self._transport = transport
        self._limits = limits
        self._max_wait_s = max_wait_s
        self._retry_waits_s = tuple(retry_waits_s)

    async def fetch(self, call: Call) -> Any:
        """Return the answer's JSON with numbers as Decimal, None when it is empty.

        NotSent is repeated for every call, NoAnswer only for repeatable ones.
        """
        until = time.monotonic() + self._max_wait_s
        for wait_s in self._retry_waits_s:
            try:
                return await self._attempt(call, until)
            except NoQuota:
                raise
            except NotSent:
                pass
            except NoAnswer:
                if not call.repeatable:
                    raise
            await asyncio.sleep(jittered(wait_s))
        return await self._attempt(call, until)

    async def _attempt(self, call: Call, until: float) -> Any:
        """One answer other than 429, which what changes nothing is repeated after.

        A 429 is documented as not carried out, but whoever writes looks before believing it.
        """
        refusals = 0
        while True:
            try:
                answer = await self._send(call, until)
                return read_json(call, answer)
            except RateLimited:
                wait_s = self._wait_after_429(answer, refusals)
                if not call.repeatable or time.monotonic() + wait_s > until:
                    raise
                refusals += 1
                await asyncio.sleep(wait_s)

    async def _send(self, call: Call, until: float) -> Answer:
        try:
            async with self._limits.turn(call.share, until=until):
                sent_at = time.monotonic()
                answer = await self._transport.send(call)
                self._limits.observe(answer.headers, sent_at=sent_at)
                return answer
        except OverQuota as error:
            why = OWN_SHARE_USED if isinstance(error, OverShare) else NO_QUOTA
            raise NoQuota(call.name, why) from error

    def _wait_after_429(self, answer: Answer, refusals: int) -> float:
        wait_s = told_wait_s(answer.headers)
        if wait_s is None:  # the platform itself is under load
            return jittered(min(2.0**refusals, LONGEST_BACK_OFF_S))
        self._limits.close(wait_s)
        return wait_s


def told_wait_s(headers: Mapping[str, str]) -> float | None:
    """Return how long a 429 says to wait, the longer where it says it twice; None: it does not."""
    reset_ms = number(headers, "x-rate-limit-time-reset-ms")
    told = (
        None if reset_ms is None else reset_ms / 1000,
        number(headers, "x-retry-after"),
        number(headers, "retry-after"),
    )
    waits = [wait_s for wait_s in told if wait_s is not None]
    return max([*waits, SHORTEST_WAIT_S]) if waits else None


def jittered(wait_s: float) -> float:
    """Return between half and all of the wait, so that calls do not come back in step."""
    return wait_s * random.uniform(0.5, 1)  # noqa: S311 - spreads load, guards nothing
