"""The store's own calculation of a refund: how much comes back, and in which ways.

What is not documented takes the safer side here: refunds are refused on cancelled, declined,
incomplete, disputed and archived orders, and while no payment was received.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.refunds.payments import ZERO, RefundItem, Tender
from bot.sandbox.bigcommerce.refunds.sums import (
    NOTHING,
    Cost,
    cents,
    left,
    parts,
    refunds_that_count,
    taken,
    total,
)

STORE_CURRENCY = "USD"
OFFLINE = "This is an offline payment provider."
EXCEEDS = "Refund amount exceeds remaining amount"
CLOSED_STATUSES = {
    0: "The order is incomplete.",
    5: "The order is cancelled.",
    6: "The payment of the order was declined.",
    13: "The payment of the order is disputed.",
}
CLOSED_PAYMENTS = {
    "authorized": "The payment has been authorized but not captured.",
    "capture pending": "The capture of the payment is pending.",
    "void pending": "The void of the payment is pending.",
    "void": "The payment was voided.",
    "declined": "The payment was declined.",
    "pending": "No payment has been received.",
    "held for review": "The payment is held for review.",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One tender of a way to pay back, as a quote offers it."""

    provider_id: str
    description: str
    amount: Decimal
    offline: bool = False
    offline_provider: bool = False
    offline_reason: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What a refund of these items gives back. `adjustment` below zero: less than asked for."""

    total: Decimal
    tax: Decimal
    order_level: Decimal
    adjustment: Decimal
    methods: tuple[tuple[Way, ...], ...]


def quote(order: Order, items: Sequence[RefundItem], *, in_flight: bool) -> Quote:
    """Calculate a refund; `in_flight` lets refunds that have not settled count as done.

    Raises StoreError when the order or one of the items cannot be refunded.
    """
    _refuse_closed(order)
    asked = _asked(order, items, in_flight=in_flight)
    order_level = sum((i.amount or ZERO for i in items if i.item_type == "ORDER"), ZERO)
    remaining = left(order, in_flight=in_flight)
    if remaining <= 0:
        raise StoreError(422, EXCEEDS, errors={"items": EXCEEDS})
    wanted = asked.inc_tax + order_level
    if wanted <= 0:
        raise StoreError(422, "There is nothing to refund", errors={"items": "error.min"})
    given = min(wanted, remaining)
    methods = _methods(order, given, in_flight=in_flight)
    return Quote(given, asked.tax, order_level, given - wanted, methods)


def _refuse_closed(order: Order) -> None:
    why = CLOSED_STATUSES.get(order.status_id) or CLOSED_PAYMENTS.get(order.payment_status)
    if order.is_deleted:
        why = "The order is archived."
    if why:
        raise StoreError(422, why, errors={})


def _asked(order: Order, items: Sequence[RefundItem], *, in_flight: bool) -> Cost:
    known = parts(order)
    asked = NOTHING
    used: dict[tuple[str, int], Decimal] = {}
    for item in items:
        key = (item.item_type, item.item_id)
        if item.item_type == "ORDER":
            if item.item_id != order.id:
                raise _no_such(item)
            continue
        part = known.get(key)
        if part is None:
            raise _no_such(item)
        wanted = Decimal(item.quantity) if item.quantity is not None else item.amount or ZERO
        before = taken(order, *key, in_flight=in_flight) + used.get(key, Decimal(0))
        if before + wanted > part.size:
            raise StoreError(422, EXCEEDS, errors={"items": EXCEEDS})
        used[key] = used.get(key, Decimal(0)) + wanted
        asked += _less(part.share(before, wanted), item)
    return asked


def _less(share: Cost, item: RefundItem) -> Cost:
    """Take an item's adjustments off.

    Not documented, and taken so here: the tax stays as it is, and an item cannot be cut by more
    than it costs before tax.
    """
    off = sum(item.adjustments, ZERO)
    if share.ex_tax + off < 0:
        raise StoreError(422, "Refund amount was negative", errors={"items": "error.min"})
    return share + Cost(off, ZERO)


def _no_such(item: RefundItem) -> StoreError:
    title = f"{item.item_type} {item.item_id} is not part of the order"
    return StoreError(422, title, errors={"items": title})


def _methods(order: Order, amount: Decimal, *, in_flight: bool) -> tuple[tuple[Way, ...], ...]:
    """Store credit first, then the way it was paid, then "custom": as the documents list them."""
    methods: list[tuple[Way, ...]] = []
    if order.customer_id and order.currency == STORE_CURRENCY:
        methods.append((Way("storecredit", "Store Credit", amount),))
    shares = _split(order, amount, in_flight=in_flight)
    methods.append(tuple(_way(order, tender, share, amount) for tender, share in shares))
    methods.append((Way("custom", "Custom", amount, True, True, OFFLINE),))
    return tuple(dict.fromkeys(method for method in methods if method))


def _split(order: Order, amount: Decimal, *, in_flight: bool) -> list[tuple[Tender, Decimal]]:
    """Share an amount among the tenders by what each has left; the last takes the odd cent."""
    rest = [(tender, _left_of(order, tender, in_flight=in_flight)) for tender in order.tenders]
    rest = [(t, money) for t, money in rest if money > 0 and t.kind != "external"]
    able = sum((money for _, money in rest), ZERO)
    if able < amount:
        return []
    shares: list[tuple[Tender, Decimal]] = []
    open_amount = amount
    for index, (tender, money) in enumerate(rest):
        last = index == len(rest) - 1
        share = open_amount if last else min(money, cents(amount * money / able))
        open_amount -= share
        if share > 0:
            shares.append((tender, share))
    return shares


def _left_of(order: Order, tender: Tender, *, in_flight: bool) -> Decimal:
    gone = sum(
        (
            payment.amount
            for refund in refunds_that_count(order, in_flight=in_flight)
            for payment in refund.payments
            if payment.provider_id == tender.provider_id and not payment.is_declined
        ),
        ZERO,
    )
    return tender.amount - gone


def _way(order: Order, tender: Tender, share: Decimal, amount: Decimal) -> Way:
    provider, description = tender.provider_id, tender.description
    if tender.kind == "offline":
        return Way(provider, description, share, True, True, OFFLINE)
    if not tender.refunds_in_part and amount < total(order).inc_tax:
        reason = "Partial refunds are not supported by this payment gateway."
        return Way(provider, description, share, True, False, reason)
    return Way(provider, description, share)
