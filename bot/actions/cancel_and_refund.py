"""CancelAndRefund."""

from __future__ import annotations

from bot.actions.base import Action, Attempt, Review
from bot.actions.refund_request import RefundRequest
from bot.bigcommerce import BigCommerceClient
from bot.outcome import Outcome


class CancelAndRefund(RefundRequest):
    """The request."""


async def review_cancel_and_refund(request: CancelAndRefund, store: BigCommerceClient) -> Review:
    """Tell what it would give back."""
    raise NotImplementedError


async def cancel_and_refund(request: CancelAndRefund, attempt: Attempt) -> Outcome:
    """Refund."""
    raise NotImplementedError


CANCEL_AND_REFUND = Action(
    name="cancel_and_refund",
    title="Cancel & refund",
    request_type=CancelAndRefund,
    review=review_cancel_and_refund,
    run=cancel_and_refund,
)
