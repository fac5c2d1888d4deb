"""The ends of a refund. Pure: what is known in, an outcome out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.base import MethodChoice
from bot.actions.failures import GOES_ON, WIDEN_ACCESS, nothing_changed, sentence
from bot.actions.refund_request import ConfirmedRefund
from bot.actions.refund_words import (
    declined_of,
    describe_decline,
    describe_for_customer,
    describe_handwork,
    describe_refund,
    describe_tenders,
    total_of,
)
from bot.actions.settlement import FollowedRefund, Settlement
from bot.actions.snapshot import given_back
from bot.bigcommerce import BigCommerceError, Refund
from bot.money import Money
from bot.outcome import Change, Outcome, Status

_CHECK = "Look at the order in the BigCommerce control panel, then choose Check again."


def outcome_of(
    confirmed: ConfirmedRefund | None, followed: FollowedRefund | Outcome, command: str
) -> Outcome:
    """Return how a refund ended that was made once and followed."""
    if isinstance(followed, Outcome):
        return followed
    if confirmed is None:  # never sent then
        raise ValueError("a refund was made that nobody confirmed")
    match followed.settlement:
        case Settlement.PENDING:
            return pending(confirmed, followed.refund, is_readable=followed.is_readable)
        case Settlement.DECLINED:
            return declined(confirmed, followed.refund, command)
        case Settlement.PARTLY_DECLINED:
            return partly_declined(confirmed, followed.refund)
        case Settlement.TO_SEND:
            recorded = succeeded(confirmed, followed.refund, followed.refunds)
            return recorded.model_copy(update={"paid_back": ""})
        case Settlement.SETTLED:
            return succeeded(confirmed, followed.refund, followed.refunds)


def not_confirmed(order_id: int, command: str) -> Outcome:
    """Nobody confirmed a figure, so there is nothing to hold BigCommerce's against."""
    return Outcome(
        status=Status.REJECTED,
        message=f"Order {order_id} was not refunded: no figure was confirmed.",
        next_step=f"Start again with {command}.",
    )


def changed_since(
    order_id: int, confirmed: Money, now: Money, command: str, *, is_approved: bool = False
) -> Outcome:
    """The figure is another one than the agent confirmed, or the approver agreed to."""
    if is_approved:
        return Outcome(
            status=Status.REJECTED,
            message=(
                f"Nothing was refunded: the approved amount for order {order_id} was {confirmed}, "
                f"and BigCommerce now says {now}."
            ),
            next_step=f"Start again with {command}; that needs a new approval.",
        )
    return Outcome(
        status=Status.REJECTED,
        message=(
            f"Nothing was refunded: order {order_id} has changed since you confirmed {confirmed}. "
            f"BigCommerce would refund {now} now."
        ),
        next_step=f"Start again with {command}.",
    )


def method_gone(
    order_id: int, confirmed: ConfirmedRefund, methods: Sequence[MethodChoice], command: str
) -> Outcome:
    """The figure is the same, but it would not be paid in the way that was confirmed."""
    before = describe_tenders(confirmed.payments, confirmed.total.currency)
    now = "; ".join(method.label for method in methods)
    return Outcome(
        status=Status.REJECTED,
        message=(
            f"Nothing was refunded: for order {order_id} you confirmed {confirmed.total} {before}, "
            f"and BigCommerce no longer pays it so. It offers: {now}."
        ),
        next_step=f"Start again with {command}.",
    )


def not_made(error: BigCommerceError, order_id: int, total: Money) -> Outcome:
    """The refund was sent and certainly not executed."""
    outcome = nothing_changed(error, order_id)
    if outcome.status is not Status.REJECTED:
        return outcome
    said = sentence(error.reason)
    return Outcome(
        status=Status.REJECTED,
        message=f"The refund of {total} for order {order_id} was refused by BigCommerce: {said}",
        next_step="Nothing was changed. Look at the order and ask again.",
    )


