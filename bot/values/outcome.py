"""How a request ended: the words that every part of the bot shares."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel

from bot.values.money import Money


class Status(StrEnum):
    """The ends of a request.

    REJECTED: a rule or BigCommerce said no; nothing changed. FAILED: it could not be tried; nothing
    changed. PENDING: accepted, the money is still on its way. UNKNOWN: a write was sent and no
    answer came, and reading back did not settle it. PARTIAL: some of the money moved, the rest was
    declined. TO_DO: recorded in BigCommerce; a person has to move the money.
    """

    SUCCEEDED = "succeeded"
    REJECTED = "rejected"
    FAILED = "failed"
    PENDING = "pending"
    UNKNOWN = "unknown"
    PARTIAL = "partial"
    TO_DO = "to_do"


class Change(BaseModel, frozen=True):
    """One thing that is now different, for the log: `field` went from `before` to `after`."""

    field: str
    before: str
    after: str


class Outcome(BaseModel, frozen=True):
    """What became of a request.

    `message` and `next_step` are plain sentences without markup, result first, with the order and
    the exact amount in its currency; the Slack side escapes them. `next_step` is empty when there
    is nothing for a person to do.

    `paid_back` is how the customer gets the whole `amount`, in their words ("as store credit"); it
    is empty unless all of it is known to have moved. `to_send` is what a person has to send by
    hand. `reply` is a text that can be sent to the customer as it stands, "" where there is none.

    `was_there`: the store had it before this log sent anything, as after a restore; what belongs to
    it (an e-mail, say) may have been done then, too. `evidence` is for the log: by what the store
    shows a refund was judged, each row with its certainty
    (`bot.actions.refunds.settlement.settlement`).
    """

    status: Status
    message: str
    next_step: str = ""
    changes: tuple[Change, ...] = ()
    amount: Money | None = None
    refund_id: int | None = None
    paid_back: str = ""
    to_send: Money | None = None
    reply: str = ""
    was_there: bool = False
    evidence: str = ""
