"""What the outbox hands out: messages, what they are to show, and where they stand in Slack."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from storage.values import json_text, time_text, to_json, to_time

# The root message of an order's thread; what happened to an order outside the bot. STALE_ROOT: that
# a root message cannot be changed, said below it.
ROOT, OUTSIDE, STALE_ROOT = "root", "outside", "stale root"
# How a request ended; that money which was on its way has settled, for who asked.
OUTCOME, SETTLED = "outcome", "settled"
# Requests that wait for a second person: asked for; reminders of them. BRAKE: the hour is used up.
APPROVAL, WAITING, BRAKE = "approval", "waiting", "brake"
# About the data itself. RESTORED_DATA: it was older than the store. FOREIGN: another Makegood
# writes to the store. CONNECTIONS: another one answers on the same Slack app.
RESTORED_DATA, FOREIGN, CONNECTIONS = "restored data", "another makegood", "connections"
ABOUT_DATA = frozenset({RESTORED_DATA, FOREIGN, CONNECTIONS})
# Changes of the configuration. PROPOSED: one asks for a second person. IN_EFFECT: one that loosens
# the rules counts from now on. CHANGED: what was changed, for the channel.
PROPOSED, IN_EFFECT, CHANGED = "proposal", "in effect", "changed"
# The content has the words, as mrkdwn. PEOPLE: who came, left, or may act now. CHANNEL: the audit
# channel is not the team's alone any more. WORDS: an answer that could not be shown otherwise.
PEOPLE, CHANNEL, WORDS = "people", "channel", "words"

# What a message wants that says one thing and never changes. UNDER_WAY: that of an outcome before
# there is one; with one it is the outcome's status. OVER: that of an alarm that is over.
# CLOSED: that of a copy whose person may not read it now.
SAID, UNDER_WAY, OVER, CLOSED = "said", "under way", "over", "closed"

# In the key of a copy between that of the message and who it goes to.
TO = "~"

# Where a message can stand, from its own place downwards: HOME is no message, but a line in the
# Home tab.
IN_THREAD, IN_CHANNEL, DIRECT, HOME = "thread", "channel", "direct", "home"


@dataclass(frozen=True, slots=True)
class Spot:
    """A message in Slack; `thread_ts` None: it stands at top level."""

    channel: str
    thread_ts: str | None
    message_ts: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Somewhere a copy may stand, posted since then, as the answer to that is not known.

    `claim` tells it from others of the same message, "": any that stands there; it shows what was
    wanted by `version`. `channel` None: in any of the message's places, as after the data was
    restored. `until`: posted no later than then.
    """

    since: datetime
    channel: str | None = None
    thread_ts: str | None = None
    claim: str = ""
    version: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A message to be, or one that stands.

    `order_id`: it belongs into that order's thread; `recipient`: it goes to that person alone;
    neither: it goes into the channel. `actor_id` is who is told where no channel can be.

    `wanted` is what it is to show, `shown` what it shows, None before it was said; both are words
    of its kind. `version` counts every change of it; of the version `noted` it was written where it
    stands. `place` is where it stands, at `spot`, and
    `why` Slack's code for which it stands somewhere else than in its own place; that of a root
    message is why it cannot be changed, and what is new goes below another one. `doubts` are where
    copies may stand, `copies` what stands elsewhere and is to become a line with a link.

    `next_try_at`: when there is something to do about it; None: nothing is.
    """

    key: str
    kind: str
    order_id: int | None
    recipient: str | None
    actor_id: str | None
    content: dict[str, Any]
    made_at: datetime
    wanted: str
    shown: str | None = None
    told_at: datetime | None = None
    version: int = 1
    noted: int = 0
    place: str | None = None
    why: str | None = None
    channel: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None
    doubts: tuple[Doubt, ...] = ()
    copies: tuple[Spot, ...] = ()
    tries: int = 0
    next_try_at: datetime | None = None

    @property
    def spot(self) -> Spot | None:
        """Where it stands."""
        if self.channel is None or self.message_ts is None:
            return None
        return Spot(self.channel, self.thread_ts, self.message_ts)

    @property
    def is_begun(self) -> bool:
        """Whether it stands in Slack, or may."""
        return self.spot is not None or bool(self.doubts)


def copy_key(key: str, user_id: str) -> str:
    """Return the key of the copy of a message that goes to a person."""
    return f"{key}{TO}{user_id}"


def original_key(key: str) -> str:
    """Return the key of the message that this is a copy of, or its own."""
    return key.partition(TO)[0]


def root_key(order_id: int) -> str:
    """Return the key of the order's root message."""
    return f"{ROOT}-{order_id}"


def outcome_key(reference: str) -> str:
    """Return the key of the message that tells a request's outcome."""
    return f"{OUTCOME}-{reference}"


def to_post(row: dict[str, Any]) -> Post:
    """Read a row of the table `outbox`."""
    doubts = tuple(
        Doubt(**(each | {name: to_time(each.get(name)) for name in ("since", "until")}))
        for each in to_json(row["doubts"])
    )
    copies = tuple(Spot(*each) for each in to_json(row["copies"]))
    times = {name: to_time(row[name]) for name in row if name.endswith("_at")}
    content = {"content": to_json(row["content"])}
    return Post(**(row | times | content | {"doubts": doubts, "copies": copies}))


def doubts_text(doubts: tuple[Doubt, ...]) -> str:
    """Write doubts as they are kept."""
    times = [{"since": time_text(each.since), "until": time_text(each.until)} for each in doubts]
    return json_text([asdict(each) | at for each, at in zip(doubts, times, strict=True)])


def copies_text(copies: tuple[Spot, ...]) -> str:
    """Write copies as they are kept."""
    return json_text([[each.channel, each.thread_ts, each.message_ts] for each in copies])
