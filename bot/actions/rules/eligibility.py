"""Which action which order allows, by what the action says of itself, and the words for a no.

Pure: an order in, a decision out. What a status is for, and the command for that, is said here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.action import Action, Moves
from bot.bigcommerce.models import Order

CANCEL_COMMAND, REFUND_COMMAND = "/cancel-order", "/refund-order"

# What BigCommerce calls each status; a store may rename the labels, never the numbers.
STATUS_NAMES: Mapping[int, str] = {
    0: "Incomplete",
    1: "Pending",
    2: "Shipped",
    3: "Partially Shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting Payment",
    8: "Awaiting Pickup",
    9: "Awaiting Shipment",
    10: "Completed",
    11: "Awaiting Fulfillment",
    12: "Manual Verification Required",
    13: "Disputed",
    14: "Partially Refunded",
}

UNPAID = frozenset({1, 7})
# Cancelled without a refund: nothing was paid, or all of it was given back.
TO_CANCEL = UNPAID | {4}
# What shipping tools look for: the order waits to be sent or picked up.
BEFORE_SHIPPING = frozenset({8, 9, 11})
AFTER_SHIPPING = frozenset({2, 3, 10, 14})
ANY_STATUS = frozenset(STATUS_NAMES)

# Payment statuses (`orders.v2`) with which there is nothing to refund.
NOTHING_TO_REFUND = frozenset({"authorized", "refunded", "void", "declined"})

_IS: Mapping[int, str] = {
    1: "is pending",
    2: "has shipped",
    3: "has shipped in part",
    4: "has been refunded",
    5: "is cancelled",
    6: "was declined",
    7: "is awaiting payment",
    8: "is awaiting pickup",
    9: "is awaiting shipment",
    10: "is completed",
    11: "is awaiting fulfillment",
    12: "waits for manual verification",
    14: "has been refunded in part",
}
_PANEL = "in the BigCommerce control panel"


def refusal(order: Order, action: Action[Any], *, in_unpaid: bool = False) -> str | None:
    """Return why the action is not allowed and what is instead; None when it is allowed.

    `in_unpaid`: money that was taken although the order's status says that it is unpaid may be
    given back before it is cancelled.
    """
    if not action.needs_order:
        return None
    blocked = _closed(order) or _payment_under_way(order, action)
    if blocked is not None:
        return blocked
    if order.status_id not in action.statuses:
        gives_what_there_is = action.moves is Moves.WHAT_THERE_IS
        if in_unpaid and gives_what_there_is and order.status_id in UNPAID:
            return None
        return _wrong_status(order, action)
    if (untold := _currency_untold(order, action)) is not None:
        return untold
    return _nothing_received(order) if action.moves is Moves.BACK else None


def lasting_refusal(order: Order, action: Action[Any], *, in_unpaid: bool = False) -> str | None:
    """Return `refusal` unless it may pass by itself, as a payment does that is being captured."""
    if _payment_under_way(order, action) or _currency_untold(order, action):
        return None
    return refusal(order, action, in_unpaid=in_unpaid)


def _closed(order: Order) -> str | None:
    """Tell about orders that nobody should touch from here, whatever is asked."""
    subject = f"Order {order.id}"
    if order.is_deleted:
        return f"{subject} is archived, so it is left alone. Restore it {_PANEL} first."
    if order.status_id == 0:
        return (
            f"{subject} is incomplete: its checkout was never finished, so there is nothing to "
            "cancel or refund."
        )
    if order.status_id == 13:
        return (
            f"{subject} is disputed, so it is left alone: a refund could pay the customer twice. "
            f"Settle the dispute {_PANEL} first."
        )
    return None


def _payment_under_way(order: Order, action: Action[Any]) -> str | None:
    if action.moves is Moves.NOTHING:
        return None
    subject = f"The payment of order {order.id}"
    match order.payment_status.lower():
        case "held for review":
            return f"{subject} is held for review. Accept or decline it {_PANEL} first."
        case "capture pending":
            return f"{subject} is being captured at this moment. Try again in a few minutes."
        case "void pending":
            return f"{subject} is being voided at this moment. Try again in a few minutes."
    return None


def _currency_untold(order: Order, action: Action[Any]) -> str | None:
    if order.currency or not action.gives_back:
        return None
    return (
        f"BigCommerce does not tell in which currency order {order.id} was paid: its "
        "default_currency_code is missing. So no money is moved on it from here; refund it "
        f"{_PANEL}."
    )


def _nothing_received(order: Order) -> str | None:
    """Tell why a refund has no money to give back; None when it may have some."""
    if order.total_inc_tax + order.store_credit_amount + order.gift_certificate_amount <= 0:
        nothing = f"Order {order.id} cost nothing, so there is nothing to refund."
        return f"{nothing} {_cancel(order)}".strip()
    match order.payment_status.lower():
        case "authorized":
            authorised = f"The payment of order {order.id} is only authorised"
            return f"{authorised}, so there is no money to refund. {_cancel(order)}".strip()
        case "refunded":
            # What was only recorded counts for BigCommerce like money that went back.
            shown = f"BigCommerce shows order {order.id} as refunded in full"
            return f"{shown}, so nothing is left to refund."
        case "void" | "declined" as payment:
            was = "voided" if payment == "void" else "declined"
            return f"The payment of order {order.id} was {was}, so there is no money to refund."
    return None


def _cancel(order: Order) -> str:
    """Return how the order can be cancelled, which gives back nothing; "" when it is cancelled."""
    if order.status_id == 5:
        return ""
    if order.status_id in TO_CANCEL | BEFORE_SHIPPING:
        return f"Cancel it with {CANCEL_COMMAND} {order.id}."
    return f"To cancel it, use its page {_PANEL}."


def _wrong_status(order: Order, action: Action[Any]) -> str:
    state = _IS.get(order.status_id, f"is in a status that Makegood does not know ({order.status})")
    if action.moves is Moves.NOTHING_KEPT and order.status_id == 5:
        return f"Order {order.id} is already cancelled."
    no_money = _nothing_received(order) if action.moves is Moves.BACK else None
    if no_money is not None and order.status_id not in TO_CANCEL | BEFORE_SHIPPING:
        return no_money
    said = f"Order {order.id} {state}, so it cannot {_cannot(order, action)}."
    return f"{said} {_advice(order, action)}"


def _cannot(order: Order, action: Action[Any]) -> str:
    """Return what cannot be done; "as a whole" only where a part can."""
    if action.moves is not Moves.BACK:
        return action.cannot
    if order.status_id == 4:
        return "be refunded again"
    return action.cannot if _may_be_refunded_in_part(order) else "be refunded"


def _advice(order: Order, action: Action[Any]) -> str:
    """Return the command that would be right; it is only ever one that would be accepted."""
    cancel, refund = f"{CANCEL_COMMAND} {order.id}", f"{REFUND_COMMAND} {order.id}"
    if action.moves is Moves.NOTHING:
        return f"Look at it {_PANEL}."
    if order.status_id in TO_CANCEL:
        return f"Cancel it with {cancel}."
    if order.status_id in BEFORE_SHIPPING:
        if not _may_be_refunded_in_part(order):
            return f"Cancel it with {cancel}."
        is_whole_refund = action.moves is Moves.BACK and action.takes_whole
        or_items = f", or refund single items with {refund}" if is_whole_refund else ""
        return f"Cancel and refund it with {cancel}{or_items}."
    if order.status_id in AFTER_SHIPPING and _nothing_received(order) is None:
        return f"Refund it with {refund}."
    if order.status_id == 5:
        return f"To refund it all the same, set it back to Awaiting Fulfillment {_PANEL} first."
    return f"Look at it {_PANEL}."


def _may_be_refunded_in_part(order: Order) -> bool:
    is_shown = order.status_id in BEFORE_SHIPPING | AFTER_SHIPPING
    return is_shown and _nothing_received(order) is None
