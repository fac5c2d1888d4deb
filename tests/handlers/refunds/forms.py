"""A partial refund's form being filled in, as plain as can be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from handlers.flow.form import FormState
from handlers.refunds.form_context import ItemsContext, OrderMoney, ShownCost, ShownLine

DOLLARS = OrderMoney(currency="USD", left=Decimal("50.00"), tax="before tax")
SHIPPING = ShownCost(field="shipping_7", type="SHIPPING", id=7, name="shipping", left=Decimal(8))


def shown_line(number: int = 1, **changes: Any) -> ShownLine:
    fields: dict[str, Any] = {
        "id": number,
        "name": f"Fern {number}",
        "plain_name": f"Fern {number}",
        "label": f"Fern {number}",
        "quantity": 3,
        "left": 2,
        "wrapping": 0,
        "paid": "30.00 USD",
    }
    return ShownLine(**(fields | changes))


def items_form(
    *lines: ShownLine,
    parts: tuple[ShownCost, ...] = (),
    money: OrderMoney = DOLLARS,
    typed: dict[str, Any] | None = None,
    **context: Any,
) -> FormState:
    known = ItemsContext(lines=lines, parts=parts, money=money, **context)
    return FormState(1042, {**known.saved(), "reasons": ["Damaged", "Late"]}, typed or {})
