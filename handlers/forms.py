"""The forms of all actions. A new action is one line here, and one in `bot.actions`."""

from __future__ import annotations

from typing import Any

from handlers import (
    cancel_and_refund,
    cancel_order,
    create_discount_code,
    refund_items,
    refund_order,
)
from handlers.form import ActionForm

FORMS: dict[str, ActionForm[Any]] = {
    form.action.name: form
    for form in (
        cancel_order.FORM,
        cancel_and_refund.FORM,
        refund_order.FORM,
        refund_items.FORM,
        create_discount_code.FORM,
    )
}
