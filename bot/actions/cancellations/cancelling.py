"""Cancelling an order that holds no money to give back.

A payment that is only authorised is released first, and money that the store has taken is never
silently kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.action import Action, Attempt
from bot.actions.cancellations.kept_money import money_kept
from bot.actions.cancellations.voiding import (
    AUTHORIZED,
    VOID_PENDING,
    VOIDED,
    payment_unread,
    release_payment,
)
from bot.actions.failures import heard, nothing_changed
from bot.actions.orders.order_status import (
    CANCELLED,
    NOTED,
    NewStatus,
    moved_on,
    set_status,
    state_of,
    status_changes,
    status_half_set,
)
from bot.actions.rules.eligibility import refusal
from bot.actions.writing import End
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.models import Order
from bot.values.marks import marks_of_note
from bot.values.money import Money
from bot.values.outcome import Change, Outcome, Status

# Where an order may stand whose payment was just released. BigCommerce does not document whether
# a void changes the status by itself.
_CANCELLABLE_AFTER_VOID = frozenset({1, 4, 6, 7, 8, 9, 11, 12})


async def cancel_unpaid(
    order_id: int, reason: str, attempt: Attempt, action: Action[Any]
) -> Outcome:
    """Cancel the order as it is now; what an earlier run of the reference did is not repeated."""
    try:
        order = await attempt.store.orders.get(order_id)
    except BigCommerceError as error:
        if attempt.claimed or attempt.accepted:
            return payment_unread(order_id)
        return nothing_changed(error, order_id)
    if attempt.reference in marks_of_note(order.staff_notes):
        return _found(order, was_there=not attempt.claimed)
    payment = order.payment_status.lower()
    # Once something is claimed such a payment is taken for this request's own doing.
    is_released = attempt.claimed and payment in {VOID_PENDING, VOIDED}
    if not is_released and (no := await _refused(attempt, order, action)) is not None:
        return no
    if payment == AUTHORIZED or is_released:
        released = await release_payment(attempt, order)
        if isinstance(released, Outcome):
            return released
        # Somebody else may have released it: only what this request began is completed.
        own = attempt.completing if attempt.released or not attempt.claimed else attempt
        return await _cancel(own, released, reason, action, is_released=True)
    return await _cancel(attempt, order, reason, action, is_released=False)


def sets_cancelled(_request: Mapping[str, Any]) -> int:
    """Return the status that each cancelling sets."""
    return CANCELLED


def keeps(order_id: int, kept: Money) -> str:
    """Return why an order is not cancelled whose payment was taken, and what to do instead."""
    return f"BigCommerce has taken {kept} for order {order_id}. Refund it there first, then cancel."


async def _refused(attempt: Attempt, order: Order, action: Action[Any]) -> Outcome | None:
    if (text := refusal(order, action)) is not None:
        return Outcome(status=Status.REJECTED, message=text)
    if order.status_id == 4 and attempt.unsettled:
        return Outcome(
            status=Status.REJECTED,
            message=f"Order {order.id} was not cancelled: a refund of it is still open "
            f"({', '.join(attempt.unsettled)}).",
            next_step="Bring that to its end first, then cancel.",
        )
    return await _keeping(attempt, order)


async def _keeping(attempt: Attempt, order: Order) -> Outcome | None:
    try:
        kept = await money_kept(attempt.store, order)
    except BigCommerceError as error:
        return Outcome(
            status=Status.FAILED,
            message=f"Order {order.id} was not cancelled: whether its payment was taken could not "
            f"be read. {heard(error)}",
            next_step="Try again in a minute.",
        )
    if kept is None:
        return None
    return Outcome(
        status=Status.REJECTED,
        message=f"Order {order.id} was not cancelled. {keeps(order.id, kept)}",
    )


async def _cancel(
    attempt: Attempt, order: Order, reason: str, action: Action[Any], *, is_released: bool
) -> Outcome:
    done = f"The customer's payment for order {order.id} was released."

    def refused(latest: Order) -> Outcome | None:
        if not is_released:
            text = refusal(latest, action)
            return None if text is None else Outcome(status=Status.REJECTED, message=text)
        allowed = latest.status_id in _CANCELLABLE_AFTER_VOID
        return None if allowed else moved_on(latest, done)

    ended = await set_status(attempt, order, NewStatus(CANCELLED, reason, refused))
    if isinstance(ended, Outcome):
        return ended
    written = ended.written
    match written.end:
        case End.DONE:
            return _succeeded(ended.before, is_released=is_released)
        case End.DIFFERENT if written.value is not None:
            return _cancelled_and_moved_on(written.value)
        case End.NOTHING if written.error is not None and not is_released:
            return nothing_changed(written.error, order.id)
    if written.instead is not None:
        return written.instead
    if is_released:
        return status_half_set(written.error, order.id, done, refusal=written.refusal)
    return Outcome(
        status=Status.UNKNOWN,
        message=f"It is not known whether order {order.id} was cancelled: {heard(written.error)}",
        next_step="Choose Check again: Makegood looks and cancels it if it is not.",
    )


def _found(order: Order, *, was_there: bool) -> Outcome:
    """Return the outcome for an order that carries the request's mark."""
    if order.status_id != CANCELLED:
        return _cancelled_and_moved_on(order)
    is_void = order.payment_status.lower() in {VOID_PENDING, VOIDED}
    payment = "Its payment is released: nothing was charged." if is_void else "No money moved."
    return Outcome(
        status=Status.SUCCEEDED,
        message=f"Cancelled order {order.id}. {payment}",
        was_there=was_there,
    )


def _cancelled_and_moved_on(order: Order) -> Outcome:
    return Outcome(
        status=Status.UNKNOWN,
        message=f"Order {order.id} has become {state_of(order)}, although {NOTED}.",
        next_step="Decide in the BigCommerce control panel what the order should be.",
    )


def _succeeded(before: Order, *, is_released: bool) -> Outcome:
    """Return the outcome, by the order as it was read before it was cancelled."""
    changes = status_changes(before)
    message = f"Cancelled order {before.id}. No money moved."
    if is_released:
        message = f"Cancelled order {before.id} and released its payment: nothing was charged."
        changes = (Change(field="payment", before=AUTHORIZED, after=VOIDED), *changes)
    return Outcome(status=Status.SUCCEEDED, message=message, changes=changes)
