"""Booking a refund: it must equal a fresh quote, and its money is on the way, not yet there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.faults import Fault
from bot.sandbox.bigcommerce.refunds.payments import Refund, RefundItem, RefundPayment
from bot.sandbox.bigcommerce.refunds.quotes import Quote, quote
from bot.sandbox.bigcommerce.refunds.refund_items import (
    malformed,
    read_items,
    read_money,
    read_reason,
)
from bot.sandbox.bigcommerce.shop import Shop

GUEST_CREDIT = "Unable to provide store credit for a guest customer."
WRONG_SPLIT = "The requested refund had invalid split payment."
IN_FLIGHT = "Another refund of this order is being processed."


def quoted(shop: Shop, order: Order, items: Sequence[RefundItem]) -> Quote:
    """Quote a refund by the store's rule for refunds that are still on their way.

    Refunds of one order must not run at once, says BigCommerce, not what happens when they do. By
    default this store takes the harmful reading: it does not see what has not settled yet, so that
    the same money can be given back twice. The setting `concurrent_refunds: "refuse"` answers 423.
    """
    return quote(order, items, in_flight=False)


def book(shop: Shop, order: Order, body: Mapping[str, Any], fault: Fault | None) -> Refund:
    """Make a refund; raises StoreError when it does not equal a fresh quote."""
    items = read_items(body)
    payments = _payments(body.get("payments"))
    reason = read_reason("reason", body.get("reason"))
    if body.get("merchant_calculated_override") is not None:
        raise malformed("merchant_calculated_override", "error.not.supported")
    in_flight = [refund for refund in order.refunds if not refund.settled]
    if in_flight and shop.books.settings.concurrent_refunds == "refuse":
        raise StoreError(423, IN_FLIGHT)
    if not order.customer_id and any(row[0] == "storecredit" for row in payments):
        raise StoreError(422, GUEST_CREDIT, in_data=True)
    found = quoted(shop, order, items)
    methods = [sorted((w.provider_id, w.amount, w.offline) for w in m) for m in found.methods]
    if sorted(payments) not in methods:
        raise StoreError(422, WRONG_SPLIT, in_data=True)
    return record(shop, order, items, payments, found, reason=reason, fault=fault)


def record(
    shop: Shop,
    order: Order,
    items: list[RefundItem],
    payments: Sequence[tuple[str, Decimal, bool]],
    found: Quote,
    *,
    reason: str,
    fault: Fault | None = None,
) -> Refund:
    """Write a refund into the books; its payments settle after those before it."""
    books = shop.books
    now = shop.now()
    if fault and fault.kind == "other_amount":
        found, payments = _other(found, payments, fault.amount)
    slow = fault.delay_s if fault and fault.kind == "slow_settlement" else None
    wait = books.settings.settlement_s if slow is None else slow
    earlier = [refund.settles_at for refund in order.refunds if not refund.settled]
    refund = Refund(
        id=books.next_id("refund"),
        order_id=order.id,
        created_at=now,
        reason=reason,
        total=found.total,
        tax=found.tax,
        items=items,
        payments=[
            RefundPayment(
                id=books.next_id("refund_payment"),
                provider_id=provider_id,
                amount=amount,
                offline=offline,
                transaction_id=books.next_id("transaction"),
            )
            for provider_id, amount, offline in payments
        ],
        settles_at=max([shop.exact_now(), *earlier]) + timedelta(seconds=wait),
        will_decline=_declined(payments, fault),
    )
    order.refunds.append(refund)
    order.modified_at = now
    shop.happened("store/order/refund/created", order.id, refund={"refund_id": refund.id})
    shop.changed()
    return refund


def _other(
    found: Quote, payments: Sequence[tuple[str, Decimal, bool]], amount: Decimal
) -> tuple[Quote, list[tuple[str, Decimal, bool]]]:
    """Return what a store does that gives back another amount: the first tender takes it all."""
    provider_id, _, offline = payments[0]
    return replace(found, total=amount), [(provider_id, amount, offline)]


def _declined(payments: Sequence[tuple[str, Decimal, bool]], fault: Fault | None) -> list[str]:
    if fault is None or fault.kind != "decline":
        return []
    # What is only recorded is never put to a gateway, so there is none to refuse it.
    return [
        provider_id
        for provider_id, _, offline in payments
        if not offline and fault.provider_id in ("", provider_id)
    ]


def _payments(rows: Any) -> list[tuple[str, Decimal, bool]]:
    if not isinstance(rows, list) or not rows:
        raise malformed("payments", "error.path.missing")
    found: list[tuple[str, Decimal, bool]] = []
    for index, row in enumerate(rows):
        where = f"payments({index})"
        if not isinstance(row, dict) or not isinstance(row.get("provider_id"), str):
            raise malformed(f"{where}.provider_id", "error.path.missing")
        offline = row.get("offline", False)
        if not isinstance(offline, bool):
            raise malformed(f"{where}.offline", "error.expected.jsboolean")
        amount = read_money(f"{where}.amount", row.get("amount"))
        found.append((row["provider_id"], amount, offline))
    return found
