"""How Slack asks to cancel an order and give everything back: the reason, the box."""

from __future__ import annotations

from bot.actions.cancel_and_refund import CANCEL_AND_REFUND, CancelAndRefund
from handlers.blocks import Block
from handlers.form import ActionForm, FormState
from handlers.notify import parse_notify
from handlers.reason import parse_reason
from handlers.stock_choice import check_goods, parse_all_goods
from handlers.whole_order import build_order, load_refund

DOES = "Everything that is left is refunded. Once that has gone through, the order is cancelled."


def build(form: FormState) -> list[Block]:
    """Return the form."""
    return build_order(form, DOES)


def parse(form: FormState) -> CancelAndRefund:
    """Return the request; FieldErrors when the reason is missing."""
    return CancelAndRefund.model_validate(
        {
            "order_id": form.order_id,
            "reason": parse_reason(form),
            "notify_customer": parse_notify(form),
            "goods": parse_all_goods(form),
        }
    )


FORM = ActionForm(CANCEL_AND_REFUND, DOES, load_refund, build, parse, check=check_goods)
