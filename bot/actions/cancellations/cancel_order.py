"""Cancel an order: release a payment that is only authorised, then set the status.

Money that the store has received is never silently kept: such an order is refunded first.
"""

from __future__ import annotations

from typing import Any

from bot.actions.action import (
    Action,
    ActionRequest,
    Attempt,
    Evidence,
    Moves,
    Review,
    RuleBroken,
    Sought,
    named_by_order,
    nothing_follows,
)
from bot.actions.cancellations.cancelling import cancel_unpaid, keeps, sets_cancelled
from bot.actions.cancellations.kept_money import money_kept
from bot.actions.cancellations.voiding import AUTHORIZED, VOIDED
from bot.actions.endings.evidence import cancellation_evidence
from bot.actions.endings.mark_in_store import has_note
from bot.actions.orders.order_status import state_of
from bot.actions.orders.snapshot import OrderSnapshot, load_to_show
from bot.actions.orders.store_email import read_email_line
from bot.actions.rules.eligibility import CANCEL_COMMAND, TO_CANCEL, lasting_refusal, refusal
from bot.bigcommerce.client import BigCommerceClient
from bot.values.outcome import Outcome
from bot.values.parsing import OrderId, Reason

REFUNDED = "refunded"


class CancelOrder(ActionRequest):
    """Cancel this order, which holds no money of the customer's."""

    order_id: OrderId
    reason: Reason


async def review_cancel_order(request: CancelOrder, store: BigCommerceClient) -> Review:
    """Return what cancelling does to the payment; raise RuleBroken when it is not allowed."""
    return await review_cancelling(request.order_id, store, CANCEL_ORDER)


async def review_cancelling(order_id: int, store: BigCommerceClient, action: Action[Any]) -> Review:
    """Return the review of a cancellation without a refund, for the action that asks for it."""
    snapshot = await load_to_show(store, order_id)
    order = snapshot.order
    if (text := refusal(order, action)) is not None:
        raise RuleBroken("", text)
    if (kept := await money_kept(store, order)) is not None:
        url = (await store.info.get()).order_url(order_id)
        raise RuleBroken("", f"{keeps(order_id, kept)} {url}")
    email = await read_email_line(store, order.channel_id, "Cancelled")
    return Review(
        effect=f"Order {order.id} becomes Cancelled. {_payment_effect(snapshot)}",
        facts=_facts(snapshot),
        notices=(email,),
        status=state_of(order),
        confirm_label=f"Cancel order {order.id}",
    )


async def cancel_order(request: CancelOrder, attempt: Attempt) -> Outcome:
    """Cancel the order as it is now; what an earlier run of the reference did is not repeated."""
    return await cancel_unpaid(request.order_id, request.reason, attempt, CANCEL_ORDER)


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
    if snapshot.refunded.amount > 0:
        return f"No money moves: {snapshot.refunded} has been refunded already."
    if payment == REFUNDED:
        return "No money moves: BigCommerce shows the payment as refunded."
    if snapshot.total.amount <= 0:
        return "No money moves: the order cost nothing."
    return "No money moves: BigCommerce shows none that was taken."


async def _evidence(request: CancelOrder, store: BigCommerceClient, sought: Sought) -> Evidence:
    return cancellation_evidence(await store.orders.get(request.order_id), sought.reference)


async def _overtaken(request: CancelOrder, store: BigCommerceClient) -> str | None:
    return lasting_refusal(await store.orders.get(request.order_id), CANCEL_ORDER)


CANCEL_ORDER = Action(
    name="cancel_order",
    title="Cancel order",
    request_type=CancelOrder,
    review=review_cancel_order,
    run=cancel_order,
    follow_up=nothing_follows,
    moves=Moves.NOTHING_KEPT,
    sets=sets_cancelled,
    subject=named_by_order,
    is_there=has_note,
    evidence=_evidence,
    overtaken=_overtaken,
    statuses=TO_CANCEL,
    needs_order=True,
    cannot="be cancelled",
    takes_whole=True,
    is_warned_about=True,
    commands=(CANCEL_COMMAND,),
)
