"""Request bodies: only documented fields, amounts with at most two decimals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.bigcommerce.refunds import RefundItem, RefundPayment
from bot.bigcommerce.wire import two_decimals

ITEM_REASON_MAX = 1000
STAFF_NOTES_MAX = 65_535


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


def _item(item: RefundItem) -> dict[str, Any]:
    body: dict[str, Any] = {"item_type": item.item_type.value, "item_id": item.item_id}
    if item.quantity is not None:
        body["quantity"] = item.quantity
    if item.amount is not None:
        body["amount"] = two_decimals(item.amount)
    if item.adjustments:
        body["adjustments"] = [
            {"amount": two_decimals(each.amount), "description": each.description}
            for each in item.adjustments
        ]
    return body


def _newest(notes: str) -> str:
    # The limit is given as a string's length; whether that is characters or bytes is not said, so
    # bytes, the smaller of the two. The beginning goes: the newest note stands at the end.
    return notes.encode(errors="replace")[-STAFF_NOTES_MAX:].decode(errors="ignore")
