"""Give back all that is left on an order, see the money move, then cancel it.

In this order: BigCommerce may not refund a cancelled order, and when the refund fails nothing has
been cancelled.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.actions.action import Action, Attempt, Evidence, Moves, Review, Sought, named_by_order
from bot.actions.cancellations.cancel_order import review_cancelling
from bot.actions.cancellations.cancelling import cancel_unpaid, sets_cancelled
from bot.actions.endings.evidence import refund_evidence
from bot.actions.endings.mark_in_store import has_refund_or_note
from bot.actions.endings.overtaken import refund_overtaken
from bot.actions.failures import GOES_ON, sentence
from bot.actions.orders.order_status import (
    CANCELLED,
    NewStatus,
    moved_on,
    set_status,
    state_of,
    status_changes,
    status_half_set,
)
from bot.actions.orders.remaining_items import everything_left
from bot.actions.orders.snapshot import OrderSnapshot, load_snapshot
from bot.actions.reading import read_until
from bot.actions.refunds.outcomes import outcome_of
from bot.actions.refunds.refunding import AFTER_REFUND, RefundPlan, refund_once
from bot.actions.refunds.request import ConfirmedRefund, NotifyingRefund
from bot.actions.refunds.review import review_refund
from bot.actions.restocking.restock_items import restocking
from bot.actions.rules.eligibility import (
    BEFORE_SHIPPING,
    CANCEL_COMMAND,
    NOTHING_TO_REFUND,
    REFUND_COMMAND,
)
from bot.actions.writing import End
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError, NotSent
from bot.bigcommerce.models import Order
from bot.bigcommerce.refunds import RefundItem
from bot.values.outcome import Change, Outcome, Status

# Where the order may stand when it is to be cancelled: refunded, or still before shipping.
_CANCELLABLE = frozenset({1, 7, 8, 9, 11}) | AFTER_REFUND
# How long BigCommerce's own status is waited for: set later, it would undo the cancelling.
_NO_LONGER_AWAITED = timedelta(hours=1)


class CancelAndRefund(NotifyingRefund):
    """Refund everything, then cancel the order."""


def _itemise(request: CancelAndRefund, snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    return everything_left(snapshot)


async def review_cancel_and_refund(request: CancelAndRefund, store: BigCommerceClient) -> Review:
    """Return what is given back before the order is cancelled, and how it can be paid.

    That is BigCommerce's figure for all that is left; a payment that is only authorised is released
    instead, and of an order that cost nothing, or was given back already, it is nothing.
    """
    order = await store.orders.get(request.order_id)
    if not has_money(order):
        return await review_cancelling(request.order_id, store, CANCEL_AND_REFUND)
    return await review_refund(
        request, store, action=CANCEL_AND_REFUND, itemise=_itemise, then_cancelled=True
    )


async def cancel_and_refund(request: CancelAndRefund, attempt: Attempt) -> Outcome:
    """Refund what the agent confirmed, once; cancel the order when the money has moved.

    A refund that BigCommerce only records is a person's task; the order is cancelled all the same.
    """
    plan = RefundPlan(CANCEL_AND_REFUND, _itemise)
    if request.confirmed is None:
        return await cancel_unpaid(request.order_id, request.reason, attempt, CANCEL_AND_REFUND)
    followed = await refund_once(request, attempt, plan)
    refunded = outcome_of(request.confirmed, followed, plan.command(request.order_id))
    is_given_back = refunded.status in {Status.SUCCEEDED, Status.TO_DO}
    if isinstance(followed, Outcome) or followed.difference == "total" or not is_given_back:
        return _without_cancelling(refunded, request.order_id)
    cancelled = await _cancel(
        request, attempt, refunded, request.confirmed, followed.refund.created
    )
    return cancelled.model_copy(
        update={
            "amount": refunded.amount,
            "to_send": refunded.to_send,
            "refund_id": refunded.refund_id,
            "paid_back": refunded.paid_back,
            "was_there": refunded.was_there,
            "next_step": " ".join(filter(None, (refunded.next_step, cancelled.next_step))),
            "changes": _all_changes(refunded, cancelled),
            "evidence": refunded.evidence,
        }
    )


def _all_changes(refunded: Outcome, cancelled: Outcome) -> tuple[Change, ...]:
    """Return what both halves changed: of the status the former one and the last."""
    if not cancelled.changes:
        return refunded.changes
    money = (change for change in refunded.changes if change.field != "status")
    return (*money, *cancelled.changes)


def has_money(order: Order) -> bool:
    """Whether there may be money to give back: see `bot.actions.rules.eligibility`."""
    total = order.total_inc_tax + order.store_credit_amount + order.gift_certificate_amount
    return total > 0 and order.payment_status.lower() not in NOTHING_TO_REFUND


def _without_cancelling(refunded: Outcome, order_id: int) -> Outcome:
    """Add that the order is not cancelled, where there is a refund that makes one expect it."""
    if refunded.refund_id is None:
        return refunded
    later = " yet" if refunded.status is Status.PENDING else ""
    message = f"{refunded.message} Order {order_id} is not cancelled{later}."
    return refunded.model_copy(update={"message": message})


async def _cancel(
    request: CancelAndRefund,
    attempt: Attempt,
    refunded: Outcome,
    confirmed: ConfirmedRefund,
    refunded_at: datetime,
) -> Outcome:
    done = sentence(refunded.message)
    try:
        order = await _read_after_refund(request, attempt)
    except BigCommerceError as error:
        return status_half_set(error, request.order_id, done)
    if order.status_id == CANCELLED:  # by an earlier run, or by somebody else
        return _done(order, refunded, confirmed)
    is_awaited = order.status_id in _CANCELLABLE - AFTER_REFUND
    if is_awaited and datetime.now(UTC) - refunded_at < _NO_LONGER_AWAITED:
        return Outcome(
            status=Status.PENDING,
            message=f"{done} It is not cancelled yet: BigCommerce has not made it Refunded so far.",
            next_step=GOES_ON,
        )

    def refused(latest: Order) -> Outcome | None:
        return None if latest.status_id in _CANCELLABLE else moved_on(latest, done)

    new = NewStatus(CANCELLED, request.reason, refused)
    ended = await set_status(attempt.completing, order, new)
    if isinstance(ended, Outcome):
        return ended
    written = ended.written
    if written.end is End.DONE:
        return _done(order, refunded, confirmed)
    if written.end is End.DIFFERENT and written.value is not None:
        return moved_on(written.value, done, is_noted=True)
    return written.instead or status_half_set(
        written.error, request.order_id, done, refusal=written.refusal
    )


async def _read_after_refund(request: CancelAndRefund, attempt: Attempt) -> Order:
    """Return the order once BigCommerce has set it to Refunded, or as it is a few seconds later.

    BigCommerce sets that status at a time of its own; cancelling before it would be overwritten.
    """
    order = await read_until(
        attempt.accepted_waits,
        lambda: attempt.store.orders.get(request.order_id),
        lambda order: order.status_id in AFTER_REFUND or order.status_id not in _CANCELLABLE,
    )
    if order is None:
        raise NotSent(f"GET /v2/orders/{request.order_id}", "The order could not be read.")
    return order


def _done(order: Order, refunded: Outcome, confirmed: ConfirmedRefund) -> Outcome:
    """Return the outcome of both halves; a task that is left to a person stays first."""
    is_task, cancelled = refunded.status is Status.TO_DO, "The order is cancelled."
    # By now the order has the status that its refund gave it: from where it came is what counts.
    changes = status_changes(order, former=confirmed.status) if confirmed.status else ()
    return Outcome(
        status=refunded.status,
        message=refunded.message if is_task else f"{refunded.message} {cancelled}",
        next_step=cancelled if is_task else "",
        changes=changes,
    )


async def _evidence(request: CancelAndRefund, store: BigCommerceClient, sought: Sought) -> Evidence:
    """Read what there is of the refund, and how the order stands that was to be cancelled."""
    evidence = await refund_evidence(request, store, sought)
    if evidence.made is None:
        return evidence
    order = await store.orders.get(request.order_id)
    rest = f"The order is not cancelled: it is {state_of(order)}."
    if order.status_id == CANCELLED:
        rest = "The order is cancelled."
    return replace(evidence, made=evidence.made.model_copy(update={"next_step": rest}))


async def _overtaken(request: CancelAndRefund, store: BigCommerceClient) -> str | None:
    snapshot = await load_snapshot(store, request.order_id)
    return refund_overtaken(CANCEL_AND_REFUND, request, snapshot)


CANCEL_AND_REFUND = Action(
    name="cancel_and_refund",
    title="Cancel & refund",
    request_type=CancelAndRefund,
    review=review_cancel_and_refund,
    run=cancel_and_refund,
    follow_up=restocking,
    moves=Moves.WHAT_THERE_IS,
    sets=sets_cancelled,
    subject=named_by_order,
    is_there=has_refund_or_note,
    evidence=_evidence,
    overtaken=_overtaken,
    statuses=BEFORE_SHIPPING,
    needs_order=True,
    cannot="be cancelled and refunded in one go",
    takes_whole=True,
    is_warned_about=True,
    commands=(CANCEL_COMMAND, REFUND_COMMAND),
)
