"""What all refunds are asked with, and what the agent confirmed."""

from __future__ import annotations

from pydantic import BaseModel

from bot.actions.action import ActionRequest
from bot.actions.restocking.item_condition import RefundedItems
from bot.bigcommerce.refunds import RefundItem, RefundPayment
from bot.values.money import Money
from bot.values.parsing import OrderId, Reason


class ConfirmedRefund(BaseModel, frozen=True):
    """BigCommerce's own figure and method as the agent saw and confirmed them.

    `method` is the `key` of the MethodChoice, `payments` are its payments. `left_out` is what was
    confirmed to stay with the store although all that is left was asked for, None for nothing.
    `items` are what is refunded, and `status` the order's state then; both are empty in requests of
    0.1.0. `is_unasked_credit`: it gives store credit on an order that was not paid with it; None
    in requests that did not keep that.
    """

    total: Money
    method: str
    payments: tuple[RefundPayment, ...]
    left_out: Money | None = None
    items: tuple[RefundItem, ...] = ()
    status: str = ""
    is_unasked_credit: bool | None = None


class RefundRequest(ActionRequest):
    """The base of the three refunding requests; without `confirmed` it can only be reviewed.

    `goods` is what has become of the pieces, where the agent was asked and did not leave it open.
    `in_unpaid`: the order is Pending or Awaiting Payment although its money was taken, and an admin
    lets it be given back there.
    """

    order_id: OrderId
    reason: Reason
    confirmed: ConfirmedRefund | None = None
    goods: tuple[RefundedItems, ...] = ()
    in_unpaid: bool = False


class NotifyingRefund(RefundRequest):
    """A refund after which the bot e-mails the customer, if the agent has asked for it."""

    notify_customer: bool = False
