"""Refund some of an order: lines, wrapping, parts of its costs, an amount; less a deduction."""

from __future__ import annotations

from typing import Any

from pydantic import field_validator, model_validator

from bot.actions.base import Action, Attempt, Review, RuleBroken
from bot.actions.choosing import chosen_lines, chosen_parts, deduct, on_the_order
from bot.actions.refund_choice import Deduction, Goodwill, LineRefund, PartRefund
from bot.actions.refund_outcomes import outcome_of
from bot.actions.refund_request import NotifyingRefund
from bot.actions.refund_review import review_refund
from bot.actions.refunding import RefundPlan, refund_once
from bot.actions.restock_items import restocking
from bot.actions.snapshot import OrderSnapshot
from bot.actions.typed import REASON_LIMIT, NotUnderstood, Reason
from bot.bigcommerce import BigCommerceClient, RefundItem
from bot.outcome import Outcome


class RefundItems(NotifyingRefund):
    """Refund what was chosen. The request's reason is made of the others when none is given."""

    reason: Reason = ""
    lines: tuple[LineRefund, ...] = ()
    parts: tuple[PartRefund, ...] = ()
    goodwill: Goodwill | None = None
    deduction: Deduction | None = None

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
    def _each_part_once(cls, parts: tuple[PartRefund, ...]) -> tuple[PartRefund, ...]:
        if len({part.field for part in parts}) != len(parts):
            raise NotUnderstood("Each cost can be chosen once only.")
        return parts


def _itemise(request: RefundItems, snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    items = (
        *chosen_lines(snapshot, request.lines),
        *chosen_parts(snapshot, request.parts),
        *on_the_order(snapshot, request.goodwill),
    )
    if not items:
        raise RuleBroken("", "Choose a quantity for at least one item.")
    return deduct(snapshot, items, request.deduction)


async def review_refund_items(request: RefundItems, store: BigCommerceClient) -> Review:
    """Return BigCommerce's figure for what was chosen, and how it can be paid."""
    return await review_refund(request, store, action="refund_items", itemise=_itemise)


async def refund_items(request: RefundItems, attempt: Attempt) -> Outcome:
    """Refund what the agent confirmed, once, and tell when the money has moved."""
    plan = RefundPlan("refund_items", _itemise, f"/refund-order {request.order_id}")
    followed = await refund_once(request, attempt, plan)
    return outcome_of(request.confirmed, followed, plan.command)


REFUND_ITEMS = Action(
    name="refund_items",
    title="Partial refund",
    request_type=RefundItems,
    review=review_refund_items,
    run=refund_items,
    follow_up=restocking,
)
