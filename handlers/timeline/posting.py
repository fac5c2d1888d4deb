"""Posting to Slack so that nothing is said twice: paced, refusals and lost answers told apart.

Slack has no idempotency key for a message. Each one carries the key of what it says in its
metadata, and after a lost answer it is looked for by that. `client_msg_id` is not relied on: Slack
documents its errors but not the argument.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import Meaning
from handlers.block_kit.builders import Block
from handlers.timeline.calls import PAUSE_S, Bucket, Calls, PostAnswerLost, PostRefused

CLOCKS_DIFFER_S = 300.0
PAGE = 200
MOST_PAGES = 100
MOST_LINKS = 2000
# https://docs.slack.dev/messaging/message-metadata: every member can read it, as the text.
EVENT_TYPE = "makegood"
# What is said of a message, or a thread, that stands no more, as far as Slack says.
MESSAGE_GONE = frozenset({Meaning.MESSAGE_GONE, Meaning.THREAD_GONE})


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands, as Slack answered it.

    A reply whose `thread_ts` is None stands in the channel itself: its thread is gone.
    """

    channel: str
    ts: str
    thread_ts: str | None


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
        self._calls = Calls(scale)
        self._slack = slack
        self._bot_user_id = bot_user_id
        self._buckets: dict[str, Bucket] = defaultdict(lambda: Bucket(pause_s))
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
        answer = await self._calls.once(
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
        await self._calls.again(
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
            answer = await self._calls.again(
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
        answer = await self._calls.again(
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
            answer = await self._calls.once(
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
            return await self._calls.again(
                "conversations.history", lambda: self._slack.conversations_history(**wanted)
            )
        return await self._calls.again(
            "conversations.replies",
            lambda: self._slack.conversations_replies(ts=thread_ts, **wanted),
        )


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
