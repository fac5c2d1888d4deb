"""Refund all that is left on an order."""

from __future__ import annotations

from bot.actions.action import Action, Attempt, Moves, Review, named_by_order, sets_nothing
from bot.actions.endings.evidence import refund_evidence
from bot.actions.endings.mark_in_store import has_refund_or_note
from bot.actions.endings.overtaken import refund_overtaken
from bot.actions.orders.remaining_items import everything_left
from bot.actions.orders.snapshot import OrderSnapshot, load_snapshot
from bot.actions.refunds.outcomes import outcome_of
from bot.actions.refunds.refunding import RefundPlan, refund_once
from bot.actions.refunds.request import NotifyingRefund
from bot.actions.refunds.review import review_refund
from bot.actions.restocking.restock_items import restocking
from bot.actions.rules.eligibility import AFTER_SHIPPING, REFUND_COMMAND
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.refunds import RefundItem
from bot.values.outcome import Outcome


class RefundOrder(NotifyingRefund):
    """Refund everything: lines, gift wrapping, shipping, handling and fees."""


def _itemise(request: RefundOrder, snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    return everything_left(snapshot)


async def review_refund_order(request: RefundOrder, store: BigCommerceClient) -> Review:
    """Return BigCommerce's figure for all that is left, and how it can be paid."""
    return await review_refund(request, store, action=REFUND_ORDER, itemise=_itemise)


async def refund_order(request: RefundOrder, attempt: Attempt) -> Outcome:
    """Refund what the agent confirmed, once, and tell when the money has moved."""
    plan = RefundPlan(REFUND_ORDER, _itemise)
    followed = await refund_once(request, attempt, plan)
    return outcome_of(request.confirmed, followed, plan.command(request.order_id))


async def _overtaken(request: RefundOrder, store: BigCommerceClient) -> str | None:
    return refund_overtaken(REFUND_ORDER, request, await load_snapshot(store, request.order_id))


REFUND_ORDER = Action(
    name="refund_order",
    title="Full refund",
    request_type=RefundOrder,
    review=review_refund_order,
    run=refund_order,
    follow_up=restocking,
    moves=Moves.BACK,
    sets=sets_nothing,
    subject=named_by_order,
    is_there=has_refund_or_note,
    evidence=refund_evidence,
    overtaken=_overtaken,
    statuses=AFTER_SHIPPING,
    needs_order=True,
    cannot="be refunded as a whole",
    takes_whole=True,
    is_warned_about=True,
    commands=(REFUND_COMMAND,),
)
