"""How a person ends what BigCommerce left open: when they may, and what is so then. Pure.

A request whose write was sent and whose end nobody knows is ended by the store's word or by a
person's. What a person says is held against a fresh reading of the store (`evidence`): "it was
made" needs something there that may be this request's, "it was not made" that there is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.actions.orders.snapshot import given_back
from bot.actions.refunds.request import ConfirmedRefund
from bot.actions.refunds.tenders import is_recorded_only
from bot.actions.refunds.words import describe_for_customer, recorded_only
from bot.bigcommerce.refunds import Refund, RefundPayment
from bot.values.marks import mark_of_reason
from bot.values.money import Money
from bot.values.outcome import Outcome, Status

# A write whose answer was lost may still be carried out for some minutes. BigCommerce documents no
# bound; this one is far above the time-outs of its gateway.
SETTLES_WITHIN = timedelta(minutes=15)
# Where nobody else can look, time has to stand in for the second pair of eyes.
ALONE_WAITS = timedelta(hours=24)
# What BigCommerce had before the request was asked for is not the request's; clocks differ.
CLOCKS_DIFFER = timedelta(minutes=10)
SEPARATELY = "by a separate payment"


@dataclass(frozen=True, slots=True)
class WantedRefund:
    """What is looked for among an order's refunds: one request's, asked for at that time.

    `held` tells whose the refunds are that the log knows, by their numbers.
    """

    reference: str
    total: Money
    asked_at: datetime
    held: Mapping[int, str]

    def may_be(self, refund: Refund) -> bool:
        """Tell whether the refund may be taken for the request.

        The same total, not declined, not older, and no other request's by its mark or the log.
        """
        return (
            refund.total_amount == self.total.amount
            and not refund.is_declined
            and refund.created >= self.asked_at - CLOCKS_DIFFER
            and _marks(refund) <= {self.reference}
            and self.held.get(refund.id) in {None, self.reference}
        )

    def is_marked(self, refund: Refund) -> bool:
        """Tell whether the refund carries the request's mark."""
        return self.reference in _marks(refund)


def refunds_against(refunds: Sequence[Refund], wanted: WantedRefund) -> str:
    """Return what among an order's refunds speaks against "not made", "" for nothing."""
    for refund in refunds:
        if wanted.is_marked(refund):
            return (
                f"BigCommerce has refund {refund.id}, and its reason ends with "
                f"[{wanted.reference}]: it is this request's. Press Check again."
            )
    for refund in refunds:
        if wanted.may_be(refund):
            return (
                f"BigCommerce has refund {refund.id} of {wanted.total} on this order, which no "
                "other request holds. If it is this one, press It was made."
            )
    return ""


def too_early(sent_at: datetime | None, now: datetime, *, is_alone: bool) -> datetime | None:
    """Return from when on it may be called not made, None when it may be now.

    `is_alone`: the one who asked says so, where there is no second person.
    """
    if sent_at is None:
        return None
    free_at = sent_at + (ALONE_WAITS if is_alone else SETTLES_WITHIN)
    return free_at if now < free_at else None


def made_of_refund(order_id: int, refund: Refund, confirmed: Money) -> Outcome:
    """Return the end of a refund that the bot had found itself, by what BigCommerce shows of it."""
    currency = confirmed.currency
    moved = Money(amount=given_back(refund), currency=currency)
    recorded = sum((p.amount for p in refund.payments if is_recorded_only(p)), Decimal(0))
    if recorded:
        status = Status.TO_DO
    else:
        status = Status.SUCCEEDED if moved.amount >= confirmed.amount else Status.PARTIAL
    short = f" of {confirmed}" if moved.amount < confirmed.amount else ""
    return Outcome(
        status=status,
        message=f"Refunded {moved}{short} · order {order_id}",
        amount=moved,
        refund_id=refund.id,
        to_send=Money(amount=recorded, currency=currency) if recorded else None,
    )


def not_made(what: str, order_id: int | None) -> Outcome:
    """Return the end of a request that a person calls not made; `what` is its title and amount."""
    about = "" if order_id is None else f" · order {order_id}"
    return Outcome(
        status=Status.FAILED,
        message=f"Not made: {what[:1].lower()}{what[1:]}{about}",
        next_step="Nothing of it is in BigCommerce. It can be asked for again.",
    )


def ended_unread(what: str, order_id: int | None) -> Outcome:
    """Return the end of a request that cannot be read any more, by a person's word alone."""
    about = "" if order_id is None else f" · order {order_id}"
    return Outcome(
        status=Status.SUCCEEDED,
        message=f"Ended by hand: {what[:1].lower()}{what[1:]}{about}",
        next_step="The request could not be read any more, so it was not compared with the store.",
    )


def sent_by_hand(
    outcome: Outcome, order_id: int | None, confirmed: ConfirmedRefund | None
) -> Outcome:
    """Return the end of a recorded refund whose money a person has sent.

    Where a part was declined it is PARTIAL: the customer has less than what was `confirmed`. What
    else is to be known or done of the order is told further.
    """
    to_send = outcome.to_send
    if to_send is None:
        raise ValueError("there is nothing to send")
    total, payments = outcome.amount or to_send, confirmed.payments if confirmed else ()
    is_short = confirmed is not None and total.amount < confirmed.total.amount
    about = "" if order_id is None else f" · order {order_id}"
    short = f" of {confirmed.total}" if confirmed is not None and is_short else ""
    done = " and cancelled" if _is_cancelled(outcome) else ""
    moved = Money(amount=total.amount - to_send.amount, currency=total.currency)
    rest = outcome.next_step.removeprefix(recorded_only(moved)).strip()
    if done:
        rest = rest.replace("The order is cancelled.", "").strip()
    # The line below says who sent it, and by which payment.
    by_hand = f"{to_send} of it was sent by hand." if moved.amount else ""
    return outcome.model_copy(
        update={
            "status": Status.PARTIAL if is_short else Status.SUCCEEDED,
            "message": f"Refunded {total}{short}{done}{about}",
            "next_step": " ".join(filter(None, (by_hand, rest))),
            "paid_back": "" if is_short else _paid_back(payments, to_send),
            "to_send": None,
        }
    )


def _paid_back(payments: Sequence[RefundPayment], to_send: Money) -> str:
    """Return how the customer gets the money, for the e-mail."""
    moved = [each for each in payments if not is_recorded_only(each)]
    if not moved:
        return SEPARATELY
    currency = to_send.currency
    parts = [
        f"{Money(amount=each.amount, currency=currency)} {describe_for_customer([each], currency)}"
        for each in moved
    ]
    return f"in parts: {'; '.join(parts)}; {to_send} {SEPARATELY}"


def _marks(refund: Refund) -> set[str]:
    reasons = (refund.reason, *(item.reason for item in refund.items))
    return {mark for reason in reasons if (mark := mark_of_reason(reason)) is not None}


def _is_cancelled(outcome: Outcome) -> bool:
    return any(
        change.field == "status" and change.after == "Cancelled" for change in outcome.changes
    )
