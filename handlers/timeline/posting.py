"""Posting to Slack so that nothing is said twice: paced, refusals and lost answers told apart.

Slack has no idempotency key for a message. Each one carries the key of what it says in its
metadata, and after a lost answer it is looked for by that. `client_msg_id` is not relied on: Slack
documents its errors but not the argument.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import Meaning, error_code, is_outcome_unknown, meaning, retry_after_s
from handlers.block_kit.builders import Block

PAUSE_S = 1.0  # docs.slack.dev: chat.postMessage takes about one message a second per channel
AT_ONCE = 2  # and short bursts
TRIES = 3
LONGEST_WAIT_S = 60.0  # what Slack wants to wait longer for is tried again by whoever posts
HELD_PAUSE_S = 1.2  # 50 a minute, as most methods take
AGAIN_S = (0.3, 1.0)
CLOCKS_DIFFER_S = 300.0
PAGE = 200
MOST_PAGES = 100
MOST_LINKS = 2000
# https://docs.slack.dev/messaging/message-metadata: every member can read it, as the text.
EVENT_TYPE = "makegood"


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


MESSAGE_GONE = {Meaning.MESSAGE_GONE, Meaning.THREAD_GONE}
GONE = MESSAGE_GONE | {Meaning.CHANNEL_GONE}


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands, as Slack answered it.

    A reply whose `thread_ts` is None stands in the channel itself: its thread is gone.
    """

    channel: str
    ts: str
    thread_ts: str | None


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


