"""The form of the actions that concern an order as a whole: its facts, and a reason."""

from __future__ import annotations

from typing import Any

from bot.actions.snapshot import OrderSnapshot
from handlers.blocks import Block, facts, section
from handlers.card import summary
from handlers.desk import Desk
from handlers.form import FormState
from handlers.reason import reason_fields


async def load_order(desk: Desk, snapshot: OrderSnapshot | None) -> dict[str, Any]:
    """Return what such a form shows: the order's facts and the reasons to choose from."""
    if snapshot is None:
        raise ValueError("this form needs an order")
    return {"facts": summary(snapshot), "reasons": list(desk.reasons)}


def build_order(form: FormState, does: str) -> list[Block]:
    """Return the order's facts, what the action does in a sentence of mrkdwn, and the reason."""
    return [
        section(f"*Order {form.order_id}*\n{does}"),
        *facts(form.context["facts"]),
        *reason_fields(form),
    ]
