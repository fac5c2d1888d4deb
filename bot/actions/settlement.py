"""Whether the money of a refund has moved.

BigCommerce accepts a refund first and pays it afterwards, so this is read, never assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.actions.methods import STORE_CREDIT, is_recorded_only
from bot.bigcommerce import Refund, RefundedPayment, Transaction


class Settlement(Enum):
    """How far a refund's payments are. PARTLY_DECLINED: some went through, the rest never will."""

    PENDING = auto()
    SETTLED = auto()
    PARTLY_DECLINED = auto()
    DECLINED = auto()


@dataclass(frozen=True, slots=True)
class FollowedRefund:
    """A refund that BigCommerce has, all refunds of its order, and how far its money is.

    `is_readable` is False when the token may not read the transactions.
    """

    refund: Refund
    refunds: tuple[Refund, ...]
    settlement: Settlement
    is_readable: bool = True


def settlement_of(refund: Refund, transactions: Sequence[Transaction]) -> Settlement:
    """Return how far the refund is, by its own payments and the order's transactions."""
    if refund.is_declined:
        return Settlement.DECLINED
    if not all(_are_paid(refund, transactions)):
        return Settlement.PENDING
    declined = any(payment.is_declined for payment in refund.payments)
    return Settlement.PARTLY_DECLINED if declined else Settlement.SETTLED


def needs_transactions(refund: Refund) -> bool:
    """Whether the transactions have to be read to know: a payment gateway is involved."""
    return not refund.payments or any(_goes_through_gateway(each) for each in refund.payments)


def _goes_through_gateway(payment: RefundedPayment) -> bool:
    # Store credit is kept by BigCommerce itself and given with the refund; no transaction is
    # documented for it, so it counts as given unless it says that it was declined.
    return not (
        payment.is_declined or is_recorded_only(payment) or payment.provider_id == STORE_CREDIT
    )


def _are_paid(refund: Refund, transactions: Sequence[Transaction]) -> list[bool]:
    """Return for each payment through a gateway whether its transaction is there."""
    # A refund that lists no payments is taken for one payment of its total.
    payments = refund.payments or (RefundedPayment(provider_id="", amount=refund.total_amount),)
    left = list(transactions)
    paid = []
    for payment in filter(_goes_through_gateway, payments):
        found = _find(refund, payment, left)
        if found is not None:
            left.remove(found)  # one transaction pays one payment
        paid.append(found is not None)
    return paid


def _find(
    refund: Refund, payment: RefundedPayment, transactions: Sequence[Transaction]
) -> Transaction | None:
    named = [each for each in transactions if str(each.id) == payment.transaction_id]
    refunds = [each for each in transactions if each.event == "refund" and each.status == "ok"]
    by_id = next((each for each in named if each in refunds), None)
    if by_id is not None:
        return by_id
    # An id that is not among the transactions yet, or whose refund failed, is waited for. One
    # that names the purchase says nothing of the refund; then the amount and the time must do.
    if payment.transaction_id and not any(each.event != "refund" for each in named):
        return None
    return next(
        (
            each
            for each in refunds
            if abs(each.amount) == payment.amount and each.date_created >= refund.created
        ),
        None,
    )
