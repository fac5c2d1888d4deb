"""What can be done to an order or for a customer. Knows neither Slack nor HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.base import (
    Action,
    ActionRequest,
    Attempt,
    MethodChoice,
    Review,
    RuleBroken,
    Runnable,
)
from bot.actions.cancel_and_refund import CANCEL_AND_REFUND, CancelAndRefund
from bot.actions.cancel_order import CANCEL_ORDER, CancelOrder
from bot.actions.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.discount_request import CreateDiscountCode
from bot.actions.eligibility import allowed_actions, refusal
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


def is_refund(action: str) -> bool:
    """Tell whether an action of this name gives money back; False for a name that is gone."""
    runnable = RUNNABLE.get(action)
    return runnable is not None and issubclass(runnable.request_type, RefundRequest)


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
    "is_refund",
    "load_snapshot",
    "parse_amount",
    "parse_order_id",
    "parse_percentage",
    "refusal",
]
