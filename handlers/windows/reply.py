"""Answering the one who asked, alone: where they asked, else in a direct message.

The address that came with a command or a click works five times within thirty minutes, and an
answer there can be refused like any other.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.process.internal_errors import note_internal_error
from bot.slack.errors import SLACK_ERRORS, Meaning, error_code, meaning
from bot.slack.response_url import METHOD, refusal_of
from bot.slack.retries import LONGEST_WAIT_S, PASSES, WAITS_S, call_again
from handlers.access.person import Person
from handlers.block_kit.builders import Block
from handlers.desk import Desk
from handlers.windows.trouble_words import spoken
from storage.outbox.posts import WORDS

logger = logging.getLogger(__name__)

# https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
ANSWERS = 5  # within thirty minutes
TIMEOUT_S = 10


@dataclass(slots=True)
class Address:
    """Where a command or a click is answered, so many times; `uses` counts them."""

    respond: AsyncRespond
    uses: int = field(default=0, init=False)

    @property
    def _client(self) -> AsyncWebhookClient:
        """The client for it, without the repeats of its own, which nobody would count."""
        respond = self.respond
        return AsyncWebhookClient(
            str(respond.response_url),
            timeout=TIMEOUT_S,
            proxy=respond.proxy,
            ssl=respond.ssl,
            retry_handlers=[],
        )

    async def post(self, text: str, blocks: Sequence[Block] | None, *, replace: bool) -> str:
        """Post, again where that may help; return what Slack refused it with, "" when it did not.

        Shown twice after a lost answer is better than not at all: nobody can read it back.
        `replace`: in place of the message that was clicked in.
        """
        refused = ""
        for wait_s in (*WAITS_S, None):
            named_s = 0.0
            self.uses += 1
            try:
                answer = await self._client.send(
                    text=text, blocks=blocks, response_type="ephemeral", replace_original=replace
                )
            except (aiohttp.ClientError, TimeoutError) as error:
                refused, means = error_code(error), Meaning.TRANSIENT
            else:
                refused = refusal_of(answer.status_code, answer.body)
                means, named_s = meaning(METHOD, refused), _named_wait(answer.headers)
            is_over = not refused or means not in PASSES or named_s > LONGEST_WAIT_S
            if is_over or wait_s is None:
                break
            await asyncio.sleep(max(wait_s, named_s))
        return refused


@dataclass(frozen=True, slots=True)
class Reply:
    """Who is answered, and where: no channel and no address in a modal or the Home tab.

    `thread_ts`: in that thread, since what stands in the channel would be overlooked there.
    """

    desk: Desk
    person: Person
    channel: str = ""
    thread_ts: str | None = None
    address: Address | None = None

    @classmethod
    def of(cls, desk: Desk, body: Mapping[str, Any], respond: AsyncRespond) -> Reply:
        """Read Slack's payload of a command, a click or a shortcut."""
        channel = body.get("channel_id") or (body.get("channel") or {}).get("id")
        message = body.get("message") or {}
        thread_ts = message.get("thread_ts")
        return cls(
            desk,
            desk.installation.person(body),
            str(channel or ""),
            thread_ts if thread_ts != message.get("ts") else None,
            Address(respond) if respond.response_url else None,
        )


async def say(
    reply: Reply,
    text: str,
    blocks: Sequence[Block] | None = None,
    *,
    replace: bool = False,
) -> None:
    """Say it to the one who asked alone, in one way or another.

    `replace`: in place of the message that was clicked in.
    """
    # The address answers in the channel itself, also what was clicked in a thread.
    is_in_thread = reply.thread_ts is not None and not replace
    if is_in_thread and await _in_channel(reply, text, blocks):
        return
    if await _at_address(reply, text, blocks, replace=replace):
        return
    if not is_in_thread and await _in_channel(reply, text, blocks):
        return
    _directly(reply, text, blocks)


async def _at_address(
    reply: Reply, text: str, blocks: Sequence[Block] | None, *, replace: bool
) -> bool:
    if reply.address is None:
        return False
    refused = await reply.address.post(text, blocks, replace=replace)
    if refused and blocks and meaning(METHOD, refused) is Meaning.CONTENT:
        note_internal_error("answer refused by Slack", code=refused)
        refused = await reply.address.post(text, None, replace=replace)
    if refused:
        logger.warning("answer not shown where it was asked for", extra={"error": refused})
    return not refused


async def _in_channel(reply: Reply, text: str, blocks: Sequence[Block] | None) -> bool:
    if not reply.channel:
        return False
    try:
        await call_again(
            "chat.postEphemeral",
            lambda: reply.desk.slack.chat_postEphemeral(
                channel=reply.channel,
                user=reply.person.user_id,
                text=text,
                blocks=blocks,
                thread_ts=reply.thread_ts,
            ),
        )
    except SLACK_ERRORS as error:
        logger.warning("answer not shown in the channel", extra={"error": error_code(error)})
        return False
    return True


def _directly(reply: Reply, text: str, blocks: Sequence[Block] | None) -> None:
    """Have it said in words: what could be pressed may be out of date when it arrives."""
    said = (spoken(blocks) if blocks else "") or text
    if reply.channel:
        where = f"<#{reply.channel}>"
        said += f"\nTold here because Slack did not show it where you asked, in {where}."
    key, content = f"{WORDS}-{secrets.token_hex(8)}", {"mrkdwn": said}
    try:
        reply.desk.outbox.add_once(key, WORDS, content, recipient=reply.person.user_id)
    except sqlite3.Error:
        note_internal_error("answer reached nobody")
        return
    reply.desk.delivery.call()


def _named_wait(headers: Mapping[str, Any]) -> float:
    try:
        return max(0.0, float(headers.get("Retry-After") or 0))
    except ValueError:
        return 0.0
