"""The form of a discount code being filled in, as plain as can be."""

from __future__ import annotations

from typing import Any

from handlers.discounts.form_context import CodeContext, Payable
from handlers.flow.form import FormState

DOLLAR = Payable(code="USD", label="US dollar", rate="1")
EURO = Payable(code="EUR", label="Euro", rate="0.9")


def code_form(typed: dict[str, Any] | None = None, **context: Any) -> FormState:
    fields: dict[str, Any] = {
        "currency": "USD",
        "order_currency": "USD",
        "zone": "America/Chicago",
        "categories": True,
        "prefix": "SORRY",
        "code": "SORRY-7F3K2Q",
        "expires": "30",
    }
    return FormState(None, CodeContext(**(fields | context)).saved(), typed or {})
