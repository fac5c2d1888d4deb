"""What a refund asks for: its items read from JSON, refused in the documented shapes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.refunds.payments import RefundItem

BY_PIECE = ("PRODUCT", "GIFT_WRAPPING")
BY_AMOUNT = ("SHIPPING", "HANDLING", "FEE", "ORDER")
MALFORMED = "JSON data is missing or invalid"
LONGEST_REASON = 1000
LONGEST_NOTE = 255


def read_items(body: Mapping[str, Any]) -> list[RefundItem]:
    """Read the items of a quote or refund request.

    Neither `tax_adjustment_amount` nor TAX items are carried out here: both are refused.
    """
    rows = body.get("items")
    if not isinstance(rows, list) or not rows:
        raise malformed("items", "error.path.missing" if rows is None else "error.expected.jsarray")
    return [_item(f"items({index})", row) for index, row in enumerate(rows)]


def malformed(field: str, error: str) -> StoreError:
    """Refuse a field with the platform's code for what is wrong with it."""
    return StoreError(422, MALFORMED, errors={field: error})


def _item(where: str, row: Any) -> RefundItem:
    if not isinstance(row, dict):
        raise malformed(where, "error.expected.jsobject")
    item_type = row.get("item_type")
    if item_type not in (*BY_PIECE, *BY_AMOUNT):
        raise malformed(f"{where}.item_type", "error.expected.validenumvalue")
    by_piece = item_type in BY_PIECE
    notes = _adjustments(where, row.get("adjustments") or [])
    if notes and item_type != "PRODUCT":
        # "Only supported for item_type PRODUCT"; what happens otherwise is not said.
        raise malformed(f"{where}.adjustments", "error.not.supported")
    return RefundItem(
        item_type=item_type,
        item_id=_whole(f"{where}.item_id", row.get("item_id")),
        quantity=_whole(f"{where}.quantity", row.get("quantity")) if by_piece else None,
        amount=None if by_piece else positive(f"{where}.amount", row.get("amount")),
        reason=read_reason(f"{where}.reason", row.get("reason")),
        adjustments=[amount for amount, _ in notes],
        adjustment_notes=[note for _, note in notes],
    )


def _whole(where: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise malformed(where, "error.expected.jsnumber")
    if value <= 0:
        raise malformed(where, "error.min")
    return value


def read_money(where: str, value: Any) -> Decimal:
    """Read an amount: a JSON number with at most two decimals."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        raise malformed(where, "error.expected.jsnumber")
    amount = Decimal(value)
    if amount != round(amount, 2):
        raise StoreError(
            422,
            "amount field can not have more than 2 decimal digits",
            errors={where: "amount field can not have more than 2 decimal digits"},
        )
    return round(amount, 2)


def positive(where: str, value: Any) -> Decimal:
    """Read an amount above zero."""
    amount = read_money(where, value)
    if amount < 0:
        raise StoreError(422, "Refund amount was negative", errors={where: "error.min"})
    if amount == 0:
        raise malformed(where, "error.min")
    return amount


def read_reason(where: str, value: Any) -> str:
    """Read a reason: text of up to 1,000 characters, or nothing."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise malformed(where, "error.expected.jsstring")
    if len(value) > LONGEST_REASON:
        raise malformed(where, "error.maxLength")
    return value


def _adjustments(where: str, rows: Any) -> list[tuple[Decimal, str]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise malformed(f"{where}.adjustments", "error.expected.jsarray")
    found = []
    for row in rows:
        amount = read_money(f"{where}.adjustments.amount", row.get("amount"))
        if amount >= 0:
            raise malformed(f"{where}.adjustments.amount", "error.max")
        note = row.get("description", "")
        if not isinstance(note, str):
            raise malformed(f"{where}.adjustments.description", "error.expected.jsstring")
        if len(note) > LONGEST_NOTE:
            raise malformed(f"{where}.adjustments.description", "error.maxLength")
        found.append((amount, note))
    return found
