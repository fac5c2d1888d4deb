"""RefundOrder."""

from __future__ import annotations

from bot.actions.base import Action, Attempt, Review
from bot.actions.refund_request import RefundRequest
from bot.bigcommerce import BigCommerceClient
from bot.outcome import Outcome


class RefundOrder(RefundRequest):
    """The request."""


async def review_refund_order(request: RefundOrder, store: BigCommerceClient) -> Review:
    """Tell what it would give back."""
    raise NotImplementedError


async def refund_order(request: RefundOrder, attempt: Attempt) -> Outcome:
    """Refund."""
    raise NotImplementedError


REFUND_ORDER = Action(
    name="refund_order",
    title="Full refund",
    request_type=RefundOrder,
    review=review_refund_order,
    run=refund_order,
)
