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


def settlement_of(
    refund: Refund,
    transactions: Sequence[Transaction],
    *,
    refunds: Sequence[Refund] = (),
    is_last_look: bool = False,
) -> Settlement:
    """Return how far the refund is, by its own payments and the order's transactions.

    `refunds` are all of the order's: what paid an earlier one does not pay this one.

    BigCommerce keeps store credit itself, and no transaction is documented for giving it: one is
    waited for, but at the last look credit that was not declined counts as given.
    """
    if refund.is_declined:
        return Settlement.DECLINED
    awaited = [each for each in _tenders(refund) if _is_awaited(each, is_last_look)]
    if not _all_paid(refund, awaited, _without_earlier(refund, transactions, refunds)):
        return Settlement.PENDING
    declined = any(payment.is_declined for payment in refund.payments)
    return Settlement.PARTLY_DECLINED if declined else Settlement.SETTLED


def needs_transactions(refund: Refund) -> bool:
    """Whether the transactions have to be read to know how far the refund is."""
    return any(_is_awaited(payment, is_last_look=False) for payment in _tenders(refund))


def gives_store_credit(refund: Refund) -> bool:
    """Whether a last look may tell more than the looks before it."""
    return any(payment.provider_id == STORE_CREDIT for payment in refund.payments)


def _tenders(refund: Refund) -> tuple[RefundedPayment, ...]:
    # A refund that lists no payments is taken for one payment of its total.
    return refund.payments or (RefundedPayment(provider_id="", amount=refund.total_amount),)


def _is_awaited(payment: RefundedPayment, is_last_look: bool) -> bool:
    if payment.is_declined or is_recorded_only(payment):
        return False
    return not (is_last_look and payment.provider_id == STORE_CREDIT)


def _without_earlier(
    refund: Refund, transactions: Sequence[Transaction], refunds: Sequence[Refund]
) -> list[Transaction]:
    """Leave out what was there when the refund was made and pays one before it.

    BigCommerce's times are whole seconds: within one, the former refund's transaction would pass
    for this one's.
    """
    left = list(transactions)
    for earlier in (each for each in refunds if each.id < refund.id):
        for payment in (each for each in _tenders(earlier) if not each.is_declined):
            before = [each for each in left if each.date_created <= refund.created]
            if (found := _find(earlier, payment, before)) is not None:
                left.remove(found)
    return left


def _all_paid(
    refund: Refund, payments: Sequence[RefundedPayment], transactions: Sequence[Transaction]
) -> bool:
    left = list(transactions)
    for payment in payments:
        found = _find(refund, payment, left)
        if found is None:
            return False
        left.remove(found)  # one transaction pays one payment
    return True


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
