"""Cancel an order: release a payment that is only authorised, then set the status.

Money that the store has received stays where it is; that is what refunds are for.
"""

from __future__ import annotations

from bot.actions.base import Action, ActionRequest, Attempt, Review, RuleBroken
from bot.actions.cancelling import (
    CANCELLED,
    half_done,
    set_cancelled,
    status_changes,
)
from bot.actions.eligibility import refusal
from bot.actions.email_line import read_email_line
from bot.actions.failures import nothing_changed
from bot.actions.snapshot import OrderSnapshot, load_to_show
from bot.actions.typed import OrderId, Reason
from bot.actions.voiding import AUTHORIZED, VOIDED, payment_unread, release_payment
from bot.bigcommerce import BigCommerceClient, BigCommerceError, NoAnswer, Order
from bot.outcome import Change, Outcome, Status

# Where an order may stand whose payment was just released. BigCommerce does not document whether
# a void changes the status by itself.
_CANCELLABLE_AFTER_VOID = frozenset({1, 4, 6, 7, 8, 9, 11, 12})


class CancelOrder(ActionRequest):
    """Cancel this order. Captured money stays with the store."""

    order_id: OrderId
    reason: Reason


async def review_cancel_order(request: CancelOrder, store: BigCommerceClient) -> Review:
    """Return what cancelling does to the payment; raise RuleBroken when it is not allowed."""
    snapshot = await load_to_show(store, request.order_id)
    order = snapshot.order
    if (text := refusal(order, "cancel_order")) is not None:
        raise RuleBroken("", text)
    email = await read_email_line(store, order.channel_id, "Cancelled")
    return Review(
        effect=f"Order {order.id} becomes Cancelled. {_payment_effect(snapshot)}",
        facts=_facts(snapshot),
        notices=(email,),
        warnings=_kept_money(snapshot),
        confirm_label=f"Cancel order {order.id}",
    )


async def cancel_order(request: CancelOrder, attempt: Attempt) -> Outcome:
    """Cancel the order as it is now; what an earlier run of the reference did is not repeated."""
    try:
        order = await attempt.store.get_order(request.order_id)
    except BigCommerceError as error:
        if attempt.claimed or attempt.accepted:
            return payment_unread(request.order_id)
        return nothing_changed(error, request.order_id)
    if order.status_id == CANCELLED and attempt.reference in order.staff_notes:
        return _succeeded(order, was_released=attempt.claimed)
    # Once the void is claimed the payment's state is this request's own doing.
    if not attempt.claimed and (text := refusal(order, "cancel_order")) is not None:
        return Outcome(status=Status.REJECTED, message=text)
    if attempt.claimed or order.payment_status.lower() == AUTHORIZED:
        return await _release_and_cancel(request, attempt, order)
    return await _cancel(request, attempt, order)


async def _release_and_cancel(request: CancelOrder, attempt: Attempt, order: Order) -> Outcome:
    released = await release_payment(attempt, order)
    if isinstance(released, Outcome):
        return released
    done = f"The customer's payment for order {order.id} was released."
    if released.status_id == CANCELLED:
        return _succeeded(released, was_released=True)
    if released.status_id not in _CANCELLABLE_AFTER_VOID:
        state = released.custom_status or released.status
        return Outcome(
            status=Status.UNKNOWN,
            message=f"{done} It is not cancelled: it has become {state} meanwhile.",
            next_step="Decide in the BigCommerce control panel what the order should be.",
        )
    try:
        await set_cancelled(attempt, released, request.reason)
    except BigCommerceError as error:
        return half_done(error, order.id, done)
    return _succeeded(released, was_released=True)


async def _cancel(request: CancelOrder, attempt: Attempt, order: Order) -> Outcome:
    try:
        await set_cancelled(attempt, order, request.reason)
    except NoAnswer:
        return Outcome(
            status=Status.UNKNOWN,
            message=(
                f"It is not known whether order {order.id} was cancelled: BigCommerce did not "
                "answer."
            ),
            next_step="Choose Check again: Makegood looks and cancels it if it is not.",
        )
    except BigCommerceError as error:
        return nothing_changed(error, order.id)
    return _succeeded(order, was_released=False)


def _succeeded(order: Order, *, was_released: bool) -> Outcome:
    """Return the outcome, by the order as it was read before it was cancelled."""
    changes = status_changes(order)
    message = f"Cancelled order {order.id}. No money moved."
    if was_released:
        message = f"Cancelled order {order.id} and released its payment: nothing was charged."
        changes = (Change(field="payment", before=AUTHORIZED, after=VOIDED), *changes)
    return Outcome(status=Status.SUCCEEDED, message=message, changes=changes)


def _facts(snapshot: OrderSnapshot) -> tuple[tuple[str, str], ...]:
    order = snapshot.order
    return (
        ("Order", f"{order.id}, {order.custom_status or order.status}"),
        ("Customer", snapshot.customer_name),
        ("Order total", str(snapshot.total)),
        *([("Paid", str(snapshot.paid))] if snapshot.is_paid_known else []),
        ("Refunded", str(snapshot.refunded)),
    )


def _payment_effect(snapshot: OrderSnapshot) -> str:
    """Return what cancelling does to the customer's money, in every case in words."""
    payment = snapshot.order.payment_status.lower()
    if payment == AUTHORIZED:
        return "The payment is only authorised: it is released first, so nothing is charged."
    if payment == VOIDED:
        return "No money moves: the payment was released already."
    if snapshot.paid.amount <= 0:
        return "No money moves: nothing has been paid."
    if snapshot.left.amount <= 0:
        return f"No money moves: {snapshot.refunded} has been refunded already."
    return "No money moves."


def _kept_money(snapshot: OrderSnapshot) -> tuple[str, ...]:
    if snapshot.left.amount <= 0:
        return ()
    return (f"Cancelling does not refund: {snapshot.left} that was paid stays with the store.",)


CANCEL_ORDER = Action(
    name="cancel_order",
    title="Cancel order",
    request_type=CancelOrder,
    review=review_cancel_order,
    run=cancel_order,
)
