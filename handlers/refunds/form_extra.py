"""What a partial refund's form asks on demand: an amount on the order, and a deduction.

Both come last. Lines and costs are the better way: BigCommerce corrects the tax and counts the
pieces for those only.
"""

from __future__ import annotations

from bot.actions.refunds.choice import DEDUCTION_TEXT_LIMIT, Deduction, Goodwill
from bot.actions.refunds.chosen_items import DEDUCTION, GOODWILL
from bot.values.money import Money
from bot.values.parsing import AMOUNT_LIMIT
from handlers.block_kit.builders import Block, actions, alert, button, divider, select, text_input
from handlers.block_kit.mrkdwn import clean
from handlers.flow.form import FieldErrors, FormState
from handlers.flow.reason import parse_reason, reason_options
from handlers.refunds.form_context import ItemsContext
from handlers.refunds.form_costs import cost_amount_field, parse_money

EXTRA_SIZE = 12
GOODWILL_REASON, DEDUCTION_TEXT = "goodwill_reason", "deduction_text"
EXTRA_FIELDS = {GOODWILL, GOODWILL_REASON, DEDUCTION, DEDUCTION_TEXT}
BUTTONS = {GOODWILL: "Give an amount instead …", DEDUCTION: "Deduct a fee …"}
WARNING = (
    "BigCommerce books such an amount without tax and counts no line as refunded. Where it is for "
    "a line or for shipping, give it there instead."
)


def open_extra(form: FormState, name: str) -> None:
    """Show the fields of an amount or a deduction from now on."""
    shown = ItemsContext.of(form.context).extra
    if name in BUTTONS and name not in shown:
        form.context["extra"] = [*shown, name]


def extra_blocks(form: FormState) -> list[Block]:
    """Return the fields that were asked for, and the buttons for those that were not."""
    shown = ItemsContext.of(form.context).extra
    blocks = [divider()]
    blocks += _goodwill_blocks(form) if GOODWILL in shown else []
    blocks += _deduction_blocks(form) if DEDUCTION in shown else []
    buttons = [
        button(text, f"form:more:{name}") for name, text in BUTTONS.items() if name not in shown
    ]
    if buttons:
        blocks.append(actions(buttons, block_id=f"more~{form.opened.drawn}"))
    return blocks if len(blocks) > 1 else []


def parse_goodwill(form: FormState, errors: dict[str, str]) -> Goodwill | None:
    """Return the amount with its own reason; what is wrong goes into `errors`."""
    try:
        amount = parse_money(form, GOODWILL, ItemsContext.of(form.context).money.left)
        if amount is None:
            return None
        return Goodwill(amount=amount, reason=parse_reason(form, GOODWILL_REASON))
    except FieldErrors as wrong:
        errors |= wrong.errors
    return None


def parse_deduction(
    form: FormState, errors: dict[str, str], *, has_lines: bool
) -> Deduction | None:
    """Return the deduction with its text; what is wrong goes into `errors`."""
    try:
        # How much the lines allow is judged with their prices at hand.
        amount = parse_money(form, DEDUCTION, AMOUNT_LIMIT)
        if amount is None:
            return None
        if not has_lines:
            raise FieldErrors({DEDUCTION: "Choose a line to take it off: it is kept of its money."})
        text = clean(form.text(DEDUCTION_TEXT), limit=DEDUCTION_TEXT_LIMIT)
        if not text:
            said = "Say what is deducted, for example: Restocking fee."
            raise FieldErrors({DEDUCTION_TEXT: said})
        return Deduction(amount=amount, text=text)
    except FieldErrors as wrong:
        errors |= wrong.errors
    return None


def clear_extra(form: FormState) -> None:
    """Empty the fields."""
    form.values.update(dict.fromkeys(EXTRA_FIELDS, ""))


def _goodwill_blocks(form: FormState) -> list[Block]:
    money = ItemsContext.of(form.context).money
    most = Money(amount=money.left, currency=money.currency)
    options = reason_options(form.opened.reasons)
    chosen = select(
        GOODWILL_REASON,
        options,
        initial=form.text(GOODWILL_REASON),
        placeholder="Choose a reason",
    )
    return [
        alert(WARNING),
        *cost_amount_field(form, GOODWILL, f"Amount on the order as a whole, at most {most}"),
        *form.field(GOODWILL_REASON, "Reason for the amount", chosen, optional=True),
    ]


def _deduction_blocks(form: FormState) -> list[Block]:
    currency = ItemsContext.of(form.context).money.currency
    label = f"Deduct from the chosen lines, in {currency}"
    hint = "The review shows BigCommerce's figures with the deduction and without it."
    element = text_input(
        DEDUCTION_TEXT,
        initial=form.text(DEDUCTION_TEXT),
        placeholder="Restocking fee",
        max_length=DEDUCTION_TEXT_LIMIT,
    )
    said = "BigCommerce keeps it with the refund; an e-mail to the customer names it."
    return [
        *cost_amount_field(form, DEDUCTION, label, hint=hint),
        *form.field(DEDUCTION_TEXT, "What is deducted", element, hint=said, optional=True),
    ]
