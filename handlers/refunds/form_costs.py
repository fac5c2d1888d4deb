"""The costs besides the lines in a partial refund's form: shipping, handling and fees."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.actions.orders.cost_names import BEFORE_TAX, cost_name, cost_place, tax_words
from bot.actions.orders.remaining_items import costs_left
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.choice import CostRefund, cost_field
from bot.values.money import Money
from bot.values.parsing import NotUnderstood, parse_amount
from handlers.block_kit.builders import Block, divider, section, text_input
from handlers.block_kit.mrkdwn import clean
from handlers.flow.form import FieldErrors, FormState
from handlers.flow.reason import parse_reason
from handlers.refunds.form_context import ItemsContext, OrderMoney, ShownCost
from handlers.refunds.form_lines import REASON_FOR_ALL

PART_SIZE, HEAD_SIZE = 2, 2
_NOTHING = re.compile(r"0*(?:[.,]0*)?")


def load_cost_fields(snapshot: OrderSnapshot) -> tuple[ShownCost, ...]:
    """Return the costs of which something is left."""
    return tuple(
        ShownCost(
            field=cost_field(item.item_type, item.item_id),
            type=item.item_type.value,
            id=item.item_id,
            name=cost_name(snapshot, item.item_type, item.item_id),
            place=cost_place(snapshot, item.item_type, item.item_id),
            left=item.amount,
        )
        for item in costs_left(snapshot)
    )


def load_money(snapshot: OrderSnapshot) -> OrderMoney:
    """Return what is left of the order, and how its money is meant."""
    left, currency = snapshot.left.amount, snapshot.order.currency
    return OrderMoney(currency=currency, left=left, tax=tax_words(snapshot))


def costs_head(form: FormState) -> list[Block]:
    """Return what stands above the costs."""
    tax = ItemsContext.of(form.context).money.tax
    added = "; BigCommerce adds the tax" if tax == BEFORE_TAX else ""
    return [divider(), section(f"*Shipping, handling and fees*\nAmounts are {tax}{added}.")]


def cost_blocks(form: FormState, part: ShownCost) -> list[Block]:
    """Return the field for a cost."""
    most = Money(amount=part.left, currency=ItemsContext.of(form.context).money.currency)
    name = clean(part.name, limit=120)
    label = f"{name[:1].upper()}{name[1:]} to refund, at most {most}"
    return cost_amount_field(
        form, part.field, label, hint=part.place, placeholder=f"{part.left} for all of it"
    )


def parse_costs(form: FormState, errors: dict[str, str]) -> list[CostRefund]:
    """Return the chosen costs; what is wrong goes into `errors`."""
    chosen, known = [], ItemsContext.of(form.context)
    for part in known.parts:
        try:
            amount = parse_money(form, part.field, part.left)
            if amount is None:
                continue
            reason = parse_reason(form, REASON_FOR_ALL)
        except FieldErrors as wrong:
            errors |= wrong.errors
            continue
        name = f"{clean(part.name, limit=120)}, {known.money.tax}"
        about = {"item_type": part.type, "item_id": part.id, "name": name}
        chosen.append(CostRefund.model_validate({**about, "amount": amount, "reason": reason}))
    return chosen


def fill_costs(form: FormState, *, everything: bool) -> None:
    """Fill in all that is left of each cost, or nothing."""
    for part in ItemsContext.of(form.context).parts:
        form.values[part.field] = str(part.left) if everything else ""


def cost_amount_field(
    form: FormState, name: str, label: str, *, hint: str = "", placeholder: str = ""
) -> list[Block]:
    """Return a field for an amount of money, which may stay empty."""
    element = text_input(name, initial=form.text(name), placeholder=placeholder, max_length=20)
    return form.field(name, label, element, hint=hint, optional=True)


def parse_money(form: FormState, name: str, most: Decimal) -> Decimal | None:
    """Return the amount in a field, None for nothing; FieldErrors for one that cannot be."""
    text, currency = form.text(name), ItemsContext.of(form.context).money.currency
    if _NOTHING.fullmatch(text):
        return None
    try:
        amount = parse_amount(text, currency=currency)
    except NotUnderstood as wrong:
        raise FieldErrors({name: str(wrong)}) from wrong
    if amount > most:
        left = Money(amount=most, currency=currency)
        raise FieldErrors({name: f"At most {left} is left."})
    return amount
