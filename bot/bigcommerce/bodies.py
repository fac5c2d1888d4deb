"""Request bodies: only documented fields, amounts with at most two decimals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import format_datetime
from typing import Any

from bot.bigcommerce.models import NewCoupon, RefundItem, RefundPayment
from bot.bigcommerce.wire import two_decimals

ITEM_REASON_MAX = 1000
STAFF_NOTES_MAX = 65_535
WHOLE_CATALOGUE = 0


def quote_body(items: Sequence[RefundItem]) -> dict[str, Any]:
    """What to refund, without reasons: a quote does not need them."""
    return {"items": [_item(item) for item in items]}


def refund_body(
    items: Sequence[RefundItem], payments: Sequence[RefundPayment], reason: str
) -> dict[str, Any]:
    """The refund with its reason at the top and on every item.

    Which of the two comes back when refunds are listed is not documented, so both are sent. An
    item's own reason goes before the general one.
    """
    return {
        "items": [
            _item(item) | {"reason": (item.reason or reason)[:ITEM_REASON_MAX]} for item in items
        ],
        "payments": [
            {
                "provider_id": payment.provider_id,
                "amount": two_decimals(payment.amount),
                "offline": payment.offline,
            }
            for payment in payments
        ],
        "reason": reason,
    }


def status_body(status_id: int, staff_notes: str) -> dict[str, Any]:
    """Only these two: every further field of an order PUT can change money or discounts."""
    return {"status_id": status_id, "staff_notes": _newest(staff_notes)}


def coupon_body(coupon: NewCoupon) -> dict[str, Any]:
    """The coupon, switched on: BigCommerce's default is off. Raises ValueError for a naive time."""
    body: dict[str, Any] = {
        "name": coupon.name,
        "code": coupon.code,
        "type": coupon.type.value,
        "amount": f"{two_decimals(coupon.amount):f}",
        "enabled": True,
        "applies_to": {
            "entity": "categories",
            "ids": list(coupon.category_ids) or [WHOLE_CATALOGUE],
        },
    }
    if coupon.expires_at is not None:
        if coupon.expires_at.tzinfo is None:
            raise ValueError("expires_at must be aware")
        body["expires"] = format_datetime(coupon.expires_at)
    return body


def _item(item: RefundItem) -> dict[str, Any]:
    body: dict[str, Any] = {"item_type": item.item_type.value, "item_id": item.item_id}
    if item.quantity is not None:
        body["quantity"] = item.quantity
    if item.amount is not None:
        body["amount"] = two_decimals(item.amount)
    return body


def _newest(notes: str) -> str:
    # The limit is given as a string's length; whether that is characters or bytes is not said, so
    # bytes, the smaller of the two. The beginning goes: the newest note stands at the end.
    return notes.encode(errors="replace")[-STAFF_NOTES_MAX:].decode(errors="ignore")
