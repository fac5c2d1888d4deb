"""Renders outcomes, what is under way until there is one, and the ends that somebody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.values.outcome import Outcome
from handlers.timeline.delivery import Delivery
from handlers.timeline.outcomes.outcome_message import (
    DetailsOf,
    no_details,
    outcome_marker,
    render_outcome,
    render_under_way,
)
from handlers.timeline.outcomes.settled import render_settled, settled_marker
from handlers.timeline.posting import Poster
from handlers.timeline.rendered import NotYet, Rendered
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from storage.outbox.outbox import Outbox
from storage.outbox.posts import OUTCOME, SETTLED, UNDER_WAY, Post, Spot, outcome_key

SOON = timedelta(seconds=1)
MOMENT_S = 0.1
# An end is told with a link to its record; so long it is waited for.
RECORD_WAITS = timedelta(minutes=1)


class Outcomes:
    """Renders them as they are when they are sent, and notes in the log where they stand.

    `ready` returns when an entry of an earlier process may be told.
    `details` are what each action adds, by its name. `is_outsider` tells who may not read of orders
    any more.
    """

    def __init__(
        self,
        *,
        log: ActionLog,
        outbox: Outbox,
        poster: Poster,
        ready: Callable[[Entry], Awaitable[None]],
        details: Mapping[str, DetailsOf],
        is_outsider: Callable[[str], Awaitable[bool]],
    ) -> None:
        """Keep the parts."""
        self._log = log
        self._outbox = outbox
        self._poster = poster
        self._ready = ready
        self._details = details
        self._is_outsider = is_outsider

    def register(self, delivery: Delivery) -> None:
        """Have them delivered."""
        delivery.register(OUTCOME, self._outcome, self._log.note_told)
        delivery.register(SETTLED, self._settled)

    async def _outcome(self, post: Post) -> Rendered:
        await self._wait(self._entry(post))
        entry = self._entry(post)
        if entry.status is None or entry.outcome is None:
            message = render_under_way(entry)
        else:
            details_of = self._details.get(entry.action, no_details)
            message = render_outcome(entry, Outcome.model_validate(entry.outcome), details_of)
        return replace(
            message,
            marker=outcome_marker(entry),
            shown=entry.status or UNDER_WAY,
            below=self._origin(entry),
        )

    async def _wait(self, entry: Entry) -> None:
        """Wait for a moment until it may be told, so that what may be is not held up."""
        try:
            async with asyncio.timeout(MOMENT_S):
                await self._ready(entry)
        except TimeoutError:
            raise NotYet(datetime.now(UTC) + SOON) from None

    def _origin(self, entry: Entry) -> Spot | None:
        """Return the message of the request that this one is about, where no order's thread is."""
        about = self._outbox.find(outcome_key(str(entry.request.get("creation") or "")))
        return None if about is None or entry.order_id is not None else about.spot

    async def _settled(self, post: Post) -> Rendered | None:
        if post.recipient and not post.is_begun and await self._is_outsider(post.recipient):
            return None
        entry = self._entry(post)
        record = self._outbox.find(outcome_key(entry.reference))
        is_behind = record is None or record.shown != entry.status
        if is_behind and post.made_at + RECORD_WAITS > datetime.now(UTC):
            raise NotYet(datetime.now(UTC) + SOON)
        if not self._log.was_told_on_its_way(entry.reference, post.made_at):
            # What is on its way to Slack may say so; the record alone is enough where it does not.
            if is_behind and record is not None and record.next_try_at is not None:
                raise NotYet(datetime.now(UTC) + RECORD_WAITS)
            return None
        spot = None if record is None else record.spot
        url = await self._poster.permalink(spot.channel, spot.message_ts) if spot else None
        mentions = bool(post.content.get("mentions"))
        message = render_settled(entry, url, mentions=mentions)
        if message is None:
            return None
        is_loud = bool(post.content.get("is_loud"))
        return replace(message, marker=settled_marker(entry), is_loud=is_loud)

    def _entry(self, post: Post) -> Entry:
        return self._log.get(str(post.content["reference"]))
