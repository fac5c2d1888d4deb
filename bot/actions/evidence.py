"""What BigCommerce shows of a request whose end is unknown, read anew for whoever ends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.actions.base import ActionRequest
from bot.actions.cancel_and_refund import CancelAndRefund
from bot.actions.cancel_order import CancelOrder
from bot.actions.discount_request import CreateDiscountCode
from bot.actions.discount_state import find_code
from bot.actions.ending import (
    Evidence,
    WantedRefund,
    made_of_refund,
    refunds_against,
)
from bot.actions.marks import marks_of_note
from bot.actions.refund_request import RefundRequest
from bot.actions.switch_off_code import SwitchOffCode
from bot.bigcommerce import BigCommerceClient, Order
from bot.outcome import Outcome, Status

CANCELLED = 5
AUTHORIZED, VOIDED = "authorized", "void"


async def read_evidence(
    request: ActionRequest,
    store: BigCommerceClient,
    *,
    reference: str,
    asked_at: datetime,
    refund_id: int | None,
    held: Mapping[int, str],
) -> Evidence:
    """Read what the store has of the request; raises BigCommerceError when it cannot be read.

    `refund_id` is the refund that the bot found for it, `held` whose the order's other refunds are.
    """
    match request:
        case RefundRequest():
            if request.confirmed is None:  # never sent then
                return Evidence(is_refund=True)
            wanted = WantedRefund(reference, request.confirmed.total, asked_at, held)
            return await _of_refund(request, store, wanted, refund_id)
        case CancelOrder():
            return _of_cancellation(await store.get_order(request.order_id), reference)
        case CreateDiscountCode():
            return await _of_code(request, store, reference)
        case SwitchOffCode():
            return await _of_switching_off(request, store)
    # Stock: BigCommerce keeps no list of adjustments, so only people can tell.
    return Evidence(made=_done(f"Made by hand or confirmed · order {request.order_id}"))


async def _of_refund(
    request: RefundRequest, store: BigCommerceClient, wanted: WantedRefund, refund_id: int | None
) -> Evidence:
    made, refunds = None, await store.get_refunds(request.order_id)
    found = next((each for each in refunds if each.id == refund_id), None)
    if found is not None and not found.is_declined:
        rest = await _rest_of(request, store)
        made = made_of_refund(request.order_id, found, wanted.total, rest=rest)
    return Evidence(
        made=made,
        against=refunds_against(refunds, wanted),
        refunds=tuple(each for each in refunds if wanted.may_be(each)),
        is_refund=True,
    )


async def _rest_of(request: RefundRequest, store: BigCommerceClient) -> str:
    """Return how the order stands that was to be cancelled after the refund."""
    if not isinstance(request, CancelAndRefund):
        return ""
    order = await store.get_order(request.order_id)
    if order.status_id == CANCELLED:
        return "The order is cancelled."
    return f"The order is not cancelled: it is {order.custom_status or order.status}."


def _of_cancellation(order: Order, reference: str) -> Evidence:
    payment = order.payment_status.lower()
    is_ours = reference in marks_of_note(order.staff_notes)
    if order.status_id == CANCELLED and payment != AUTHORIZED:
        released = " Its payment is released." if payment == VOIDED else ""
        made = _done(f"Cancelled · order {order.id}", f"No money moved.{released}")
        shown = f"BigCommerce shows order {order.id} cancelled, with this request's note on it."
        return Evidence(made=made, against=shown if is_ours else "")
    if payment == VOIDED:
        status = order.custom_status or order.status
        message = f"Payment released, not cancelled · order {order.id}"
        return Evidence(
            made=_done(message, f"The order is {status}."),
            against=f"The payment of order {order.id} is released. Press Check again.",
        )
    return Evidence()


async def _of_code(
    request: CreateDiscountCode, store: BigCommerceClient, reference: str
) -> Evidence:
    found = await find_code(store, request.name(reference), request.code)
    if found is None:
        return Evidence()
    state = "on" if found.is_on else "off"
    shown = f"BigCommerce has the discount code {request.code}, and it is {state}."
    return Evidence(
        made=_done(f"Discount code {request.code} is in BigCommerce", f"It is {state} there."),
        against=f"{shown} Press Check again.",
    )


async def _of_switching_off(request: SwitchOffCode, store: BigCommerceClient) -> Evidence:
    found = await find_code(store, request.name, request.code)
    if found is not None and found.is_on:
        return Evidence()
    state = "is not in BigCommerce any more" if found is None else "is off"
    shown = f"Discount code {request.code} {state}"
    return Evidence(made=_done(shown), against=f"{shown}.")


def _done(message: str, next_step: str = "") -> Outcome:
    return Outcome(status=Status.SUCCEEDED, message=message, next_step=next_step)
