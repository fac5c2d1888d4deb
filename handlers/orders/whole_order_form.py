"""The form of the actions that concern an order as a whole: its facts, and a reason."""

from __future__ import annotations

from typing import Any

from bot.actions.orders.snapshot import OrderSnapshot
from handlers.block_kit.builders import Block, facts, section
from handlers.desk import Desk
from handlers.flow.form import FormState
from handlers.flow.form_context import FormContext
from handlers.flow.notification_box import load_mail, notify_fields
from handlers.flow.reason import reason_fields
from handlers.orders.order_card import summary
from handlers.restocking.stock_choice import load_stock, stock_fields_for_all
from handlers.timeline.outcomes.outcome_message import refunded_label


class OrderContext(FormContext):
    """The order's facts as label and mrkdwn value."""

    facts: tuple[tuple[str, str], ...]


async def load_order(desk: Desk, snapshot: OrderSnapshot | None) -> dict[str, Any]:
    """Return what such a form shows: the order's facts."""
    if snapshot is None:
        raise ValueError("this form needs an order")
    label = refunded_label(desk.log, snapshot.order.id)
    return OrderContext(facts=tuple(summary(snapshot, refunded=label))).saved()


async def load_refund(desk: Desk, snapshot: OrderSnapshot | None) -> dict[str, Any]:
    """Return what `load_order` does, and what a refund can be told and done about besides."""
    if snapshot is None:
        raise ValueError("this form needs an order")
    base = await load_order(desk, snapshot)
    return {**base, **await load_mail(desk, snapshot), **await load_stock(desk, snapshot)}


def build_order(form: FormState, does: str) -> list[Block]:
    """Return the order's facts, what the action does in a sentence of mrkdwn, and the reason.

    Below it are what becomes of the goods and the box for the customer's e-mail, where
    `load_refund` has made room for them.
    """
    return [
        section(f"*Order {form.order_id}*\n{does}"),
        *facts(OrderContext.of(form.context).facts),
        *reason_fields(form),
        *stock_fields_for_all(form),
        *notify_fields(form),
    ]
