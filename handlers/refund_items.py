"""How Slack asks for a partial refund: a quantity and a reason for each line, page by page.

A modal holds 100 blocks, so an order of many lines is turned through in pages; what was typed on
the other pages is in the draft.
"""

from __future__ import annotations

import re
from typing import Any

from bot.actions.refund_items import REFUND_ITEMS, LineRefund, RefundItems
from bot.actions.snapshot import OrderSnapshot
from bot.actions.typed import REASON_LIMIT
from bot.money import Money
from handlers.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    number_input,
    section,
    select,
    text_input,
)
from handlers.cover import full_name, line_name
from handlers.desk import Desk
from handlers.form import ActionForm, FieldErrors, FormState
from handlers.reason import MAX_LENGTH, parse_reason, reason_options
from handlers.stock_choice import load_stock, parse_goods, stock_fields, stock_notice
from handlers.text import clean, shorten
from handlers.whole_order import load_order

# Seven blocks a line at most, errors counted.
PER_PAGE = 12
DOES = "The quantities you choose are refunded, each with its reason; shipping is not."


async def load(desk: Desk, snapshot: OrderSnapshot | None) -> dict[str, Any]:
    """Return the order's facts and its lines with what is left of each."""
    base = await load_order(desk, snapshot)
    if snapshot is None:
        raise ValueError("this form needs an order")
    currency = snapshot.order.currency
    lines = [
        {
            "id": line.id,
            "name": line_name(line),
            "plain_name": full_name(line),
            "quantity": line.quantity,
            "left": snapshot.quantity_left(line.id),
            "paid": str(Money(amount=line.paid_inc_tax, currency=currency)),
        }
        for line in snapshot.lines
        if line.parent_order_product_id is None  # a bundle's parts cost nothing by themselves
    ]
    return base | {"lines": lines, "page": 0} | await load_stock(desk, snapshot)


def build(form: FormState) -> list[Block]:
    """Return one page of lines."""
    lines = form.context["lines"]
    form.context["page"] = page = _page_to_show(form)
    shown = lines[page * PER_PAGE : (page + 1) * PER_PAGE]
    blocks = [
        section(
            f"*Order {form.order_id}*\nSay how many of each line to refund, and why. Leave the "
            "others empty. BigCommerce works out the amount with its tax; shipping is not refunded."
            f"{_position(lines, page)}"
        )
    ]
    for line in shown:
        blocks += [divider(), *_line_blocks(form, line)]
    blocks.append(divider())
    element = text_input("reason_text", initial=form.text("reason_text"), max_length=MAX_LENGTH)
    hint = "Needed where the reason is Other. The team sees it in the order's thread."
    blocks += form.field("reason_text", "Details", element, hint=hint, optional=True)
    return blocks + stock_notice(form) + _page_blocks(form, page)


def parse(form: FormState) -> RefundItems:
    """Return the request; FieldErrors for every line that is wrong."""
    errors: dict[str, str] = {}
    chosen: list[LineRefund] = []
    for line in form.context["lines"]:
        try:
            refund = _parse_line(form, line)
        except FieldErrors as wrong:
            errors |= wrong.errors
            continue
        if refund is not None:
            chosen.append(refund)
    if errors:
        raise FieldErrors(errors)
    if not chosen:
        first = _first_open(form)
        text = "Choose a quantity for at least one line." if first else "Nothing is left to refund."
        raise FieldErrors({first: text})
    goods = (parse_goods(form, line.order_product_id, line.quantity) for line in chosen)
    return RefundItems.model_validate(
        {
            "order_id": form.order_id,
            "lines": chosen,
            "reason": _reason_of_all(form, chosen),
            "goods": [each for each in goods if each is not None],
        }
    )


def turn_page(form: FormState, step: int) -> None:
    """Go to the next (1) or previous (-1) page."""
    last = (len(form.context["lines"]) - 1) // PER_PAGE
    form.context["page"] = min(max(form.context["page"] + step, 0), last)


