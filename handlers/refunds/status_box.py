"""The box by which an order still to be shipped gets its status back after a partial refund."""

from __future__ import annotations

from typing import Any

from bot.actions.orders.order_status import state_of
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.chosen_items import SET_BACK
from bot.actions.rules.eligibility import BEFORE_SHIPPING
from handlers.block_kit.builders import Block, checkboxes, option
from handlers.flow.form import FormState
from handlers.flow.form_context import FormContext

YES = "yes"


class Former(FormContext):
    """The status that the order has, and what the shop calls it."""

    status_id: int
    label: str


class SetBackContext(FormContext):
    """`former` None: the order is in no queue to be shipped."""

    former: Former | None = None


def load_set_back(snapshot: OrderSnapshot) -> dict[str, Any]:
    """Return what the box shows, {} for an order that is not in a queue to be shipped."""
    order = snapshot.order
    if order.status_id not in BEFORE_SHIPPING:
        return {}
    former = Former(status_id=order.status_id, label=state_of(order))
    return SetBackContext(former=former).saved()


def set_back_fields(form: FormState) -> list[Block]:
    """Return the box, not ticked unless the agent did; nothing where there is no queue to leave."""
    former = SetBackContext.of(form.context).former
    if former is None:
        return []
    more = "The customer may get one more e-mail for it, as the store is set."
    options = [option(f"Set it back to {former.label} afterwards", YES, more)]
    box = checkboxes(SET_BACK, options, initial=[YES] if _is_ticked(form) else [])
    return form.field(SET_BACK, "When it has become Partially Refunded", box, optional=True)


def parse_set_back(form: FormState) -> int | None:
    """Return the status to set the order back to, None when the box is not ticked."""
    former = SetBackContext.of(form.context).former
    return former.status_id if former is not None and _is_ticked(form) else None


def _is_ticked(form: FormState) -> bool:
    return any(value == YES for value, _ in form.values.get(SET_BACK) or [])
