"""Posting to Slack so that nothing is said twice: one message a second, lost answers told apart.

Slack has no idempotency key for a message. A post whose answer was lost raises `AnswerLost`; the
caller settles it by reading the thread back. `client_msg_id` is not relied on: Slack documents its
errors but not the argument.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.runner import NotTold
from handlers.blocks import Block

PAUSE_S = 1.0  # docs.slack.dev: chat.postMessage takes about one message a second per channel
TRIES = 8
CLOCKS_DIFFER_S = 300.0
# `is_inactive` is what changing a message in an archived channel is refused with.
CHANNEL_GONE = {
    *("channel_not_found", "not_in_channel", "is_archived", "is_inactive", "restricted_action"),
}
MESSAGE_GONE = {"message_not_found", "thread_not_found", "cant_update_message"}


class NotPosted(NotTold):
    """Slack refused; nothing was posted. `code` is Slack's error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AnswerLost(NotTold):
    """It may have been posted: the connection broke or Slack's answer was unusable."""


class Poster:
    """The client for messages of record."""

    def __init__(
        self, slack: AsyncWebClient, *, bot_user_id: str, pause_s: float = PAUSE_S
    ) -> None:
        self._slack = slack
        self._bot_user_id = bot_user_id
        self._pause_s = pause_s
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._posted_at: dict[str, float] = {}

    async def post(
        self,
        channel: str,
        text: str,
        blocks: Sequence[Block],
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
    ) -> tuple[str, str]:
        """Post and return (channel, ts); a user id as channel reaches that person directly."""
        async with self._turns[channel]:
            waited = time.monotonic() - self._posted_at.get(channel, float("-inf"))
            await asyncio.sleep(max(0.0, self._pause_s - waited))
            try:
                answer = await self._call(
                    lambda: self._slack.chat_postMessage(
                        channel=channel,
                        text=text,
                        blocks=list(blocks),
                        thread_ts=thread_ts,
                        reply_broadcast=broadcast or None,
                        unfurl_links=False,
                        unfurl_media=False,
                    )
                )
            finally:
                self._posted_at[channel] = time.monotonic()
        return str(answer["channel"]), str(answer["ts"])

    async def update(self, channel: str, ts: str, text: str, blocks: Sequence[Block]) -> None:
        """Change a message. Doing it twice does no harm, so a lost answer is tried again."""
        for last in (False, True):
            try:
                await self._call(
                    lambda: self._slack.chat_update(
                        channel=channel, ts=ts, text=text, blocks=list(blocks)
                    )
                )
            except AnswerLost:
                if last:
                    raise
            else:
                return

    async def find_reply(
        self, channel: str, thread_ts: str, marker: str, *, ignore: str | None = None
    ) -> str | None:
        """Return the ts of the bot's own reply that holds the marker in its text."""
        return await self._find(
            lambda cursor: self._slack.conversations_replies(
                channel=channel, ts=thread_ts, limit=200, cursor=cursor
            ),
            lambda message: (
                marker in message.get("text", "") and message["ts"] not in {thread_ts, ignore}
            ),
        )

    async def find_message(
        self, channel: str, is_it: Callable[[str], bool], *, oldest: float
    ) -> str | None:
        """Return the ts of the bot's own top-level message with such a text, posted since then.

        `oldest` is by this machine's clock, which may be ahead of Slack's by some minutes.
        """
        return await self._find(
            lambda cursor: self._slack.conversations_history(
                channel=channel, oldest=f"{oldest - CLOCKS_DIFFER_S:.6f}", limit=200, cursor=cursor
            ),
            lambda message: (
                is_it(message.get("text", ""))
                and message.get("thread_ts", message["ts"]) == message["ts"]
            ),
        )

    async def permalink(self, channel: str, ts: str) -> str | None:
        """Return the address of a message, or None when Slack does not tell."""
        try:
            answer = await self._call(
                lambda: self._slack.chat_getPermalink(channel=channel, message_ts=ts)
            )
        except (NotPosted, AnswerLost):
            return None
        return str(answer["permalink"])

    async def _find(
        self,
        read: Callable[[str | None], Awaitable[Any]],
        is_it: Callable[[dict[str, Any]], bool],
    ) -> str | None:
        cursor: str | None = None
        while True:
            at = cursor
            answer = await self._call(lambda: read(at))  # noqa: B023 - awaited before `at` moves on
            for message in answer["messages"]:
                if message.get("user") == self._bot_user_id and is_it(message):
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None

    async def _call(self, send: Callable[[], Awaitable[Any]]) -> Any:
        """Send, waiting as long as Slack says when it says so."""
        for _ in range(TRIES):
            try:
                return await send()
            except SlackApiError as error:
                if error.response.status_code == 429:
                    await asyncio.sleep(float(error.response.headers.get("Retry-After", "1")))
                    continue
                if error.response.status_code >= 500:
                    raise AnswerLost(str(error.response.status_code)) from error
                raise NotPosted(str(error.response.get("error"))) from error
            except aiohttp.ClientConnectorError as error:
                raise NotPosted("no_connection") from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise AnswerLost(type(error).__name__) from error
        raise NotPosted("ratelimited")
