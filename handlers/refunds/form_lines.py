"""The lines of a partial refund's form: how many pieces of each, how much wrapping, and why."""

from __future__ import annotations

import re

from bot.actions.orders.remaining_items import is_wrapping_refunded, wrapping_left
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.choice import LineRefund
from bot.values.money import Money
from handlers.block_kit.builders import Block, divider, number_input, section, select
from handlers.block_kit.mrkdwn import clean, shorten
from handlers.flow.form import FieldErrors, FormState
from handlers.flow.reason import parse_reason, reason_options
from handlers.orders.order_card_rows import full_name, line_name
from handlers.refunds.form_context import ItemsContext, ShownLine
from handlers.restocking.stock_choice import stock_fields

# The reason for all that has none of its own.
REASON_FOR_ALL = "reason_all"
LABEL_LIMIT = 60


def load_lines(snapshot: OrderSnapshot) -> tuple[ShownLine, ...]:
    """Return the lines with what is left of each; `label` is each one's own."""
    # A bundle's parts cost nothing by themselves.
    lines = [line for line in snapshot.lines if line.parent_order_product_id is None]
    labels = [shorten(clean(full_name(line)), LABEL_LIMIT) for line in lines]
    # Two of the same name, or of names cut the same: then all are numbered.
    are_clear = len(set(labels)) == len(labels)
    return tuple(
        ShownLine(
            id=line.id,
            name=line_name(line),
            plain_name=full_name(line),
            label=label if are_clear else f"{label} (line {number})",
            quantity=line.quantity,
            left=snapshot.quantity_left(line.id),
            wrapping=wrapping_left(snapshot, line),
            unwrapped=is_wrapping_refunded(snapshot, line),
            paid=str(Money(amount=line.paid_inc_tax, currency=snapshot.order.currency)),
        )
        for number, (line, label) in enumerate(zip(lines, labels, strict=True), 1)
    )


def line_size(line: ShownLine) -> int:
    """Return how many blocks a line takes at most, errors and what becomes of the goods counted."""
    if not line.left and not line.wrapping:
        return 2
    return (7 if line.left else 4) + (2 if line.wrapping else 0)


def line_fields(line: ShownLine) -> set[str]:
    """Return the names of the fields of a line that can be wrong."""
    return {f"{name}_{line.id}" for name in ("quantity", "wrapping", "reason")}


def line_blocks(form: FormState, line: ShownLine) -> list[Block]:
    """Return what is asked about a line; only what it was when nothing is left."""
    sold, left, wrapping = line.quantity, line.left, line.wrapping
    if not left and not wrapping:
        said = f"{sold} of {sold} refunded already. Nothing left to refund."
        return [divider(), section(f"{line.name}\n{said}")]
    some = f"{left} of {sold} left" if left < sold else f"{sold} ordered"
    # BigCommerce does not list how many: then none is offered again.
    unwrapped = " · gift wrapping refunded before" if line.unwrapped else ""
    said = f"{some} · {line.paid} paid for the line{unwrapped}"
    blocks = [divider(), section(f"*{line.name}*\n{said}")]
    if left:
        label = f"Quantity of {line.label} to refund, at most {left}"
        blocks += _number(form, f"quantity_{line.id}", label, left)
    if wrapping:
        label = f"Gift wrapping of {line.label} to refund, pieces, at most {wrapping}"
        blocks += _number(form, f"wrapping_{line.id}", label, wrapping)
    blocks += _reason(form, line)
    return blocks + (stock_fields(form, line.id, line.label) if left else [])


def parse_lines(form: FormState, errors: dict[str, str]) -> list[LineRefund]:
    """Return the chosen lines; what is wrong goes into `errors`."""
    chosen = []
    for line in ItemsContext.of(form.context).lines:
        try:
            refund = _parse(form, line)
        except FieldErrors as wrong:
            errors |= wrong.errors
            continue
        if refund is not None:
            chosen.append(refund)
    return chosen


def is_chosen(form: FormState, line: ShownLine) -> bool:
    """Whether something of the line is to be refunded."""
    typed = (form.text(f"{name}_{line.id}") for name in ("quantity", "wrapping"))
    return any(text not in {"", "0"} for text in typed)


def fill_lines(form: FormState, *, everything: bool) -> None:
    """Fill in all that is left of each line, or nothing."""
    for line in ItemsContext.of(form.context).lines:
        for name, left in (("quantity", line.left), ("wrapping", line.wrapping)):
            form.values[f"{name}_{line.id}"] = str(left) if everything and left else ""


def _number(form: FormState, name: str, label: str, most: int) -> list[Block]:
    shown = _whole(form.text(name), most)
    element = number_input(name, minimum=0, maximum=most, initial=shown)
    return form.field(name, label, element, optional=True)


def _reason(form: FormState, line: ShownLine) -> list[Block]:
    name = f"reason_{line.id}"
    options = reason_options(form.opened.reasons)
    chosen = select(
        name, options, initial=form.text(name), placeholder="The same as for everything"
    )
    return form.field(name, f"Reason for {line.label}", chosen, optional=True)


def _parse(form: FormState, line: ShownLine) -> LineRefund | None:
    quantity = _parse_number(form, f"quantity_{line.id}", line.left, "this line")
    wrapping = _parse_number(form, f"wrapping_{line.id}", line.wrapping, "this wrapping")
    if not quantity and not wrapping:
        return None
    own = f"reason_{line.id}"
    use_own = form.text(own) or not form.text(REASON_FOR_ALL)
    return LineRefund(
        order_product_id=line.id,
        quantity=quantity,
        wrapping=wrapping,
        reason=parse_reason(form, own if use_own else REASON_FOR_ALL),
        name=line.plain_name,
    )


def _parse_number(form: FormState, name: str, left: int, what: str) -> int:
    text = form.text(name)
    if not text:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise FieldErrors({name: "Type a whole number, such as 1."})
    if int(text) > left:
        raise FieldErrors({name: f"Only {left} of {what} can still be refunded."})
    return int(text)


def _whole(text: str, most: int) -> str:
    """Return what was typed if the field may show it: Slack refuses a view with any other."""
    return text if re.fullmatch(r"[0-9]{1,9}", text) and int(text) <= most else ""
