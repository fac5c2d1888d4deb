"""Cancel an order: release a payment that is only authorised, then set the status."""

from __future__ import annotations

from bot.actions.base import Action, ActionRequest, Attempt, Review
from bot.actions.typed import OrderId, Reason
from bot.bigcommerce import BigCommerceClient
from bot.outcome import Outcome


class CancelOrder(ActionRequest):
    """Cancel this order. Captured money stays with the store."""

    order_id: OrderId
    reason: Reason


async def review_cancel_order(request: CancelOrder, store: BigCommerceClient) -> Review:
    """Tell what cancelling does."""
    raise NotImplementedError


async def cancel_order(request: CancelOrder, attempt: Attempt) -> Outcome:
    """Cancel."""
    raise NotImplementedError


CANCEL_ORDER = Action(
    name="cancel_order",
    title="Cancel",
    request_type=CancelOrder,
    review=review_cancel_order,
    run=cancel_order,
)
