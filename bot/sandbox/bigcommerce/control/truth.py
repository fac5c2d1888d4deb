"""What is true in the store, whatever its API says: for tests, campaigns and people."""

from __future__ import annotations

from typing import Any

from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.control.behind import Answer, Behind, Json
from bot.sandbox.bigcommerce.discounts.coupons import all_coupons, coupon_json
from bot.sandbox.bigcommerce.discounts.promotions import code_json, promotion_json
from bot.sandbox.bigcommerce.orders.statuses import NAMES
from bot.sandbox.bigcommerce.refunds.sums import total


async def show_orders(behind: Behind, given: Json) -> Any:
    """Return all orders in short."""
    return [_in_short(row) for row in behind.shop.books.orders.values()]


async def show_books(behind: Behind, given: Json) -> Json:
    """Return what is true."""
    books = behind.shop.books
    return {
        "orders": {str(row.id): _truth(row) for row in books.orders.values()},
        "coupons": [coupon_json(row) for row in all_coupons(books)],
        "promotions": [
            {**promotion_json(row), "codes": [code_json(code) for code in row.codes]}
            for row in books.promotions.values()
        ],
        "mails": [mail.model_dump(mode="json") for mail in books.mails],
        "stock_changes": [row.model_dump(mode="json") for row in books.stock.changes],
        "stock": {
            sku: {place: books.stock.level(item, place) for place in item.levels}
            for sku, item in books.stock.items.items()
        },
    }


def _in_short(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "status": NAMES[order.status_id],
        "status_id": order.status_id,
        "payment_status": order.payment_status,
        "customer": f"{order.billing.first_name} {order.billing.last_name}",
        "total": str(total(order).inc_tax),
        "currency": order.currency,
        "tags": order.tags,
    }


def _truth(order: Order) -> dict[str, Any]:
    refunds = [
        {
            "id": refund.id,
            "created_at": refund.created_at.isoformat(),
            "total": str(refund.total),
            "reason": refund.reason,
            "declined": refund.declined,
            "settled": refund.settled,
            "given_back": str(refund.given_back),
            "payments": [payment.provider_id for payment in refund.payments],
            "items": [item.model_dump(mode="json") for item in refund.items],
        }
        for refund in order.refunds
    ]
    return {
        "status_id": order.status_id,
        "payment_status": order.payment_status,
        "customer_id": order.customer_id,
        "email": order.billing.email,
        "total": str(total(order).inc_tax),
        "currency": order.currency,
        "is_deleted": order.is_deleted,
        "staff_notes": order.staff_notes,
        "refunds": refunds,
        "history": [change.model_dump(mode="json") for change in order.history],
    }


READ: dict[str, Answer] = {"orders": show_orders, "books": show_books}
