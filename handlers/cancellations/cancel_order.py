"""How Slack asks for a cancellation: the reason."""

from __future__ import annotations

from bot.actions.cancellations.cancel_order import CANCEL_ORDER, CancelOrder
from bot.actions.rules.eligibility import CANCEL_COMMAND
from handlers.block_kit.builders import Block
from handlers.cancellations.before_cancelling import instead_of_cancelling
from handlers.commands import Command
from handlers.flow.form import ActionForm, FormState
from handlers.flow.reason import parse_reason
from handlers.orders.whole_order_form import build_order, load_order
from handlers.timeline.outcomes.outcome_message import no_details

COMMAND = Command(
    CANCEL_COMMAND,
    (
        (
            f"{CANCEL_COMMAND} 1042",
            "cancels an unpaid order; cancels and refunds a paid one that has not shipped",
        ),
    ),
)
DOES = "The order is cancelled. No money moves; a payment that is only authorised is released."


def build(form: FormState) -> list[Block]:
    """Return the form."""
    return build_order(form, DOES)


def parse(form: FormState) -> CancelOrder:
    """Return the request; FieldErrors when the reason is missing."""
    return CancelOrder.model_validate({"order_id": form.order_id, "reason": parse_reason(form)})


FORM = ActionForm(
    CANCEL_ORDER, DOES, load_order, build, parse, COMMAND, no_details, instead=instead_of_cancelling
)
