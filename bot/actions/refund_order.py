"""Refund all that is left on an order."""

from __future__ import annotations

from bot.actions.base import Action, Attempt, Review
from bot.actions.itemising import everything_left
from bot.actions.refund_outcomes import outcome_of
from bot.actions.refund_request import NotifyingRefund
from bot.actions.refund_review import review_refund
from bot.actions.refunding import RefundPlan, refund_once
from bot.actions.restock_items import restocking
from bot.actions.snapshot import OrderSnapshot
from bot.bigcommerce import BigCommerceClient, RefundItem
from bot.outcome import Outcome


class RefundOrder(NotifyingRefund):
    """Refund everything: lines, gift wrapping, shipping, handling and fees."""


def _itemise(request: RefundOrder, snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    return everything_left(snapshot)


async def review_refund_order(request: RefundOrder, store: BigCommerceClient) -> Review:
    """Return BigCommerce's figure for all that is left, and how it can be paid."""
    return await review_refund(request, store, action="refund_order", itemise=_itemise)


async def refund_order(request: RefundOrder, attempt: Attempt) -> Outcome:
    """Refund what the agent confirmed, once, and tell when the money has moved."""
    plan = RefundPlan("refund_order", _itemise, f"/refund-order {request.order_id}")
    followed = await refund_once(request, attempt, plan)
    return outcome_of(request.confirmed, followed, plan.command)


REFUND_ORDER = Action(
    name="refund_order",
    title="Full refund",
    request_type=RefundOrder,
    review=review_refund_order,
    run=refund_order,
    follow_up=restocking,
)
