"""How Slack asks for a full refund: the reason, the box."""

from __future__ import annotations

from bot.actions.refunds.refund_order import REFUND_ORDER, RefundOrder
from bot.actions.rules.eligibility import REFUND_COMMAND
from handlers.block_kit.builders import Block
from handlers.commands import Command
from handlers.flow.form import ActionForm, FormState
from handlers.flow.notification_box import parse_notify
from handlers.flow.reason import parse_reason
from handlers.orders.whole_order_form import build_order, load_refund
from handlers.restocking.outcome_lines import refund_details
from handlers.restocking.stock_choice import check_items, parse_all_items

COMMAND = Command(
    REFUND_COMMAND,
    (
        (
            f"{REFUND_COMMAND} 1042",
            "refunds all that is left, or what you choose of lines, shipping and fees",
        ),
    ),
)
DOES = "All that is left is refunded: lines, gift wrapping, shipping, handling and fees."


def build(form: FormState) -> list[Block]:
    """Return the form."""
    return build_order(form, DOES)


def parse(form: FormState) -> RefundOrder:
    """Return the request; FieldErrors when the reason is missing."""
    return RefundOrder.model_validate(
        {
            "order_id": form.order_id,
            "reason": parse_reason(form),
            "notify_customer": parse_notify(form),
            "goods": parse_all_items(form),
        }
    )


FORM = ActionForm(
    REFUND_ORDER, DOES, load_refund, build, parse, COMMAND, refund_details, check=check_items
)
