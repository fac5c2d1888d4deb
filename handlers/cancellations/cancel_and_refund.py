"""How Slack asks to cancel an order and give everything back: the reason, the box."""

from __future__ import annotations

from typing import Any

from bot.actions.cancellations.cancel_and_refund import (
    CANCEL_AND_REFUND,
    CancelAndRefund,
    has_money,
)
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.rules.eligibility import UNPAID
from handlers.block_kit.builders import Block
from handlers.cancellations.before_cancelling import check_unpaid
from handlers.cancellations.cancel_order import COMMAND
from handlers.cancellations.cancel_order import DOES as WITHOUT_MONEY
from handlers.desk import Desk
from handlers.flow.form import ActionForm, FormState
from handlers.flow.form_context import FormContext
from handlers.flow.notification_box import parse_notify
from handlers.flow.reason import parse_reason
from handlers.orders.whole_order_form import build_order, load_refund
from handlers.restocking.outcome_lines import refund_details
from handlers.restocking.stock_choice import check_items, parse_all_items

DOES = "Everything that is left is refunded. Once that has gone through, the order is cancelled."


class MoneyContext(FormContext):
    """`in_unpaid`: the order counts as unpaid; `has_money`: there may be some to give back."""

    in_unpaid: bool = False
    has_money: bool = True


async def load(desk: Desk, snapshot: OrderSnapshot | None) -> dict[str, Any]:
    """Return what the form shows, and whether the order has money and counts as unpaid."""
    known = await load_refund(desk, snapshot)
    order = snapshot.order if snapshot else None
    money = MoneyContext(
        in_unpaid=order is not None and order.status_id in UNPAID,
        has_money=order is None or has_money(order),
    )
    return {**known, **money.saved()}


def build(form: FormState) -> list[Block]:
    """Return the form."""
    known = MoneyContext.of(form.context)
    return build_order(form, DOES if known.has_money else WITHOUT_MONEY)


def parse(form: FormState) -> CancelAndRefund:
    """Return the request; FieldErrors when the reason is missing."""
    return CancelAndRefund.model_validate(
        {
            "order_id": form.order_id,
            "reason": parse_reason(form),
            "notify_customer": parse_notify(form),
            "goods": parse_all_items(form),
            "in_unpaid": MoneyContext.of(form.context).in_unpaid,
        }
    )


def check(desk: Desk, form: FormState, request: CancelAndRefund) -> dict[str, str]:
    """Return what stands against the request as the configuration is now."""
    unpaid = check_unpaid(desk, in_unpaid=request.in_unpaid)
    return unpaid or check_items(desk, form, request)


FORM = ActionForm(CANCEL_AND_REFUND, DOES, load, build, parse, COMMAND, refund_details, check=check)