def unknown(order_id: int, total: Money, *, was_read: bool) -> Outcome:
    """It was sent, no answer came, and reading back did not find it."""
    found = (
        "and it is not among the order's refunds so far"
        if was_read
        else "and the order's refunds cannot be read at the moment"
    )
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"It is not known whether {total} was refunded for order {order_id}: BigCommerce did "
            f"not answer, {found}."
        ),
        next_step=f"{_CHECK} Do not refund it a second time before that.",
        amount=total,
    )


def accepted_but_unread(order_id: int, total: Money) -> Outcome:
    """BigCommerce accepted it in an earlier run; now it cannot be asked."""
    return Outcome(
        status=Status.PENDING,
        message=(
            f"BigCommerce accepted a refund of {total} for order {order_id}. Whether it was paid "
            "cannot be read at the moment."
        ),
        next_step=GOES_ON,
        amount=total,
    )


def pending(confirmed: ConfirmedRefund, refund: Refund, *, is_readable: bool) -> Outcome:
    """BigCommerce has the refund; the payment is on its way."""
    total = total_of(confirmed, refund)
    accepted = f"BigCommerce accepted a refund of {total} for order {refund.order_id}"
    if is_readable:
        message = f"{accepted}; the payment provider has not confirmed it yet."
        next_step = GOES_ON
    else:
        message = f"{accepted}; Makegood may not read whether it was paid."
        next_step = f"Look in the BigCommerce control panel. {WIDEN_ACCESS}"
    return Outcome(
        status=Status.PENDING,
        message=message,
        next_step=next_step,
        amount=total,
        refund_id=refund.id,
    )


def declined(confirmed: ConfirmedRefund, refund: Refund, command: str) -> Outcome:
    """The gateway said no; no money moved."""
    total = total_of(confirmed, refund)
    return Outcome(
        status=Status.FAILED,
        message=(
            f"The refund of {total} for order {refund.order_id} was declined; no money moved. "
            f"{describe_decline(refund)}"
        ),
        next_step=f"Try another method with {command}, or refund at the payment provider.",
        refund_id=refund.id,
    )


def partly_declined(confirmed: ConfirmedRefund, refund: Refund) -> Outcome:
    """Some tenders were paid and others declined.

    No status says "half". FAILED is the loud one, and a decline is never settled by looking again,
    so that a person has to act; the message tells what did move, and so does `amount`.
    """
    total, lost = total_of(confirmed, refund), declined_of(confirmed, refund)
    paid = Money(amount=total.amount - lost.amount, currency=total.currency)
    return Outcome(
        status=Status.FAILED,
        message=(
            f"Only {paid} of {total} was refunded for order {refund.order_id}: {lost} was "
            f"declined. {describe_decline(refund)}"
        ),
        next_step=f"Give the customer the other {lost} by another method.",
        amount=paid,
        refund_id=refund.id,
    )


def succeeded(confirmed: ConfirmedRefund, refund: Refund, refunds: Sequence[Refund]) -> Outcome:
    """The money has moved, or the refund is recorded and a person sends the money."""
    total = total_of(confirmed, refund)
    return Outcome(
        status=Status.SUCCEEDED,
        message=f"{describe_refund(confirmed, refund)}.",
        next_step=describe_handwork(confirmed, refund),
        changes=(refund_change(confirmed, refund, refunds),),
        amount=total,
        refund_id=refund.id,
        paid_back=describe_for_customer(refund.payments or confirmed.payments, total.currency),
    )


def refund_change(confirmed: ConfirmedRefund, refund: Refund, refunds: Sequence[Refund]) -> Change:
    """Return by how much the order's refunds grew."""
    currency = confirmed.total.currency
    earlier = sum(given_back(each) for each in refunds if each.id < refund.id)
    before = Money(amount=earlier, currency=currency)
    after = Money(amount=before.amount + given_back(refund), currency=currency)
    return Change(field="refunded", before=str(before), after=str(after))
