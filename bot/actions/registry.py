"""What can be done to an order or for a customer. Knows neither Slack nor HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.action import (
    Action,
    Moves,
    Runnable,
)
from bot.actions.cancellations.cancel_and_refund import CANCEL_AND_REFUND
from bot.actions.cancellations.cancel_order import CANCEL_ORDER
from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.discounts.switch_off_code import SWITCH_OFF_CODE
from bot.actions.endings.found_in_store import FOUND_IN_STORE
from bot.actions.refunds.refund_items import REFUND_ITEMS
from bot.actions.refunds.refund_order import REFUND_ORDER
from bot.actions.restocking.restock_items import RESTOCK_ITEMS
from bot.actions.rules.eligibility import refusal
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.models import Order

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
