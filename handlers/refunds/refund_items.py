"""How Slack asks for a partial refund: lines, wrapping, costs, an amount, a deduction.

What was typed on the pages that are not shown is in the draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.actions.orders.remaining_items import given_on_the_order
from bot.actions.orders.snapshot import OrderSnapshot, load_costs
from bot.actions.refunds.choice import CostRefund, Goodwill, LineRefund
from bot.actions.refunds.refund_items import REFUND_ITEMS, RefundItems
from bot.values.money import Money
from bot.values.parsing import REASON_LIMIT, clean_reason
from handlers.block_kit.builders import Block, actions, button, divider, section, select, text_input
from handlers.block_kit.mrkdwn import clean, shorten
from handlers.desk import Desk
from handlers.flow.form import ActionForm, FieldErrors, FormState
from handlers.flow.notification_box import load_mail, notify_fields, parse_notify
from handlers.flow.reason import MAX_LENGTH, reason_options
from handlers.orders.whole_order_form import load_order
from handlers.refunds.form_context import ItemsContext
from handlers.refunds.form_costs import (
    cost_blocks,
    costs_head,
    fill_costs,
    load_cost_fields,
    load_money,
    parse_costs,
)
from handlers.refunds.form_extra import (
    clear_extra,
    extra_blocks,
    open_extra,
    parse_deduction,
    parse_goodwill,
)
from handlers.refunds.form_lines import (
    REASON_FOR_ALL,
    fill_lines,
    line_blocks,
    load_lines,
    parse_lines,
)
from handlers.refunds.form_pages import (
    FormPage,
    page_blocks,
    page_to_show,
    pages_of,
    position,
    turn_page,
)
from handlers.refunds.outcome_lines import items_details
from handlers.refunds.refund_order import COMMAND
from handlers.refunds.status_box import load_set_back, parse_set_back, set_back_fields
from handlers.restocking.stock_choice import check_items, load_stock, parse_items, stock_notice

DOES = "You choose which lines, shipping, fees or amounts are refunded, each with its reason."


async def load(desk: Desk, snapshot: OrderSnapshot | None) -> dict[str, Any]:
    """Return the order's facts, and its lines and costs with what is left of each."""
    base = await load_order(desk, snapshot)
    if snapshot is None:
        raise ValueError("this form needs an order")
    snapshot = await load_costs(desk.store, snapshot)
    given = given_on_the_order(snapshot)
    items = ItemsContext(
        lines=load_lines(snapshot),
        parts=load_cost_fields(snapshot),
        money=load_money(snapshot),
        given=str(given) if given else "",
    )
    more = await load_stock(desk, snapshot) | await load_mail(desk, snapshot)
    return base | items.saved() | more | load_set_back(snapshot)


def build(form: FormState) -> list[Block]:
    """Return one page."""
    pages = pages_of(ItemsContext.of(form.context))
    form.context["page"] = number = page_to_show(form, pages)
    return [
        section(
            f"*Order {form.order_id}*\nSay how many of each line to refund, and why. Leave the "
            "others empty. BigCommerce works out the amount with its tax."
            f"{_given(form)}"
            f"{position(pages, number)}"
        ),
        *_for_all(form),
        *_entries(form, pages[number]),
        divider(),
        *_details(form),
        *stock_notice(form),
        *set_back_fields(form),
        *notify_fields(form),
        *page_blocks(form, pages, number),
    ]


def parse(form: FormState) -> RefundItems:
    """Return the request; FieldErrors for every field that is wrong."""
    errors: dict[str, str] = {}
    lines, parts = parse_lines(form, errors), parse_costs(form, errors)
    goodwill = parse_goodwill(form, errors)
    deduction = parse_deduction(form, errors, has_lines=any(line.quantity for line in lines))
    if errors:
        raise FieldErrors(errors)
    chosen: list[LineRefund | CostRefund | Goodwill] = [*lines, *parts]
    chosen += [goodwill] if goodwill else []
    if not chosen:
        raise FieldErrors(_nothing_chosen(form))
    pieces = (line for line in lines if line.quantity)
    goods = (parse_items(form, line.order_product_id, line.quantity) for line in pieces)
    return RefundItems.model_validate(
        {
            "order_id": form.order_id,
            "lines": lines,
            "parts": parts,
            "goodwill": goodwill,
            "deduction": deduction,
            "reason": _reason_of_all(form, chosen),
            "goods": [each for each in goods if each is not None],
            "set_back_to": parse_set_back(form),
            "notify_customer": parse_notify(form),
        }
    )


