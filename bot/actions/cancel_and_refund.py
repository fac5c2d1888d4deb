"""Refund all that is left on an order, see the money move, then cancel it.

In this order: BigCommerce may not refund a cancelled order, and when the refund fails nothing has
been cancelled.
"""

from __future__ import annotations

from bot.actions.base import Action, Attempt, Review
from bot.actions.cancelling import (
    CANCELLED,
    half_done,
    set_cancelled,
    status_changes,
)
from bot.actions.eligibility import STATUS_NAMES
from bot.actions.itemising import everything_left
from bot.actions.reading import read_until
from bot.actions.refund_outcomes import outcome_of
from bot.actions.refund_request import NotifyingRefund
from bot.actions.refund_review import review_refund
from bot.actions.refunding import RefundPlan, refund_once
from bot.actions.restock_items import restocking
from bot.actions.snapshot import OrderSnapshot
from bot.bigcommerce import BigCommerceClient, BigCommerceError, NotSent, Order, RefundItem
from bot.outcome import Outcome, Status

# A refund that is accepted becomes one of these, some time later.
_AFTER_REFUND = frozenset({4, 14})
# Where the order may stand when it is to be cancelled: refunded, or still before shipping.
_CANCELLABLE = frozenset({1, 7, 8, 9, 11}) | _AFTER_REFUND


class CancelAndRefund(NotifyingRefund):
    """Refund everything, then cancel the order."""


def _itemise(request: CancelAndRefund, snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    return everything_left(snapshot)


async def review_cancel_and_refund(request: CancelAndRefund, store: BigCommerceClient) -> Review:
    """Return BigCommerce's figure for all that is left, and how it can be paid."""
    return await review_refund(
        request, store, action="cancel_and_refund", itemise=_itemise, then_cancelled=True
    )


async def cancel_and_refund(request: CancelAndRefund, attempt: Attempt) -> Outcome:
    """Refund what the agent confirmed, once; cancel the order when the money has moved."""
    plan = RefundPlan("cancel_and_refund", _itemise, f"/cancel-order {request.order_id}")
    followed = await refund_once(request, attempt, plan)
    refunded = outcome_of(request.confirmed, followed, plan.command)
    if refunded.status is not Status.SUCCEEDED:
        return _without_cancelling(refunded, request.order_id)
    cancelled = await _cancel(request, attempt, refunded)
    return cancelled.model_copy(
        update={
            "amount": refunded.amount,
            "refund_id": refunded.refund_id,
            "paid_back": refunded.paid_back,
            "next_step": " ".join(filter(None, (refunded.next_step, cancelled.next_step))),
            "changes": (*refunded.changes, *cancelled.changes),
        }
    )


def _without_cancelling(refunded: Outcome, order_id: int) -> Outcome:
    """Add that the order is not cancelled, where there is a refund that makes one expect it."""
    if refunded.refund_id is None:
        return refunded
    later = " yet" if refunded.status is Status.PENDING else ""
    message = f"{refunded.message} Order {order_id} is not cancelled{later}."
    return refunded.model_copy(update={"message": message})


async def _cancel(request: CancelAndRefund, attempt: Attempt, refunded: Outcome) -> Outcome:
    try:
        order = await _read_after_refund(request, attempt)
        if order.status_id == CANCELLED:  # by an earlier run, or by somebody else
            return _done(order, refunded)
        if order.status_id not in _CANCELLABLE:
            return _moved_on(order, refunded)
        await set_cancelled(attempt, order, request.reason)
    except BigCommerceError as error:
        return half_done(error, request.order_id, refunded.message)
    return _done(order, refunded)


async def _read_after_refund(request: CancelAndRefund, attempt: Attempt) -> Order:
    """Return the order once BigCommerce has set it to Refunded, or as it is after the waits.

    BigCommerce sets that status at a time of its own; cancelling before it would be overwritten.
    """
    order = await read_until(
        attempt.settle_waits,
        lambda: attempt.store.get_order(request.order_id),
        lambda order: order.status_id in _AFTER_REFUND or order.status_id not in _CANCELLABLE,
    )
    if order is None:
        raise NotSent(f"GET /v2/orders/{request.order_id}", "The order could not be read.")
    return order


def _done(order: Order, refunded: Outcome) -> Outcome:
    return Outcome(
        status=Status.SUCCEEDED,
        message=f"{refunded.message} The order is cancelled.",
        changes=status_changes(order),
    )


def _moved_on(order: Order, refunded: Outcome) -> Outcome:
    """Somebody took the order elsewhere while the money moved: a person has to decide.

    UNKNOWN, as for every second half that only a person can finish: see `half_done`.
    """
    state = order.custom_status or STATUS_NAMES.get(order.status_id, order.status)
    return Outcome(
        status=Status.UNKNOWN,
        message=f"{refunded.message} It is not cancelled: it has become {state} meanwhile.",
        next_step="Decide in the BigCommerce control panel what the order should be.",
    )


CANCEL_AND_REFUND = Action(
    name="cancel_and_refund",
    title="Cancel & refund",
    request_type=CancelAndRefund,
    review=review_cancel_and_refund,
    run=cancel_and_refund,
    follow_up=restocking,
)
