"""Refund some of an order: lines, wrapping, parts of its costs, an amount; less a deduction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import field_validator, model_validator

from bot.actions.action import Action, Attempt, Moves, Review, RuleBroken, named_by_order
from bot.actions.endings.evidence import refund_evidence
from bot.actions.endings.mark_in_store import has_refund_or_note
from bot.actions.endings.overtaken import refund_overtaken
from bot.actions.orders.order_status import state_of
from bot.actions.orders.snapshot import OrderSnapshot, load_snapshot
from bot.actions.refunds.choice import CostRefund, Deduction, Goodwill, LineRefund
from bot.actions.refunds.chosen_items import (
    SET_BACK,
    chosen_costs,
    chosen_lines,
    deduct,
    on_the_order,
)
from bot.actions.refunds.outcomes import outcome_of
from bot.actions.refunds.refunding import RefundPlan, refund_once
from bot.actions.refunds.request import NotifyingRefund
from bot.actions.refunds.review import review_refund
from bot.actions.refunds.status_restoring import back_to, set_back
from bot.actions.restocking.restock_items import restocking
from bot.actions.rules.eligibility import (
    AFTER_SHIPPING,
    BEFORE_SHIPPING,
    REFUND_COMMAND,
    STATUS_NAMES,
)
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.models import Order
from bot.bigcommerce.refunds import RefundItem
from bot.values.outcome import Outcome
from bot.values.parsing import REASON_LIMIT, NotUnderstood, Reason


class RefundItems(NotifyingRefund):
    """Refund what was chosen. The request's reason is made of the others when none is given.

    `set_back_to` is the status that the order has and gets back when BigCommerce has made it
    Partially Refunded, one of those before shipping; None: it stays so.
    """

    reason: Reason = ""
    lines: tuple[LineRefund, ...] = ()
    parts: tuple[CostRefund, ...] = ()
    goodwill: Goodwill | None = None
    deduction: Deduction | None = None
    set_back_to: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _reason_from_items(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("reason"):
            return data
        chosen = (*(data.get("lines") or ()), *(data.get("parts") or ()), data.get("goodwill"))
        reasons = [
            each["reason"] if isinstance(each, dict) else each.reason for each in chosen if each
        ]
        joined = "; ".join(dict.fromkeys(reasons))
        return {**data, "reason": joined[:REASON_LIMIT] or "No reason given"}

    @field_validator("lines")
    @classmethod
    def _each_line_once(cls, lines: tuple[LineRefund, ...]) -> tuple[LineRefund, ...]:
        if len({line.order_product_id for line in lines}) != len(lines):
            raise NotUnderstood("Each item can be chosen once only.")
        return lines

    @field_validator("parts")
    @classmethod
    def _each_part_once(cls, parts: tuple[CostRefund, ...]) -> tuple[CostRefund, ...]:
        if len({part.field for part in parts}) != len(parts):
            raise NotUnderstood("Each cost can be chosen once only.")
        return parts

    @field_validator("set_back_to")
    @classmethod
    def _to_a_queue(cls, status_id: int | None) -> int | None:
        if status_id is not None and status_id not in BEFORE_SHIPPING:
            raise NotUnderstood("Only an order that is still to be shipped can be set back.")
        return status_id


def itemise_choice(request: RefundItems, snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    """Return what was chosen; raise RuleBroken where the order has less of it left."""
    _check_set_back(request, snapshot.order)
    items = (
        *chosen_lines(snapshot, request.lines),
        *chosen_costs(snapshot, request.parts),
        *on_the_order(snapshot, request.goodwill),
    )
    if not items:
        raise RuleBroken("", "Choose a quantity for at least one item.")
    return deduct(snapshot, items, request.deduction)


def _check_set_back(request: RefundItems, order: Order) -> None:
    """Refuse to set an order back that has moved on: it is also asked right before sending."""
    if request.set_back_to in (None, order.status_id):
        return
    raise RuleBroken(
        SET_BACK,
        f"Order {order.id} is {state_of(order)} now, so it cannot be set back to "
        f"{STATUS_NAMES[request.set_back_to or 0]} after the refund. Start again to see what is "
        "possible.",
    )


async def review_refund_items(request: RefundItems, store: BigCommerceClient) -> Review:
    """Return BigCommerce's figure for what was chosen, and how it can be paid."""
    return await review_refund(
        request,
        store,
        action=REFUND_ITEMS,
        itemise=itemise_choice,
        is_set_back=request.set_back_to is not None,
    )


async def refund_items(request: RefundItems, attempt: Attempt) -> Outcome:
    """Refund what the agent confirmed, once, tell when the money has moved, and set it back."""
    plan = RefundPlan(REFUND_ITEMS, itemise_choice)
    followed = await refund_once(request, attempt, plan)
    refunded = outcome_of(request.confirmed, followed, plan.command(request.order_id))
    if request.set_back_to is None or isinstance(followed, Outcome):
        return refunded
    label = request.confirmed.status if request.confirmed is not None else ""
    return await set_back(
        attempt,
        followed,
        refunded,
        back_to(request.set_back_to, request.reason),
        label or STATUS_NAMES[request.set_back_to],
    )


def items_overtaken(request: RefundItems, snapshot: OrderSnapshot) -> str | None:
    """Return why the order has less left than was chosen, or forbids it; None while it does not."""
    if (no := refund_overtaken(REFUND_ITEMS, request, snapshot)) is not None:
        return no
    try:
        itemise_choice(request, snapshot)
    except RuleBroken as broken:
        return broken.text
    return None


async def _overtaken(request: RefundItems, store: BigCommerceClient) -> str | None:
    return items_overtaken(request, await load_snapshot(store, request.order_id))


def _sets_back(request: Mapping[str, Any]) -> int | None:
    status_id = request.get("set_back_to")
    return status_id if isinstance(status_id, int) else None


REFUND_ITEMS = Action(
    name="refund_items",
    title="Partial refund",
    request_type=RefundItems,
    review=review_refund_items,
    run=refund_items,
    follow_up=restocking,
    moves=Moves.BACK,
    sets=_sets_back,
    subject=named_by_order,
    is_there=has_refund_or_note,
    evidence=refund_evidence,
    overtaken=_overtaken,
    statuses=BEFORE_SHIPPING | AFTER_SHIPPING,
    needs_order=True,
    cannot="be refunded",
    takes_whole=False,
    is_warned_about=True,
    commands=(REFUND_COMMAND,),
)
