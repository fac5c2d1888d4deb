"""Calling Slack for messages of record: as often as it takes calls; what came of each call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.errors import Meaning, error_code, is_outcome_unknown, meaning, retry_after_s

PAUSE_S = 1.0  # docs.slack.dev: chat.postMessage takes about one message a second per channel
AT_ONCE = 2  # and short bursts
TRIES = 3
LONGEST_WAIT_S = 60.0  # what Slack wants to wait longer for is tried again by whoever posts
HELD_PAUSE_S = 1.2  # 50 a minute, as most methods take
AGAIN_S = (0.3, 1.0)


class PostRefused(Exception):
    """Slack refused. `code` is its error, `meaning` what that means.

    `wait_s` is how long Slack wants to wait, 0 where it does not say. Nothing was done, unless the
    meaning is UNKNOWN: then nobody knows.
    """

    def __init__(self, code: str, meaning: Meaning, wait_s: float = 0.0) -> None:
        super().__init__(code)
        self.code = code
        self.meaning = meaning
        self.wait_s = wait_s


class PostAnswerLost(Exception):
    """It may have been done: the connection broke, or Slack's answer does not say."""


class Bucket:
    """Lets `AT_ONCE` through at once, then one every `pause_s` seconds, in the order of asking."""

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s
        self._full_at = 0.0

    async def take(self) -> None:
        """Return when it is one's turn."""
        now = time.monotonic()
        self._full_at = max(self._full_at, now) + self._pause_s
        await asyncio.sleep(max(0.0, self._full_at - AT_ONCE * self._pause_s - now))


class Calls:
    """Makes them; they raise PostRefused or PostAnswerLost."""

    def __init__(self, scale: float) -> None:
        """`scale` stretches the waits before a call is made again."""
        self._scale = scale
        # When Slack takes calls again that it has refused as too many, by method and channel.
        self._open_at: dict[tuple[str, str], float] = {}

    async def again(self, method: str, send: Callable[[], Awaitable[Any]]) -> Any:
        """Call what may be done twice: after a lost answer it is."""
        for wait_s in AGAIN_S:
            try:
                return await self.once(method, send)
            except PostAnswerLost:
                await asyncio.sleep(wait_s * self._scale)
        return await self.once(method, send)

    async def once(self, method: str, send: Callable[[], Awaitable[Any]], channel: str = "") -> Any:
        """Call, waiting as long as Slack says when it says so, within bounds.

        Slack counts posts by channel, other calls by method alone.
        """
        for _ in range(TRIES):
            await self._until_open(method, channel)
            try:
                return await send()
            except SlackApiError as error:
                if (wait_s := retry_after_s(error)) is not None:
                    open_at = time.monotonic() + wait_s * self._scale
                    self._open_at[method, channel] = max(
                        open_at, self._open_at.get((method, channel), open_at)
                    )
                    continue
                code = error_code(error)
                means = meaning(method, code)
                if means is not Meaning.UNKNOWN and is_outcome_unknown(method, code):
                    raise PostAnswerLost(code) from error
                raise PostRefused(code, means) from error
            except aiohttp.ClientConnectorError as error:
                raise PostRefused("no_connection", Meaning.TRANSIENT) from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise PostAnswerLost(error_code(error)) from error
        raise self._too_many(self._open_at[method, channel] - time.monotonic())

    async def _until_open(self, method: str, channel: str) -> None:
        """Wait where Slack has refused such calls; whoever waits goes on one after the other."""
        place, now = (method, channel), time.monotonic()
        open_at = self._open_at.get(place, now)
        if open_at - now > LONGEST_WAIT_S * self._scale:
            raise self._too_many(open_at - now)
        if open_at > now:
            self._open_at[place] = open_at + HELD_PAUSE_S * self._scale
            await asyncio.sleep(open_at - now)

    def _too_many(self, wait_s: float) -> PostRefused:
        return PostRefused("ratelimited", Meaning.TRANSIENT, max(0.0, wait_s / self._scale))
