"""What BigCommerce shows of a request whose end is unknown, read anew for whoever ends it."""

from __future__ import annotations

from bot.actions.action import ActionRequest, Evidence, Sought
from bot.actions.cancellations.voiding import AUTHORIZED, VOIDED
from bot.actions.endings.ended_by_hand import WantedRefund, made_of_refund, refunds_against
from bot.actions.orders.order_status import CANCELLED
from bot.actions.refunds.request import RefundRequest
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.models import Order
from bot.values.marks import marks_of_note
from bot.values.outcome import Outcome, Status


async def refund_evidence(
    request: RefundRequest, store: BigCommerceClient, sought: Sought
) -> Evidence:
    """Read what the store has of a refund; raises BigCommerceError when it cannot be read."""
    if request.confirmed is None:  # never sent then
        return Evidence(is_refund=True)
    total = request.confirmed.total
    wanted = WantedRefund(sought.reference, total, sought.asked_at, sought.held)
    refunds = await store.refunds.of_order(request.order_id)
    found = next((each for each in refunds if each.id == sought.refund_id), None)
    is_made = found is not None and not found.is_declined
    return Evidence(
        made=made_of_refund(request.order_id, found, total) if found and is_made else None,
        against=refunds_against(refunds, wanted),
        refunds=tuple(each for each in refunds if wanted.may_be(each)),
        is_refund=True,
    )


def cancellation_evidence(order: Order, reference: str) -> Evidence:
    """Return what an order shows of its cancellation by this request."""
    payment = order.payment_status.lower()
    is_ours = reference in marks_of_note(order.staff_notes)
    if order.status_id == CANCELLED and payment != AUTHORIZED:
        released = " Its payment is released." if payment == VOIDED else ""
        made = done(f"Cancelled · order {order.id}", f"No money moved.{released}")
        shown = f"BigCommerce shows order {order.id} cancelled, with this request's note on it."
        return Evidence(made=made, against=shown if is_ours else "")
    if payment == VOIDED:
        status = order.custom_status or order.status
        message = f"Payment released, not cancelled · order {order.id}"
        return Evidence(
            made=done(message, f"The order is {status}."),
            against=f"The payment of order {order.id} is released. Press Check again.",
        )
    return Evidence()


async def only_people_tell(
    request: ActionRequest, _store: BigCommerceClient, _sought: Sought
) -> Evidence:
    """Return that nothing can be read of it, as of stock, so that a person's word stands alone."""
    return Evidence(made=done(f"Made by hand or confirmed · order {request.order_id}"))


def done(message: str, next_step: str = "") -> Outcome:
    """Return how a request ends that was made."""
    return Outcome(status=Status.SUCCEEDED, message=message, next_step=next_step)
