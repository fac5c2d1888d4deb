"""The ends of a refund that was made. Pure: what is known in, an outcome out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions.failures import GOES_ON, LOOK_THEN_CHECK, WIDEN_ACCESS
from bot.actions.orders.order_status import state_of, status_changes
from bot.actions.orders.snapshot import OrderSnapshot, given_back
from bot.actions.refunds.request import ConfirmedRefund
from bot.actions.refunds.settlement.settlement import Judgement, Settlement
from bot.actions.refunds.words import (
    describe_decline,
    describe_for_customer,
    describe_refund,
    recorded_only,
    total_of,
)
from bot.bigcommerce.models import Order
from bot.bigcommerce.refunds import Refund
from bot.values.money import Money
from bot.values.outcome import Change, Outcome, Status


@dataclass(frozen=True, slots=True)
class FollowedRefund:
    """A refund that BigCommerce has, all refunds of its order, and how far its money is.

    `judgement` None: nothing could be read after the refund was accepted. `is_readable` is False
    when the token may not read the transactions. `difference` is what the refund is not as it was
    confirmed: "total", "items", or "". `was_there`: see `bot.actions.writing.Written`. `order` is
    the order as it was read with the refunds, None when it could not be.
    """

    refund: Refund
    refunds: tuple[Refund, ...]
    judgement: Judgement | None
    is_readable: bool = True
    difference: str = ""
    was_there: bool = False
    order: Order | None = None


def outcome_of(
    confirmed: ConfirmedRefund | None, followed: FollowedRefund | Outcome, command: str
) -> Outcome:
    """Return how a refund ended that was made once and followed."""
    if isinstance(followed, Outcome):
        return followed
    if confirmed is None:  # never sent then
        raise ValueError("a refund was made that nobody confirmed")
    outcome = _outcome_of(confirmed, followed, command)
    evidence = followed.judgement.describe_evidence() if followed.judgement is not None else ""
    return outcome.model_copy(update={"was_there": followed.was_there, "evidence": evidence})


def _outcome_of(confirmed: ConfirmedRefund, followed: FollowedRefund, command: str) -> Outcome:
    refund, judgement = followed.refund, followed.judgement
    if judgement is None:
        return pending(confirmed, refund, is_readable=True)
    if judgement.inconsistency:
        return inconsistent(confirmed, refund, judgement)
    is_other = followed.difference == "total"
    match judgement.settlement:
        case Settlement.PENDING:
            return pending(confirmed, refund, is_readable=followed.is_readable)
        case Settlement.DECLINED:
            return declined(confirmed, refund, command)
        case _ if is_other:
            return other_total(confirmed, followed, judgement)
        case Settlement.PARTLY_DECLINED if judgement.moved.amount > 0:
            return partly_declined(confirmed, followed, judgement)
        case Settlement.PARTLY_DECLINED | Settlement.TO_SEND:
            return to_send(confirmed, followed, judgement)
        case Settlement.SETTLED:
            return refund_succeeded(confirmed, followed)


def pending(confirmed: ConfirmedRefund, refund: Refund, *, is_readable: bool) -> Outcome:
    """BigCommerce has the refund; the payment is on its way."""
    total = total_of(confirmed, refund)
    accepted = f"BigCommerce accepted a refund of {total} for order {refund.order_id}"
    if total != confirmed.total:
        accepted += f", not of the {confirmed.total} that was confirmed"
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


def partly_declined(
    confirmed: ConfirmedRefund, followed: FollowedRefund, judgement: Judgement
) -> Outcome:
    """Some tenders were paid and others declined, which no later look will change."""
    refund = followed.refund
    total, paid, lost = total_of(confirmed, refund), judgement.moved, judgement.declined
    by_hand = judgement.to_send
    also = f" Send {by_hand} to the customer by hand, too." if by_hand.amount else ""
    return Outcome(
        status=Status.PARTIAL,
        message=(
            f"Only {paid} of {total} was refunded for order {refund.order_id}: {lost} was "
            f"declined. {describe_decline(refund)}"
        ),
        next_step=f"Give the customer the other {lost} by another method.{also}",
        changes=_changes(confirmed, followed),
        amount=paid,
        refund_id=refund.id,
    )


def other_total(
    confirmed: ConfirmedRefund, followed: FollowedRefund, judgement: Judgement
) -> Outcome:
    """BigCommerce made another refund than the one that was confirmed."""
    refund = followed.refund
    moved, by_hand, asked = judgement.moved, judgement.to_send, confirmed.total
    made = moved if moved.amount else by_hand
    verb = "refunded" if moved.amount else "recorded as refunded"
    is_less = refund.total_amount < asked.amount
    if is_less:
        rest = Money(amount=asked.amount - refund.total_amount, currency=asked.currency)
        next_step = f"Look at the order in BigCommerce, then refund the other {rest}."
    else:
        next_step = "Look at the order and the payment in BigCommerce: too much was given back."
    # Nothing a later look would change: a person makes up for it.
    return Outcome(
        status=Status.PARTIAL if moved.amount else Status.TO_DO,
        message=(
            f"{'Only ' if is_less else ''}{made} was {verb} for order {refund.order_id}, but "
            f"{asked} was confirmed: BigCommerce made another refund than the one that was sent."
        ),
        next_step=next_step,
        changes=_changes(confirmed, followed),
        amount=made,
        to_send=by_hand if by_hand.amount else None,
        refund_id=refund.id,
    )


def inconsistent(confirmed: ConfirmedRefund, refund: Refund, judgement: Judgement) -> Outcome:
    """The refund's payments are not its total: what it pays is for a person to find out."""
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"BigCommerce has a refund for order {refund.order_id}, but it is not known how much "
            f"of the {confirmed.total} it pays. {judgement.inconsistency}"
        ),
        next_step=LOOK_THEN_CHECK,
        refund_id=refund.id,
    )


