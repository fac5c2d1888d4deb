"""What can be done to an order or for a customer. Knows neither Slack nor HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.base import (
    Action,
    ActionRequest,
    Aftercare,
    Attempt,
    MethodChoice,
    Moves,
    Review,
    RuleBroken,
    Runnable,
)
from bot.actions.cancel_and_refund import CANCEL_AND_REFUND, CancelAndRefund
from bot.actions.cancel_order import CANCEL_ORDER, CancelOrder
from bot.actions.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.discount_request import CreateDiscountCode
from bot.actions.eligibility import refusal
from bot.actions.found_in_store import FOUND_IN_STORE
from bot.actions.goods import Condition, Goods
from bot.actions.refund_choice import Deduction, Goodwill, LineRefund, PartRefund
from bot.actions.refund_items import REFUND_ITEMS, RefundItems
from bot.actions.refund_order import REFUND_ORDER, RefundOrder
from bot.actions.refund_request import ConfirmedRefund, RefundRequest
from bot.actions.restock_items import RESTOCK_ITEMS, RestockItems
from bot.actions.snapshot import OrderSnapshot, load_snapshot
from bot.actions.switch_off_code import SWITCH_OFF_CODE, SwitchOffCode
from bot.actions.typed import (
    NotUnderstood,
    end_of_day,
    parse_amount,
    parse_order_id,
    parse_percentage,
)
from bot.bigcommerce import BigCommerceClient, Order

ACTIONS: Mapping[str, Action[Any]] = {
    action.name: action
    for action in (
        CANCEL_ORDER,
        CANCEL_AND_REFUND,
        REFUND_ORDER,
        REFUND_ITEMS,
        CREATE_DISCOUNT_CODE,
    )
}

# With what nobody asks for by itself.
RUNNABLE: Mapping[str, Runnable[Any]] = {
    **ACTIONS,
    RESTOCK_ITEMS.name: RESTOCK_ITEMS,
    SWITCH_OFF_CODE.name: SWITCH_OFF_CODE,
    FOUND_IN_STORE.name: FOUND_IN_STORE,
}


def allowed_actions(order: Order) -> tuple[str, ...]:
    """Return the names of the actions that the order allows now."""
    return tuple(name for name, action in ACTIONS.items() if refusal(order, action) is None)


def led_to_by(command: str) -> tuple[str, ...]:
    """Return the names of the actions that a slash command may lead to, its own first."""
    led_to = [action for action in ACTIONS.values() if command in action.commands]
    led_to.sort(key=lambda action: action.commands.index(command))
    return tuple(action.name for action in led_to)


def is_refund(action: str) -> bool:
    """Tell whether an action of this name gives money back; False for a name that is gone."""
    return action in RUNNABLE and RUNNABLE[action].gives_back


def gives_away(action: str) -> bool:
    """Tell whether an action of this name gives away what is worth money; False for one gone."""
    return action in RUNNABLE and RUNNABLE[action].moves is Moves.AWAY


def leaves_mark(action: str) -> bool:
    """Tell whether what it wrote can be found in the store; True for a name that is gone."""
    return action not in RUNNABLE or RUNNABLE[action].is_there is not None


async def is_in_store(
    store: BigCommerceClient, action: str, reference: str, request: Mapping[str, Any]
) -> bool:
    """Tell whether the store shows a logged request as carried out, in whole or in part.

    False for a name that is gone, and for what leaves no mark. Raises BigCommerceError when that
    could not be read.
    """
    is_there = RUNNABLE[action].is_there if action in RUNNABLE else None
    return is_there is not None and await is_there(store, reference, request)


__all__ = [
    "ACTIONS",
    "CANCEL_AND_REFUND",
    "CANCEL_ORDER",
    "CREATE_DISCOUNT_CODE",
    "FOUND_IN_STORE",
    "REFUND_ITEMS",
    "REFUND_ORDER",
    "RESTOCK_ITEMS",
    "RUNNABLE",
    "SWITCH_OFF_CODE",
    "Action",
    "ActionRequest",
    "Aftercare",
    "Attempt",
    "CancelAndRefund",
    "CancelOrder",
    "Condition",
    "ConfirmedRefund",
    "CreateDiscountCode",
    "Deduction",
    "Goods",
    "Goodwill",
    "LineRefund",
    "MethodChoice",
    "Moves",
    "NotUnderstood",
    "OrderSnapshot",
    "PartRefund",
    "RefundItems",
    "RefundOrder",
    "RefundRequest",
    "RestockItems",
    "Review",
    "RuleBroken",
    "Runnable",
    "SwitchOffCode",
    "allowed_actions",
    "end_of_day",
    "gives_away",
    "is_in_store",
    "is_refund",
    "leaves_mark",
    "led_to_by",
    "load_snapshot",
    "parse_amount",
    "parse_order_id",
    "parse_percentage",
    "refusal",
]