def _parse_line(form: FormState, line: dict[str, Any]) -> LineRefund | None:
    name = f"quantity_{line['id']}"
    text = form.text(name)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise FieldErrors({name: "Type a whole number, such as 1."})
    quantity = int(text)
    if quantity > line["left"]:
        raise FieldErrors({name: f"Only {line['left']} of this line can still be refunded."})
    if quantity == 0:
        return None
    reason = parse_reason(form, f"reason_{line['id']}")
    return LineRefund(
        order_product_id=line["id"], quantity=quantity, reason=reason, name=line["plain_name"]
    )


def _reason_of_all(form: FormState, chosen: list[LineRefund]) -> str:
    """Return the lines' reasons and the details, each once."""
    reasons = "; ".join(dict.fromkeys(line.reason for line in chosen))
    details = clean(form.text("reason_text"), limit=MAX_LENGTH)
    if details and all(line.reason != details for line in chosen):
        reasons = f"{reasons}: {details}"
    return shorten(reasons, REASON_LIMIT)


def _line_blocks(form: FormState, line: dict[str, Any]) -> list[Block]:
    sold, left = line["quantity"], line["left"]
    if not left:
        return [
            section(f"{line['name']}\n{sold} of {sold} refunded already. Nothing left to refund.")
        ]
    some = f"{left} of {sold} left" if left < sold else f"{sold} ordered"
    quantity, reason = f"quantity_{line['id']}", f"reason_{line['id']}"
    reasons = select(
        reason,
        reason_options(form.context["reasons"]),
        initial=form.text(reason),
        placeholder="Choose a reason",
    )
    number = number_input(
        quantity, minimum=0, maximum=left, initial=_whole(form.text(quantity), left)
    )
    return [
        section(f"*{line['name']}*\n{some} · {line['paid']} paid for the line"),
        *form.field(quantity, f"Quantity to refund, at most {left}", number, optional=True),
        *form.field(reason, "Reason", reasons, optional=True),
        *stock_fields(form, line["id"]),
    ]


def _page_blocks(form: FormState, page: int) -> list[Block]:
    lines = form.context["lines"]
    if len(lines) <= PER_PAGE:
        return []
    last = (len(lines) - 1) // PER_PAGE
    buttons = []
    if page > 0:
        buttons.append(button("Previous lines", "page:previous"))
    if page < last:
        buttons.append(button("Next lines", "page:next"))
    first = page * PER_PAGE + 1
    chosen = sum(1 for line in lines if form.text(f"quantity_{line['id']}") not in {"", "0"})
    return [
        actions(buttons, block_id=f"pages~{form.context.get('drawn', 0)}"),
        context(
            f"Lines {first} to {min(first + PER_PAGE - 1, len(lines))} of {len(lines)} · "
            f"{chosen} chosen so far. What you typed on other pages is kept."
        ),
    ]


def _position(lines: list[dict[str, Any]], page: int) -> str:
    """Return on which page of how many one is, where there are several."""
    pages = (len(lines) - 1) // PER_PAGE + 1
    return f"\n*Page {page + 1} of {pages}*; the buttons to turn it are at the end." * (pages > 1)


def _page_to_show(form: FormState) -> int:
    """Return the page of the first line that is wrong, else the current one."""
    for number, line in enumerate(form.context["lines"]):
        if {f"quantity_{line['id']}", f"reason_{line['id']}"} & form.errors.keys():
            return number // PER_PAGE
    return int(form.context["page"])


def _first_open(form: FormState) -> str:
    open_lines = [line for line in form.context["lines"] if line["left"]]
    return f"quantity_{open_lines[0]['id']}" if open_lines else ""


def _whole(text: str, most: int) -> str:
    """Return what was typed if the field may show it: Slack refuses a view with any other."""
    return text if re.fullmatch(r"[0-9]{1,9}", text) and int(text) <= most else ""


FORM = ActionForm(REFUND_ITEMS, DOES, load, build, parse)
