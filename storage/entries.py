"""What the action log hands out: entries, and the events of their lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from storage.values import to_json, to_time

MAIL_SENT, MAIL_FAILED, MAIL_NONE = "sent", "failed", "none"
# What becomes of a request that waits for a second person.
APPROVED, DECLINED, LAPSED = "approved", "declined", "lapsed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A request and what became of it.

    `status` None: under way for the first time. `round` counts the runs that were begun,
    `finished_round` those that came to an outcome: they differ while one is under way.
    `next_check_at`: when a pending payment is looked at again. `telling_status` is the status whose
    telling was begun, `told_status` the one that stands in the thread, at `message_ts`.

    `mail_result` is one of MAIL_SENT, MAIL_FAILED (then `mail_reason` says why) and MAIL_NONE; None
    with `mail_claimed_at` set: the e-mail may have been sent.

    `follows` is the reference of the request that this one follows from, None where a person asked.

    `counted` is what the request counts against limits, in the store's default currency; None: it
    is not known. `held_until`: a second person must approve it by then. Until `decision` is one of
    APPROVED, DECLINED and LAPSED, no run of it was begun and its `round` is 0.
    """

    reference: str
    action: str
    order_id: int | None
    team_id: str
    actor_id: str
    request: dict[str, Any]
    status: str | None
    outcome: dict[str, Any] | None
    asked_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None
    next_check_at: datetime | None
    round: int
    finished_round: int
    channel: str | None
    thread_ts: str | None
    message_ts: str | None
    telling_status: str | None
    tellings: int
    next_telling_at: datetime | None
    told_status: str | None
    told_at: datetime | None
    mail_claimed_at: datetime | None = None
    mail_result: str | None = None
    mail_reason: str | None = None
    follows: str | None = None
    counted: Decimal | None = Decimal(0)
    held_until: datetime | None = None
    decision: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a second person."""
        return self.held_until is not None and self.decision is None

    @property
    def is_withdrawn(self) -> bool:
        """Whether the one who asked has ended it: a decline by oneself."""
        return self.decision == DECLINED and self.decided_by == self.actor_id

    @property
    def is_under_way(self) -> bool:
        """Whether a run was begun that has not come to an outcome."""
        return self.finished_round < self.round

    @property
    def is_told(self) -> bool:
        """Whether the thread says what the log says."""
        return self.status is not None and self.told_status == self.status


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A request that follows from another one, on the same order and for the same person."""

    reference: str
    action: str
    request: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hold:
    """A request waits for a second person until then; `shown` is what that person is shown."""

    until: datetime
    shown: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One change in the life of a request."""

    reference: str
    at: datetime
    event: str
    detail: dict[str, Any]


def to_entry(row: dict[str, Any]) -> Entry:
    """Read a row of the table `action_log`."""
    times = {name: to_time(row[name]) for name in row if name.endswith("_at")}
    values = {
        "request": to_json(row["request"]),
        "outcome": to_json(row["outcome"]),
        "counted": None if row["counted"] is None else Decimal(row["counted"]),
        "held_until": to_time(row["held_until"]),
    }
    return Entry(**(row | times | values))


def to_event(row: dict[str, Any]) -> Event:
    """Read a row of the table `action_events`."""
    at = datetime.fromisoformat(row["at"])
    return Event(row["reference"], at, row["event"], to_json(row["detail"]))
