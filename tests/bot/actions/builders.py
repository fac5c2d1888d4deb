"""Orders, refunds and transactions for the pure tests: valid, and as plain as can be."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.outcomes import FollowedRefund
from bot.actions.refunds.settlement.settlement import judge_settlement
from bot.bigcommerce.models import Order, OrderLine, Transaction
from bot.bigcommerce.refunds import (
    ItemType,
    Refund,
    RefundedItem,
    RefundedPayment,
    RefundPayment,
    RefundQuote,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def order(**fields: Any) -> Order:
    return Order.model_validate(
        {
            "id": 1042,
            "customer_id": 7,
            "status_id": 11,
            "status": "Awaiting Fulfillment",
            "date_created": "Mon, 23 Nov 2026 10:00:00 +0000",
            "date_modified": "Mon, 23 Nov 2026 10:00:00 +0000",
            "payment_status": "captured",
            "default_currency_code": "USD",
            "total_inc_tax": "54.1000",
            "store_credit_amount": "0.0000",
            "gift_certificate_amount": "0.0000",
            **fields,
        }
    )


def line(line_id: int = 1, quantity: int = 2, **fields: Any) -> OrderLine:
    return OrderLine.model_validate(
        {"id": line_id, "name": f"Fern {line_id}", "quantity": quantity, **fields}
    )


def snapshot(*lines: OrderLine, refunds: tuple[Refund, ...] = (), **fields: Any) -> OrderSnapshot:
    parts = {name: fields.pop(name) for name in ("addresses", "fees") if name in fields}
    return OrderSnapshot(order=order(**fields), lines=lines, refunds=refunds, **parts)


def tender(amount: str = "54.10", provider_id: str = "braintree", **fields: Any) -> RefundedPayment:
    said = {"offline": False, "is_declined": False, **fields}
    return RefundedPayment(provider_id=provider_id, amount=Decimal(amount), **said)


def refund(
    *payments: RefundedPayment, items: tuple[RefundedItem, ...] = (), **fields: Any
) -> Refund:
    payments = payments or (tender(),)
    total = sum((payment.amount for payment in payments), Decimal(0))
    return Refund.model_validate(
        {
            "id": 5,
            "order_id": 1042,
            "created": NOON,
            "total_amount": total,
            "payments": payments,
            "items": items,
            **fields,
        }
    )


def followed(made: Refund, *transactions: Transaction, **fields: Any) -> FollowedRefund:
    """Return the refund as it stands with these transactions, the only one of its order."""
    return FollowedRefund(
        made, (made,), judge_settlement(made, (made,), transactions, order()), **fields
    )


def given(item_type: ItemType, item_id: int, **fields: Any) -> RefundedItem:
    return RefundedItem.model_validate({"item_type": item_type, "item_id": item_id, **fields})


def transaction(amount: str = "54.10", transaction_id: int = 900, **fields: Any) -> Transaction:
    return Transaction.model_validate(
        {
            "id": transaction_id,
            "event": "refund",
            "amount": amount,
            "status": "ok",
            "date_created": NOON,
            **fields,
        }
    )


def payment(amount: str = "54.10", provider_id: str = "braintree", **fields: Any) -> RefundPayment:
    description = {"braintree": "Braintree", "storecredit": "Store Credit"}.get(provider_id, "")
    return RefundPayment.model_validate(
        {
            "provider_id": provider_id,
            "provider_description": description,
            "amount": amount,
            "offline": False,
            **fields,
        }
    )


def custom(amount: str = "54.10") -> RefundPayment:
    return payment(amount, "custom", offline=True, offline_provider=True)


def quote(*methods: tuple[RefundPayment, ...], total: str = "54.10") -> RefundQuote:
    return RefundQuote(
        order_id=1042, total_refund_amount=Decimal(total), refund_methods=tuple(methods)
    )
