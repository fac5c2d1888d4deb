"""Whether the store holds money of an order that cancelling it would silently keep.

A status moves no money: who cancels an order whose payment was taken keeps the customer's money.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.actions.orders.snapshot import given_back
from bot.actions.reading import together
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import MissingScope, UnusableAnswer
from bot.bigcommerce.models import Order, Transaction
from bot.bigcommerce.refunds import Refund
from bot.values.money import Money

# BigCommerce's payment statuses (`orders.v2`) for money that it holds, in whole or in part.
_TAKEN = frozenset({"captured", "paid", "partially refunded"})
# With these it holds none but store credit and gift certificates: never taken, or given back.
_NOT_TAKEN = frozenset({"authorized", "void", "void pending", "declined"})
_GIVEN_BACK = "refunded"
# Manual and offline payments: the transactions tell, if anything does.
_UNTOLD = frozenset({"", "pending"})
# `transactions` in `orders.v3`: the events with which money comes in.
_COMES_IN = frozenset({"purchase", "capture"})
# What decides, and what an order can do without otherwise.
_NEEDED = frozenset({"payment_status", "store_credit_amount", "gift_certificate_amount"})
_CREDIT_METHODS = frozenset({"store_credit", "gift_certificate"})


async def money_kept(store: BigCommerceClient, order: Order) -> Money | None:
    """Return what was taken for the order and not given back, None when that is nothing.

    Raises BigCommerceError when it cannot be told: then the order must not be cancelled.
    """
    if unread := sorted(_NEEDED & set(order.unread)):
        reason = f"BigCommerce's answer has no usable {', '.join(unread)}."
        raise UnusableAnswer(f"GET /v2/orders/{order.id}", reason)
    payment = order.payment_status.lower()
    if payment not in _TAKEN | _NOT_TAKEN | _UNTOLD | {_GIVEN_BACK}:
        # A status that is not known here may be money that came in.
        reason = "BigCommerce's answer has a payment status that Makegood does not know."
        raise UnusableAnswer(f"GET /v2/orders/{order.id}", reason)
    credit = order.store_credit_amount + order.gift_certificate_amount
    if payment in _NOT_TAKEN and credit <= 0:
        return None
    async with together() as group:
        reading_refunds = group.create_task(store.refunds.of_order(order.id))
        reading_transactions = group.create_task(_transactions(store, order.id))
    refunds = reading_refunds.result()
    if payment == _GIVEN_BACK and not any(_is_in_part_declined(each) for each in refunds):
        return None  # in full, also where that was done without a refund that BigCommerce lists
    refunded = sum((given_back(each) for each in refunds), Decimal(0))
    taken = credit + _paid(order, payment, reading_transactions.result())
    kept = taken - refunded
    return Money(amount=kept, currency=order.currency) if kept > 0 else None


def _is_in_part_declined(refund: Refund) -> bool:
    """Whether money of it stayed with the shop: then the payment status is not taken for proof."""
    return given_back(refund) < refund.total_amount


def _paid(order: Order, payment: str, transactions: Sequence[Transaction] | None) -> Decimal:
    """Return the money that came in, besides credit."""
    if payment in _NOT_TAKEN:
        return Decimal(0)
    came_in = sum(
        (
            abs(each.amount)
            for each in transactions or ()
            if each.event in _COMES_IN
            and each.status == "ok"
            and each.method not in _CREDIT_METHODS
        ),
        Decimal(0),
    )
    return came_in if came_in or payment in _UNTOLD else order.total_inc_tax


async def _transactions(store: BigCommerceClient, order_id: int) -> list[Transaction] | None:
    try:
        return await store.payments.transactions(order_id)
    except MissingScope:
        return None