def to_send(confirmed: ConfirmedRefund, followed: FollowedRefund, judgement: Judgement) -> Outcome:
    """BigCommerce has recorded it, and a person has to send some of the money, or all."""
    refund = followed.refund
    whom = "the customer" if followed.order is None else OrderSnapshot(followed.order).customer_name
    said = [recorded_only(judgement.moved)]
    if judgement.declined.amount:
        said.append(f"{judgement.declined} was declined. {describe_decline(refund)}")
    return Outcome(
        status=Status.TO_DO,
        message=f"To do: send {judgement.to_send} to {whom} by hand · order {refund.order_id}",
        next_step=" ".join(said),
        changes=_changes(confirmed, followed),
        amount=Money(
            amount=judgement.moved.amount + judgement.to_send.amount, currency=judgement.currency
        ),
        to_send=judgement.to_send,
        refund_id=refund.id,
    )


def refund_succeeded(confirmed: ConfirmedRefund, followed: FollowedRefund) -> Outcome:
    """The money has moved."""
    refund = followed.refund
    total = total_of(confirmed, refund)
    others = (
        "BigCommerce booked it on other items than were confirmed: look at the order there."
        if followed.difference
        else ""
    )
    return Outcome(
        status=Status.SUCCEEDED,
        message=f"{describe_refund(confirmed, refund)}.",
        next_step=others,
        changes=_changes(confirmed, followed),
        amount=total,
        refund_id=refund.id,
        paid_back=describe_for_customer(refund.payments or confirmed.payments, total.currency),
    )


def _changes(confirmed: ConfirmedRefund, followed: FollowedRefund) -> tuple[Change, ...]:
    """Return by how much the order's refunds grew, and from where its status came.

    The former status is kept nowhere else: BigCommerce forgets it.
    """
    refunded = refund_change(confirmed, followed.refund, followed.refunds)
    if followed.order is None or not confirmed.status:
        return (refunded,)
    now = state_of(followed.order)
    return (refunded, *status_changes(followed.order, former=confirmed.status, after=now))


def refund_change(confirmed: ConfirmedRefund, refund: Refund, refunds: Sequence[Refund]) -> Change:
    """Return by how much the order's refunds grew."""
    currency = confirmed.total.currency
    earlier = sum(given_back(each) for each in refunds if each.id < refund.id)
    before = Money(amount=earlier, currency=currency)
    after = Money(amount=before.amount + given_back(refund), currency=currency)
    return Change(field="refunded", before=str(before), after=str(after))
