"""What waits for a second person, held against the store as it is by now.

Only what stays so counts. A payment that is being captured, a refund on its way or a quote that
BigCommerce refuses pass by themselves, and the look before the write is there for all of them.
"""

from __future__ import annotations

from typing import Any

from bot.actions.action import Action
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.quoting import nothing_left, rounded_left
from bot.actions.refunds.request import ConfirmedRefund, RefundRequest
from bot.actions.rules.eligibility import lasting_refusal


def refund_overtaken(
    action: Action[Any], request: RefundRequest, snapshot: OrderSnapshot
) -> str | None:
    """Return why the order has not what was confirmed any more, or why its status forbids it."""
    if request.confirmed is not None and (no := _more_than_left(request.confirmed, snapshot)):
        return no
    return lasting_refusal(snapshot.order, action, in_unpaid=request.in_unpaid)


def _more_than_left(confirmed: ConfirmedRefund, snapshot: OrderSnapshot) -> str | None:
    left = rounded_left(snapshot)
    if confirmed.total.currency != left.currency or confirmed.total.amount <= left.amount:
        return None
    order_id = snapshot.order.id
    if left.amount <= 0:
        return nothing_left(order_id)
    return f"Only {left} is left to refund on order {order_id}."
