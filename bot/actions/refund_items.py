"""Refund some of an order's lines, each with its own quantity and reason."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, field_validator, model_validator

from bot.actions.base import Action, Attempt, Review
from bot.actions.itemising import chosen_lines
from bot.actions.quoting import review_refund
from bot.actions.refund_outcomes import outcome_of
from bot.actions.refund_request import RefundRequest
from bot.actions.refunding import RefundPlan, refund_once
from bot.actions.restock_items import restocking
from bot.actions.snapshot import OrderSnapshot
from bot.actions.typed import REASON_LIMIT, NotUnderstood, Reason
from bot.bigcommerce import BigCommerceClient, RefundItem
from bot.outcome import Outcome


class LineRefund(BaseModel, frozen=True):
    """So many pieces of the line with this order product id; `name` is for who reads the log."""

    order_product_id: int
    quantity: int = Field(ge=1)
    reason: Reason
    name: str = ""


class RefundItems(RefundRequest):
    """Refund these quantities. The request's reason is made of the lines' when none is given."""

    reason: Reason = ""
    lines: tuple[LineRefund, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _reason_from_lines(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("reason"):
            return data
        lines = data.get("lines") or ()
        reasons = [line["reason"] if isinstance(line, dict) else line.reason for line in lines]
        joined = "; ".join(dict.fromkeys(reasons))
        return {**data, "reason": joined[:REASON_LIMIT] or "No reason given"}

    @field_validator("lines")
    @classmethod
    def _each_line_once(cls, lines: tuple[LineRefund, ...]) -> tuple[LineRefund, ...]:
        if len({line.order_product_id for line in lines}) != len(lines):
            raise NotUnderstood("Each item can be chosen once only.")
        return lines

    @property
    def reason_by_line(self) -> dict[int, str]:
        """The lines' own reasons by order product id."""
        return {line.order_product_id: line.reason for line in self.lines}


def _itemise(request: RefundItems, snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    return chosen_lines(snapshot, {line.order_product_id: line.quantity for line in request.lines})


async def review_refund_items(request: RefundItems, store: BigCommerceClient) -> Review:
    """Return BigCommerce's figure for the chosen quantities, and how it can be paid."""
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
