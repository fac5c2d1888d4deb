"""All that people can ask for: the forms, and the commands that open them.

A new action is one line here, and one in `bot.actions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.restocking.restock_items import RESTOCK_ITEMS
from handlers.cancellations import cancel_and_refund, cancel_order
from handlers.commands import MAKEGOOD, ORDER, Command
from handlers.discounts import create_discount_code
from handlers.flow.form import ActionForm
from handlers.refunds import refund_items, refund_order
from handlers.restocking.outcome_lines import restocking_details
from handlers.timeline.outcomes.outcome_message import DetailsOf

FORMS: dict[str, ActionForm[Any]] = {
    form.action.name: form
    for form in (
        cancel_order.FORM,
        cancel_and_refund.FORM,
        refund_order.FORM,
        refund_items.FORM,
        create_discount_code.FORM,
    )
}

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (ORDER, *(form.command for form in FORMS.values()), MAKEGOOD)
}

# What each of them adds to the messages about its requests, and what follows from them adds.
DETAILS: Mapping[str, DetailsOf] = {
    **{name: form.details for name, form in FORMS.items()},
    RESTOCK_ITEMS.name: restocking_details,
}
