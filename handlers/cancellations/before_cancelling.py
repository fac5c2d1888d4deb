"""What stands in the way of cancelling an order: its money, or a refund that is still open."""

from __future__ import annotations

from bot.actions.cancellations.cancel_and_refund import CANCEL_AND_REFUND
from bot.actions.cancellations.cancel_order import CANCEL_ORDER
from bot.actions.cancellations.cancelling import keeps
from bot.actions.cancellations.kept_money import money_kept
from bot.actions.registry import is_refund
from bot.actions.rules.eligibility import UNPAID
from bot.bigcommerce.models import Order
from bot.values.money import Money
from bot.values.outcome import Status
from handlers.block_kit.builders import button
from handlers.desk import Desk
from handlers.windows.views import View, notice_view

UNSETTLED = frozenset({Status.PENDING, Status.UNKNOWN, Status.TO_DO})
REFUNDED = 4
SWITCHED_OFF = (
    "Refunding an unpaid order before it is cancelled was switched off while you filled in this "
    "form. Nothing was sent."
)


async def instead_of_cancelling(desk: Desk, order: Order) -> str | View | None:
    """Return the action to ask for instead, or a view that says why not; None: cancel it.

    Raises BigCommerceError when it cannot be told whether the payment was taken.
    """
    if order.status_id == REFUNDED and (still_open := _open_refunds(desk, order.id)):
        text = (
            f"Order {order.id} was not cancelled: a refund of it is still open "
            f"({', '.join(still_open)}). Bring that to its end first, then cancel."
        )
        return notice_view(CANCEL_ORDER.title, text)
    kept = await money_kept(desk.store, order)
    if kept is None:
        return None
    if order.status_id in UNPAID and desk.configuration.current().refund_before_cancel:
        return CANCEL_AND_REFUND.name
    return await refund_there_view(desk, CANCEL_ORDER.title, order.id, kept)


async def refund_there_view(desk: Desk, title: str, order_id: int, kept: Money) -> View:
    """Return the view that says what was taken for the order, with the way to refund it there."""
    url = (await desk.catalogue.store()).order_url(order_id)
    link = button("Open in BigCommerce", "link:order", url=url)
    return notice_view(title, keeps(order_id, kept), buttons=[link])


def check_unpaid(desk: Desk, *, in_unpaid: bool) -> dict[str, str]:
    """Return what stands against refunding an unpaid order, as the configuration is now."""
    is_on = desk.configuration.current().refund_before_cancel
    return {} if is_on or not in_unpaid else {"": SWITCHED_OFF}


def _open_refunds(desk: Desk, order_id: int) -> list[str]:
    entries = desk.log.open_of(order_id)
    return [
        entry.reference
        for entry in entries
        if entry.status in UNSETTLED and is_refund(entry.action)
    ]
