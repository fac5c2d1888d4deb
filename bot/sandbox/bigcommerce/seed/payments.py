"""Orders whose payment stands somewhere special: not taken, disputed, given back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.refunds.payments import Refund, RefundItem, RefundPayment, Transaction
from bot.sandbox.bigcommerce.refunds.quotes import quote
from bot.sandbox.bigcommerce.refunds.sums import left
from bot.sandbox.bigcommerce.seed.orders import (
    AWAITING_PAYMENT,
    CANCELLED,
    COMPLETED,
    DECLINED,
    DISPUTED,
    PARTLY_REFUNDED,
    PENDING,
    PICKUP,
    REFUNDED,
    REVIEW,
    SHIPPED,
    Clerk,
    bank_deposit,
)


def payment_orders(clerk: Clerk) -> None:
    """Take down all of them."""
    _payments(clerk)
    _refunded(clerk)


def _payments(clerk: Clerk) -> None:
    for order_id, tag, status_id, payment_status in (
        (1026, "authorised", AWAITING_PAYMENT, "authorized"),
        (1027, "authorised", PENDING, "authorized"),
        (1035, "disputed", DISPUTED, "captured"),
        (1036, "held_for_review", REVIEW, "held for review"),
        (1037, "held_for_review", AWAITING_PAYMENT, "held for review"),
        (1045, "declined", DECLINED, "declined"),
        (1046, "cancelled", CANCELLED, "void"),
        (1047, "pickup", PICKUP, "captured"),
    ):
        order = clerk.order(
            order_id,
            tag,
            customer=order_id % 10 + 1,
            status_id=status_id,
            payment_status=payment_status,
            goods=[(14, 1), (15, 2)],
        )
        clerk.pay(order)
    unpaid = clerk.order(
        1044,
        "unpaid",
        "offline",
        customer=2,
        status_id=AWAITING_PAYMENT,
        payment_status="pending",
        goods=[(12, 1)],
    )
    unpaid.payment_method = "Bank Deposit"
    clerk.pay(unpaid, last=bank_deposit())
    archived = clerk.order(1031, "archived", customer=2, status_id=COMPLETED, goods=[(9, 1)])
    clerk.pay(archived).is_deleted = True


def _refunded(clerk: Clerk) -> None:
    some = clerk.order(
        1028, "partially_refunded", customer=9, status_id=SHIPPED, goods=[(0, 3), (9, 1)]
    )
    clerk.pay(some)
    one = RefundItem(item_type="PRODUCT", item_id=some.lines[0].id, quantity=1)
    _give_back(clerk, some, [one], "Arrived wilted")
    amount = clerk.order(
        1029, "partially_refunded", "order_level_refund", customer=10, status_id=COMPLETED,
        goods=[(4, 1), (3, 1)],
    )  # fmt: skip
    clerk.pay(amount)
    five = RefundItem(item_type="ORDER", item_id=amount.id, amount=Decimal("5.00"))
    _give_back(clerk, amount, [five], "Sorry for the delay")
    whole = clerk.order(1030, "refunded", customer=12, status_id=SHIPPED, goods=[(6, 1)])
    clerk.pay(whole)
    address = whole.addresses[0]
    everything = [
        RefundItem(item_type="PRODUCT", item_id=whole.lines[0].id, quantity=1),
        RefundItem(item_type="SHIPPING", item_id=address.id, amount=address.shipping),
    ]
    _give_back(clerk, whole, everything, "Never arrived")


def _give_back(clerk: Clerk, order: Order, items: list[RefundItem], reason: str) -> None:
    """Write down a refund that was made, and paid, two days after the order."""
    found = quote(order, items, in_flight=True)
    tender, at = order.tenders[0], order.created_at + timedelta(days=2)
    payment = RefundPayment(
        id=clerk.books.next_id("refund_payment"),
        provider_id=tender.provider_id,
        amount=found.total,
        offline=False,
        transaction_id=clerk.books.next_id("transaction"),
    )
    order.refunds.append(
        Refund(
            id=clerk.books.next_id("refund"),
            order_id=order.id,
            created_at=at,
            reason=reason,
            total=found.total,
            tax=found.tax,
            items=items,
            payments=[payment],
            settled=True,
            settles_at=at,
        )
    )
    order.transactions.append(
        Transaction(
            id=payment.transaction_id,
            order_id=order.id,
            event="refund",
            method=tender.method,
            amount=found.total,
            currency=order.currency,
            gateway=tender.provider_id,
            created_at=at,
            reference_id=order.transactions[0].id,
        )
    )
    whole = left(order, in_flight=True) <= 0
    order.status_id = REFUNDED if whole else PARTLY_REFUNDED
    order.payment_status = "refunded" if whole else "partially refunded"
    order.modified_at = at
