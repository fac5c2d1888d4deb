"""What the action log hands out: entries, and the events of their lives."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from storage.values import to_json, to_time

# LOST: the mail server's answer was. UNSURE: it may have been sent before the data was restored.
MAIL_SENT, MAIL_FAILED, MAIL_NONE = "sent", "failed", "none"
MAIL_LOST, MAIL_UNSURE = "lost", "unsure"
# What becomes of a request that waits for a second person.
APPROVED, DECLINED, LAPSED = "approved", "declined", "lapsed"
OVERTAKEN = "overtaken"  # closed by itself: it could not be carried out any more
# How a person ends a request: the money was sent by hand; what was unknown was made, was not made,
# or stays as far as it went.
SENT, MADE, NOT_MADE, LEFT = "sent", "made", "not_made", "left"
# What a discount code that was created came to: switched off, past its time, used as often as it
# could be, deleted or renamed in the store; or found to work although one of these was noted.
CODE_OFF, CODE_EXPIRED, CODE_USED_UP = "off", "expired", "used up"
CODE_GONE, CODE_WORKS = "gone", "works"
# The event that the release of an order's authorised payment is about to be sent.
RELEASE_ASKED = "release_asked"

_UNREADABLE = {
    "message": "What became of this request can't be read in the log any more.",
    "next_step": "Look at the order in BigCommerce.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A request and what became of it.

    `status` None: under way for the first time. `round` counts the runs that were begun,
    `finished_round` those that came to an outcome: they differ while one is under way.
    `next_check_at`: when a pending payment is looked at again. `told_status` is the status that
    people were told, at `message_ts`.

    `mail_result` is how the e-mail to the customer ended: one of the MAIL_ results, with
    `mail_reason` for MAIL_FAILED; None: it is not wanted, not due yet, or not at its end. It is due
    since `mail_due_at`; while it is certainly not sent, it is tried at `mail_next_at`, the
    `mail_tries` before were in vain for `mail_reason`. `mail_claimed_at` without a result: it may
    be sent at any moment. `mail_to` is the masked address.

    `follows` is the reference of the request that this one follows from, None where a person asked.

    `counted` is what the request counts against limits, in the store's default currency of then,
    `counted_in`; None: it is not known. `held_until`: a second person must approve it by then.
    Until `decision` is one of APPROVED, DECLINED, LAPSED and OVERTAKEN, no run of it was begun and
    its `round` is 0.

    `customer_id` and `customer_mail` (a hash) are whom the money goes to; None: not known.

    `ended_as` is one of SENT, MADE, NOT_MADE and LEFT where a person has ended it; `ended_note` is
    the payment's reference or the reason. `taken_refund_id` is the refund that they took for it.
    `asked_again_at`: when it was asked for once more after it had not been made.

    `code_over` is one of the CODE_ words where more is known of a discount code that was created
    than that it works, known since `code_over_at`; `code_over_by` did it, where that is known.
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
    ended_as: str | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_note: str | None = None
    taken_refund_id: int | None = None
    asked_again_at: datetime | None = None
    customer_id: int | None = None
    customer_mail: str | None = None
    mail_due_at: datetime | None = None
    mail_next_at: datetime | None = None
    mail_tries: int = 0
    mail_to: str | None = None
    code_over: str | None = None
    code_over_at: datetime | None = None
    code_over_by: str | None = None
    counted_in: str | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a second person."""
        return self.held_until is not None and self.decision is None

    @property
    def is_withdrawn(self) -> bool:
        """Whether the one who asked has ended it: a decline by oneself."""
        return self.decision == DECLINED and self.decided_by == self.actor_id

    @property
    def is_found_done(self) -> bool:
        """Whether it waited, and the store showed it as done: somebody approved it elsewhere."""
        return self.decision == APPROVED and self.decided_by is None

    @property
    def is_code_over(self) -> bool:
        """Whether it created a discount code that no longer works, as far as is known."""
        return self.code_over not in {None, CODE_WORKS}

    @property
    def is_under_way(self) -> bool:
        """Whether a run was begun that has not come to an outcome."""
        return self.finished_round < self.round

    @property
    def is_told(self) -> bool:
        """Whether people were told the status that the log says."""
        return self.status is not None and self.told_status == self.status


@dataclass(frozen=True, slots=True)
class LoggedFollowUp:
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
class Counted:
    """What one request counts: `worth` is its `counted`, `currency` its `counted_in`.

    `at`: when it was asked (last).

    `waits`: for a second person.
    `refund_ids` are the refunds of the store that it is known to have made.
    """

    reference: str
    action: str
    order_id: int | None
    worth: Decimal | None
    at: datetime
    waits: bool = False
    refund_ids: frozenset[int] = frozenset()
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One change in the life of a request."""

    reference: str
    at: datetime
    event: str
    detail: dict[str, Any]


def to_entry(row: dict[str, Any]) -> Entry:
    """Read a row of the table `action_log`.

    One row that is damaged must not hide all others: a request that cannot be read becomes one
    that no action takes, and an outcome that cannot be read says so.
    """
    times = {name: to_time(row[name]) for name in row if name.endswith("_at")}
    values = {
        "request": _readable(row, "request", {"unreadable": True}),
        "outcome": _readable(row, "outcome", _UNREADABLE | {"status": row["status"]}),
        "counted": None if row["counted"] is None else Decimal(row["counted"]),
        "held_until": to_time(row["held_until"]),
    }
    return Entry(**(row | times | values))


def _readable(row: dict[str, Any], name: str, otherwise: dict[str, Any]) -> Any:
    try:
        value = to_json(row[name])
    except json.JSONDecodeError:
        value = ""
    if isinstance(value, dict) or (value is None and name == "outcome"):
        return value
    return otherwise


def to_event(row: dict[str, Any]) -> Event:
    """Read a row of the table `action_events`."""
    at = datetime.fromisoformat(row["at"])
    return Event(row["reference"], at, row["event"], to_json(row["detail"]))
