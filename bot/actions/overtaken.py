"""What waits for a second person, held against the store as it is by now.

Only what stays so counts. A payment that is being captured, a refund on its way or a quote that
BigCommerce refuses pass by themselves, and the look before the write is there for all of them.
"""

from __future__ import annotations

from bot.actions.base import ActionRequest, RuleBroken
from bot.actions.cancel_order import CancelOrder
from bot.actions.discount_request import CreateDiscountCode
from bot.actions.discount_state import is_taken
from bot.actions.discount_take_back import check_expiry
from bot.actions.eligibility import lasting_refusal
from bot.actions.quoting import nothing_left, rounded_left
from bot.actions.refund_items import RefundItems, itemise_choice
from bot.actions.refund_request import ConfirmedRefund, RefundRequest
from bot.actions.snapshot import OrderSnapshot, load_snapshot
from bot.bigcommerce import BigCommerceClient, Order


async def why_overtaken(
    action: str, request: ActionRequest, store: BigCommerceClient
) -> str | None:
    """Return in a sentence why the request cannot be carried out any more, None while it can.

    Raises BigCommerceError when the store cannot be read.
    """
    if isinstance(request, CreateDiscountCode):
        return await _code_overtaken(request, store)
    if isinstance(request, CancelOrder):
        return order_overtaken(action, request, await store.get_order(request.order_id))
    if isinstance(request, RefundRequest):
        return refund_overtaken(action, request, await load_snapshot(store, request.order_id))
    return None


def order_overtaken(action: str, request: ActionRequest, order: Order) -> str | None:
    """Return why the order's status allows it no more."""
    in_unpaid = isinstance(request, RefundRequest) and request.in_unpaid
    return lasting_refusal(order, action, in_unpaid=in_unpaid)


def refund_overtaken(action: str, request: RefundRequest, snapshot: OrderSnapshot) -> str | None:
    """Return why the order has not what was confirmed any more, or why its status forbids it."""
    if request.confirmed is not None and (no := _more_than_left(request.confirmed, snapshot)):
        return no
    if (no := order_overtaken(action, request, snapshot.order)) is not None:
        return no
    if not isinstance(request, RefundItems):
        return None
    try:
        itemise_choice(request, snapshot)
    except RuleBroken as broken:
        return broken.text
    return None


def _more_than_left(confirmed: ConfirmedRefund, snapshot: OrderSnapshot) -> str | None:
    left = rounded_left(snapshot)
    if confirmed.total.currency != left.currency or confirmed.total.amount <= left.amount:
        return None
    order_id = snapshot.order.id
    if left.amount <= 0:
        return nothing_left(order_id)
    return f"Only {left} is left to refund on order {order_id}."


async def _code_overtaken(request: CreateDiscountCode, store: BigCommerceClient) -> str | None:
    try:
        check_expiry(request)
    except RuleBroken:
        return f"The day on which the code {request.code} was to end is over."
    if await is_taken(store, request.code):
        return f"The store has a code {request.code} by now."
    return None
