"""Where a message stands while it is brought to Slack: each step is written as it is done."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.slack.errors import Meaning
from handlers.timeline.calls import PostAnswerLost, PostRefused
from storage.outbox.outbox import Outbox
from storage.outbox.posts import ROOT, Doubt, Post, Spot

logger = logging.getLogger(__name__)

PEOPLE = ("U", "W")  # what the ids of people begin with; their channels begin with D


@dataclass(frozen=True, slots=True)
class Where:
    """A place: a channel or a person, or a thread in it."""

    channel: str
    thread_ts: str | None = None

    def holds(self, spot: Spot) -> bool:
        """Whether the message stands there; a person's channel has an id of its own."""
        if self.channel.startswith(PEOPLE):
            return is_direct(spot)
        return (spot.channel, spot.thread_ts) == (self.channel, self.thread_ts)

    def is_of(self, doubt: Doubt) -> bool:
        """Whether the doubt is about this place."""
        return (doubt.channel, doubt.thread_ts) == (self.channel, self.thread_ts)


class Standing:
    """The message as it stands after what was done so far, which is written."""

    def __init__(self, outbox: Outbox, post: Post, *, soon: int) -> None:
        """Keep the parts; so many tries as `soon` are made before what passes is a refusal."""
        self._outbox = outbox
        self._soon = soon
        self.post = post

    @property
    def is_noted(self) -> bool:
        """Whether what stands shows what is wanted, if not in its own place."""
        return self.post.noted == self.post.version

    def known(self) -> list[Spot]:
        """Return where it stands, also with what may be out of date."""
        return [*([self.post.spot] if self.post.spot else []), *self.post.copies]

    def usable(self) -> list[Spot]:
        """Return what may be corrected: of root messages only the one whose thread it is."""
        if self.post.kind == ROOT:
            return [self.post.spot] if self.post.spot else []
        return self.known()

    def claim(self, where: Where) -> Doubt:
        """Note that it is posted there now."""
        claim, version = secrets.token_hex(4), self.post.version
        doubt = Doubt(datetime.now(UTC), where.channel, where.thread_ts, claim, version)
        self._outbox.claim(self.post.key, doubt)
        self.post = replace(self.post, doubts=(*self.post.doubts, doubt))
        return doubt

    def stand_at(self, spot: Spot) -> None:
        """Note that the message stands there, and nowhere else any more."""
        before = self.post.spot
        copies = [each for each in self.post.copies if each != spot]
        if before is not None and before != spot:
            copies.append(before)
        self.save(
            channel=spot.channel,
            thread_ts=spot.thread_ts,
            message_ts=spot.message_ts,
            copies=tuple(copies),
            doubts=tuple(each for each in self.post.doubts if not place_of(each).holds(spot)),
        )

    def give_up(self, spot: Spot, error: PostRefused | PostAnswerLost) -> None:
        """Note that the message cannot be changed, as it seems; `tidy` tries on."""
        logger.warning("message given up", extra={"post": self.post.key, "error": str(error)})
        copies = (*(each for each in self.post.copies if each != spot), spot)
        if self.post.spot == spot:
            self.save(channel=None, thread_ts=None, message_ts=None, copies=copies)
        else:
            self.save(copies=copies)

    def settle(self, where: Where) -> None:
        """Note that no copy is in doubt there any more."""
        self.save(doubts=tuple(each for each in self.post.doubts if not where.is_of(each)))

    def save(self, **values: Any) -> None:
        """Write these of its fields."""
        self.post = replace(self.post, **values)
        self._outbox.save(self.post)

    def passes(self, error: PostRefused | PostAnswerLost) -> bool:
        """Whether it is worth to wait for a while before anything else is tried."""
        is_passing = isinstance(error, PostAnswerLost) or error.meaning is Meaning.TRANSIENT
        return is_passing and self.post.tries < self._soon


def place_of(doubt: Doubt) -> Where:
    """Return the place that a doubt is about."""
    return Where(doubt.channel or "", doubt.thread_ts)


def is_direct(spot: Spot) -> bool:
    """Whether it stands in the direct messages of a person."""
    return spot.channel.startswith("D")