class Poster:
    """The client for messages of record; its methods raise Refused or AnswerLost."""

    def __init__(
        self,
        slack: AsyncWebClient,
        *,
        bot_user_id: str,
        pause_s: float = PAUSE_S,
        scale: float = 1.0,
    ) -> None:
        """Keep the parts; `scale` stretches the waits before a call is made again."""
        self._scale = scale
        self._slack = slack
        self._bot_user_id = bot_user_id
        self._buckets: dict[str, Bucket] = defaultdict(lambda: Bucket(pause_s))
        # When Slack takes calls again that it has refused as too many, by method and channel.
        self._open_at: dict[tuple[str, str], float] = {}
        self._links: dict[tuple[str, str], str] = {}

    async def post(
        self,
        channel: str,
        text: str,
        blocks: Sequence[Block],
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        key: str = "",
        claim: str = "",
    ) -> Posted:
        """Post once; a user id as channel reaches that person directly.

        `key`, and which `claim` to post it this is, go into the message's metadata, for `find`.
        """
        await self._buckets[channel].take()
        answer = await self._call(
            "chat.postMessage",
            lambda: self._slack.chat_postMessage(
                channel=channel,
                text=text,
                blocks=list(blocks) or None,
                thread_ts=thread_ts,
                reply_broadcast=broadcast or None,
                metadata=_metadata(key, claim) or None,
                unfurl_links=False,
                unfurl_media=False,
            ),
            channel,
        )
        channel_id, ts = str(_part(answer, "channel")), str(_part(answer, "ts"))
        return Posted(channel_id, ts, _part(answer, "message").get("thread_ts"))

    async def update(
        self,
        channel: str,
        ts: str,
        text: str,
        blocks: Sequence[Block],
        *,
        key: str | None = None,
    ) -> None:
        """Change a message. `key`: it is that one's from now on, "" nobody's; None leaves it."""
        metadata = None if key is None else _metadata(key)
        await self._call_again(
            "chat.update",
            lambda: self._slack.chat_update(
                channel=channel, ts=ts, text=text, blocks=list(blocks), metadata=metadata
            ),
        )

    async def find(
        self,
        channel: str,
        *,
        key: str,
        marker: str,
        thread_ts: str | None = None,
        oldest: float,
        latest: float | None = None,
        claim: str = "",
    ) -> str | None:
        """Return the ts of the bot's own message with this key: a reply, or one in the channel.

        `claim`: of several with this key the one that was posted by it, else the latest. `marker`
        tells by its text what has no metadata. `oldest` and `latest` are between when, by this
        machine's clock, which may differ from Slack's by some minutes.

        Where there is none in what was read, and that was not all, Refused is raised.
        """
        found: list[str] = []
        cursor: str | None = None
        cursors: set[str] = set()
        when = {"oldest": f"{max(0.0, oldest - CLOCKS_DIFFER_S):.6f}"}
        if latest is not None:
            when["latest"] = f"{latest + CLOCKS_DIFFER_S:.6f}"
        while True:
            answer = await self._page(channel, thread_ts, when, cursor)
            for message in _part(answer, "messages"):
                is_root = message.get("thread_ts", message["ts"]) == message["ts"]
                is_own = message.get("user") == self._bot_user_id
                is_it = is_own and _is_of(message, key, claim, marker)
                if is_it and is_root == (thread_ts is None):
                    found.append(str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None or cursor in cursors or len(cursors) == MOST_PAGES - 1:
                break
            cursors.add(cursor)
        if cursor is not None and not found:
            raise PostRefused("not_read_to_its_end", Meaning.UNKNOWN)
        return max(found, default=None)

    async def is_there(self, channel: str, ts: str, thread_ts: str | None = None) -> bool:
        """Whether a message stands, a reply with its `thread_ts`; where Slack says no: False.

        A root message that was deleted, and whose replies are left, does not.
        """
        try:
            answer = await self._call_again(
                "conversations.replies",
                lambda: self._slack.conversations_replies(
                    channel=channel, ts=thread_ts or ts, oldest=ts, latest=ts, inclusive=True
                ),
            )
            messages = _part(answer, "messages")
        except PostRefused as refused:
            return refused.meaning not in MESSAGE_GONE
        except PostAnswerLost:
            return True
        return any(each["ts"] == ts and each.get("subtype") != "tombstone" for each in messages)

    async def open_direct(self, user_id: str) -> str:
        """Return the id of the channel of direct messages with that person."""
        answer = await self._call_again(
            "conversations.open", lambda: self._slack.conversations_open(users=user_id)
        )
        return str(_part(_part(answer, "channel"), "id"))

    async def permalink(self, channel: str, ts: str) -> str | None:
        """Return the address of a message, or None when Slack does not tell.

        It never changes, and Home tabs that are drawn anew ask for the same ones again.
        """
        if (known := self._links.get((channel, ts))) is not None:
            return known
        try:
            answer = await self._call(
                "chat.getPermalink",
                lambda: self._slack.chat_getPermalink(channel=channel, message_ts=ts),
            )
            link = str(_part(answer, "permalink"))
        except (PostRefused, PostAnswerLost):
            return None
        if len(self._links) >= MOST_LINKS:
            del self._links[next(iter(self._links))]
        self._links[channel, ts] = link
        return link

    async def _page(
        self, channel: str, thread_ts: str | None, when: dict[str, str], cursor: str | None
    ) -> Any:
        wanted: dict[str, Any] = {
            "channel": channel,
            **when,
            "limit": PAGE,
            "cursor": cursor,
            "include_all_metadata": True,
        }
        if thread_ts is None:
            return await self._call_again(
                "conversations.history", lambda: self._slack.conversations_history(**wanted)
            )
        return await self._call_again(
            "conversations.replies",
            lambda: self._slack.conversations_replies(ts=thread_ts, **wanted),
        )

    async def _call_again(self, method: str, send: Callable[[], Awaitable[Any]]) -> Any:
        """Call what may be done twice: after a lost answer it is."""
        for wait_s in AGAIN_S:
            try:
                return await self._call(method, send)
            except PostAnswerLost:
                await asyncio.sleep(wait_s * self._scale)
        return await self._call(method, send)

    async def _call(
        self, method: str, send: Callable[[], Awaitable[Any]], channel: str = ""
    ) -> Any:
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


def _part(answer: Any, name: str) -> Any:
    """Return a part of an answer; one that lacks it does not say what was done."""
    if not (part := answer.get(name)) and part != []:
        raise PostAnswerLost(f"no {name} in the answer")
    return part


def _metadata(key: str, claim: str = "") -> dict[str, Any]:
    payload = {name: text for name, text in (("key", key), ("claim", claim)) if text}
    return {"event_type": EVENT_TYPE, "event_payload": payload} if key else {}


def _is_of(message: dict[str, Any], key: str, claim: str, marker: str) -> bool:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == EVENT_TYPE:
        payload = metadata.get("event_payload") or {}
        return payload.get("key") == key and claim in {"", payload.get("claim")}
    return bool(marker) and marker in message.get("text", "")