def click(form: FormState, name: str, _value: str) -> None:
    """Turn the page, fill in or clear all, or show what is asked on demand."""
    _, what, detail = name.split(":")
    if what == "page":
        turn_page(form, STEPS[detail])
    elif what == "fill":
        everything = detail == "everything"
        fill_lines(form, everything=everything)
        fill_costs(form, everything=everything)
        if not everything:
            clear_extra(form)
    else:
        open_extra(form, detail)


STEPS: Mapping[str, int] = {"next": 1, "previous": -1}


def _given(form: FormState) -> str:
    """Return what explains that less money is left than the lines come to."""
    known = ItemsContext.of(form.context)
    if not known.given:
        return ""
    left = Money(amount=known.money.left, currency=known.money.currency)
    return (
        f"\nAn earlier refund gave {known.given} on the order as a whole, for no line: "
        f"{left} is left in all."
    )


def _for_all(form: FormState) -> list[Block]:
    """Return what is for all lines and costs: filling them in, and their reason."""
    buttons = [
        button("Everything that is left", "form:fill:everything"),
        button("Clear all", "form:fill:nothing"),
    ]
    options = reason_options(form.opened.reasons)
    chosen = select(
        REASON_FOR_ALL, options, initial=form.text(REASON_FOR_ALL), placeholder="Choose a reason"
    )
    hint = "A line with a reason of its own keeps that."
    return [
        actions(buttons, block_id=f"fill~{form.opened.drawn}"),
        *form.field(REASON_FOR_ALL, "Same reason for everything", chosen, hint=hint, optional=True),
    ]


def _entries(form: FormState, page: FormPage) -> list[Block]:
    known = ItemsContext.of(form.context)
    lines, parts = known.lines, known.parts
    blocks = [block for number in page.lines for block in line_blocks(form, lines[number])]
    if page.parts:
        blocks += costs_head(form)
    blocks += [block for number in page.parts for block in cost_blocks(form, parts[number])]
    return blocks + (extra_blocks(form) if page.extra else [])


def _details(form: FormState) -> list[Block]:
    element = text_input("reason_text", initial=form.text("reason_text"), max_length=MAX_LENGTH)
    hint = "Needed where the reason is Other. The team sees it in the order's thread."
    return form.field("reason_text", "Details", element, hint=hint, optional=True)


def _nothing_chosen(form: FormState) -> dict[str, str]:
    """Return the error of an empty form, at the first field that could be filled in."""
    known = ItemsContext.of(form.context)
    for line in known.lines:
        if line.left:
            return {f"quantity_{line.id}": "Choose a quantity for at least one line."}
        if line.wrapping:
            return {f"wrapping_{line.id}": "Choose something to refund."}
    for part in known.parts:
        return {part.field: "Type how much of it to refund."}
    return {"": "Nothing is left to refund line by line."}


def _reason_of_all(form: FormState, chosen: Sequence[LineRefund | CostRefund | Goodwill]) -> str:
    """Return the reasons and the details, each once."""
    reasons = "; ".join(dict.fromkeys(each.reason for each in chosen))
    # As the chosen reasons were cleaned when they were taken.
    details = clean_reason(clean(form.text("reason_text"), limit=MAX_LENGTH))
    if details and all(each.reason != details for each in chosen):
        reasons = f"{reasons}: {details}"
    return shorten(reasons, REASON_LIMIT)


FORM = ActionForm(
    REFUND_ITEMS,
    DOES,
    load,
    build,
    parse,
    COMMAND,
    items_details,
    check=check_items,
    click=click,
)
