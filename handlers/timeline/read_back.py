"""Reading back: where copies of a message may stand is looked up in Slack before it is posted."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from handlers.timeline.calls import PostAnswerLost, PostRefused
from handlers.timeline.posting import MESSAGE_GONE
from handlers.timeline.rendered import Rendered
from handlers.timeline.standing import PEOPLE, Standing, place_of
from handlers.timeline.ways import Ways
from storage.outbox.posts import ROOT, Doubt, Spot

logger = logging.getLogger(__name__)

T = TypeVar("T")


class ReadBack:
    """Looks for one message. `current`: what was found, and shows what is wanted now."""

    def __init__(self, ways: Ways, standing: Standing, rendered: Rendered) -> None:
        """Keep the parts."""
        self._ways = ways
        self._poster = ways.poster
        self._standing = standing
        self._rendered = rendered
        self.current: Spot | None = None

    async def look(self) -> None:
        """Settle where copies may stand; what cannot be read now stays in doubt."""
        for doubt in self._standing.post.doubts:
            if doubt.channel is None and (meant := await self._readable(self._meant(doubt))):
                others = [each for each in self._standing.post.doubts if each != doubt]
                self._standing.save(doubts=(*others, *meant))
        for doubt in self._standing.post.doubts:
            if doubt.channel is None or (found := await self.found(doubt)) is None:
                continue
            self._standing.settle(place_of(doubt))
            for spot in found:
                if self._standing.post.kind == ROOT and spot in self._standing.post.copies:
                    continue  # one that was given up: the new one was not posted
                if doubt.version == self._standing.post.version:
                    self.current = spot
                if self._standing.post.spot is None:
                    self._standing.stand_at(spot)
                elif spot not in self._standing.known():
                    self._standing.save(copies=(*self._standing.post.copies, spot))

    async def look_below(self, root: Spot) -> None:
        """Look for it below a root that may be of the time that was lost by a restore."""
        lost = self._ways.outbox.lost(datetime.now(UTC))
        if lost is not None:
            there = replace(lost, channel=root.channel, thread_ts=root.message_ts)
            self._standing.save(doubts=(*self._standing.post.doubts, there))
            await self.look()

    async def found(self, doubt: Doubt) -> list[Spot] | None:
        """Return the copy that stands there; None: it cannot be read for now."""
        return await self._readable(self._found(doubt))

    async def _readable(self, reading: Awaitable[list[T]]) -> list[T] | None:
        """Return what was read; None: it cannot be read for now."""
        try:
            return await reading
        except (PostRefused, PostAnswerLost) as error:
            if self._standing.passes(error):
                raise
            logger.warning(
                "not read back", extra={"post": self._standing.post.key, "error": str(error)}
            )
            return None

    async def _meant(self, doubt: Doubt) -> list[Doubt]:
        """Return the places of the message, for a doubt about all of them."""
        post, since = self._standing.post, doubt.since
        person = post.recipient or post.actor_id
        direct = [Doubt(since, person)] if person and post.kind != ROOT else []
        if post.recipient is not None:
            return direct
        below = self._rendered.below
        if post.order_id is None and below is not None:
            thread_ts = below.thread_ts or below.message_ts
            direct.append(Doubt(since, below.channel, thread_ts, until=doubt.until))
        in_channel = Doubt(since, self._ways.channel_id(), until=doubt.until)
        if post.order_id is None or post.kind == ROOT:
            return [in_channel, *direct]
        thread = await self._ways.thread(post)
        return [Doubt(since, thread.channel, thread.message_ts), in_channel, *direct]

    async def _found(self, doubt: Doubt) -> list[Spot]:
        """Return the copy that stands there.

        A reply that stands in the channel becomes the root, unless another one took that place.
        """
        channel = doubt.channel or ""
        if channel.startswith(PEOPLE):
            channel = await self._poster.open_direct(channel)
        no_thread: PostRefused | None = None
        try:
            ts = await self._find(channel, doubt.thread_ts, doubt)
        except PostRefused as refused:
            if doubt.thread_ts is None or refused.meaning not in MESSAGE_GONE:
                raise
            no_thread, ts = refused, None
        if ts is not None:
            return [Spot(channel, doubt.thread_ts, ts)]
        if doubt.thread_ts is None or self._standing.post.order_id is None:
            return []
        ts = await self._find(channel, None, doubt)
        stray = None if ts is None else Spot(channel, None, ts)
        if stray is None or stray in self._standing.known():
            if no_thread and not self._ways.is_replaced(self._standing.post, doubt.thread_ts):
                raise no_thread  # it was said before that a thread is gone which stands
            return []
        if self._ways.is_replaced(self._standing.post, doubt.thread_ts):
            return [stray]
        await self._ways.adopt(self._standing.post, stray)
        return []

    async def _find(self, channel: str, thread_ts: str | None, doubt: Doubt) -> str | None:
        return await self._poster.find(
            channel,
            key=self._standing.post.key,
            marker=self._rendered.marker,
            thread_ts=thread_ts,
            oldest=doubt.since.timestamp(),
            claim=doubt.claim,
            latest=doubt.until.timestamp() if doubt.until else None,
        )
