"""Request bodies: only documented fields, amounts with at most two decimals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.bigcommerce.refunds import RefundItem, RefundPayment
from bot.bigcommerce.wire import two_decimals
from bot.clean_text import clean_text

ITEM_REASON_MAX = 1000
REASON_END = 100
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
        "items": [_item(item) | {"reason": _fitting(item.reason or reason)} for item in items],
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


def _fitting(reason: str) -> str:
    """Return a reason that fits; of a longer one the middle goes, for a mark stands at the end."""
    if len(reason) <= ITEM_REASON_MAX:
        return reason
    return f"{reason[: ITEM_REASON_MAX - REASON_END - 1]}…{reason[-REASON_END:]}"


def _newest(notes: str) -> str:
    """Return notes that fit; of longer ones whole lines go from the beginning, the oldest."""
    # The limit is given as a string's length; whether that is characters or bytes is not said, so
    # bytes, the smaller of the two.
    raw = clean_text(notes).encode()
    if len(raw) <= STAFF_NOTES_MAX:
        return notes
    kept = raw[-STAFF_NOTES_MAX:].decode(errors="ignore")
    return kept.partition("\n")[2] or kept
