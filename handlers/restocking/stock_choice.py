"""The choice in a refund's form: what becomes of the goods, line by line or for all of them.

There is none where restocking is switched off, and a sentence instead where the stock is not
Makegood's to change. Nothing is chosen unless the agent does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import model_validator

from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.request import RefundRequest
from bot.actions.restocking.item_condition import Condition, RefundedItems
from bot.actions.restocking.stock import StockOffer, offer_stock
from bot.bigcommerce.models import OrderLine
from handlers.block_kit.builders import Block, context, option, select
from handlers.block_kit.mrkdwn import inert
from handlers.desk import Desk
from handlers.flow.form import FormState
from handlers.flow.form_context import FormContext
from handlers.orders.order_card_rows import full_name

FIELD = "stock"
LEAVE, BACK = "leave", "back_"
LABEL = "What becomes of the goods"
SWITCHED_OFF = (
    "An admin has switched restocking off meanwhile, so nothing was sent. Choose “Leave the stock "
    "alone” for everything."
)
# A drop-down holds 100 options.
MOST_PLACES = 90
WORDS = {
    Condition.DAMAGED: "Damaged: noted, no stock is changed",
    Condition.LOST: "Lost: noted, no stock is changed",
}


class Place(FormContext):
    """Where a line's pieces can go back to; `on_hand` is the level there."""

    location_id: int
    name: str
    on_hand: int | None

    @model_validator(mode="before")
    @classmethod
    def _of_a_row(cls, data: Any) -> Any:
        # A form that an earlier release opened keeps it as a row.
        return dict(zip(cls.model_fields, data, strict=True)) if isinstance(data, list) else data


class StockLine(FormContext):
    """A line whose stock can be changed; `left` pieces of it can still be refunded."""

    id: int
    name: str
    left: int
    places: tuple[Place, ...]


class Stock(FormContext):
    """What the choice is made of; `left_alone` is how many lines' stock cannot be changed."""

    why_not: str = ""
    left_alone: int = 0
    lines: tuple[StockLine, ...] = ()


class StockContext(FormContext):
    """Without lines and without a reason where restocking is switched off."""

    stock: Stock = Stock()


async def load_stock(desk: Desk, snapshot: OrderSnapshot) -> dict[str, Any]:
    """Return what the choice is made of, {} where restocking is switched off."""
    if not desk.configuration.current().restocking:
        return {}
    offer = await offer_stock(snapshot, desk.store)
    left = [
        line
        for line in snapshot.lines
        if line.parent_order_product_id is None and snapshot.quantity_left(line.id)
    ]
    stock = Stock(
        why_not=offer.why_not,
        left_alone=sum(1 for line in left if line.id not in offer.places),
        lines=tuple(_line(line, snapshot, offer) for line in left if line.id in offer.places),
    )
    return StockContext(stock=stock).saved()


def stock_fields(form: FormState, line_id: int, name: str) -> list[Block]:
    """Return the choice for a line, nothing for one whose stock cannot be changed."""
    line, label = _find(form, line_id), f"{LABEL}: {name}"
    return [] if line is None else _choice(form, f"{FIELD}_{line_id}", line.places, label=label)


def stock_fields_for_all(form: FormState) -> list[Block]:
    """Return one choice for all lines whose stock can be changed, or why there is none."""
    stock = StockContext.of(form.context).stock
    if not stock.lines:
        return stock_notice(form)
    alone = stock.left_alone
    hint = (
        f"It is for all but {alone} of the lines, whose stock cannot be changed." if alone else ""
    )
    return _choice(form, FIELD, _places_of_all(stock.lines), hint=hint)


def stock_notice(form: FormState) -> list[Block]:
    """Return why there is nothing to choose; nothing where there is, or restocking is off."""
    why_not = StockContext.of(form.context).stock.why_not
    return [context(inert(why_not))] if why_not else []


def parse_items(form: FormState, line_id: int, quantity: int) -> RefundedItems | None:
    """Return what becomes of so many pieces of a line, None where it was left open."""
    line = _find(form, line_id)
    return None if line is None else _goods(line, quantity, form.text(f"{FIELD}_{line_id}"))


def parse_all_items(form: FormState) -> list[RefundedItems]:
    """Return what becomes of all that is left, nothing where it was left open."""
    chosen = form.text(FIELD)
    found = (_goods(line, line.left, chosen) for line in _lines(form))
    return [goods for goods in found if goods is not None]


def check_items(desk: Desk, form: FormState, request: RefundRequest) -> dict[str, str]:
    """Return what stands against the choice as the configuration is now: it may be older."""
    back = any(goods.condition is Condition.BACK_TO_STOCK for goods in request.goods)
    return {"": SWITCHED_OFF} if back and not desk.configuration.current().restocking else {}


def _line(line: OrderLine, snapshot: OrderSnapshot, offer: StockOffer) -> StockLine:
    return StockLine(
        id=line.id,
        name=full_name(line),
        left=snapshot.quantity_left(line.id),
        places=tuple(
            Place(location_id=place.location_id, name=place.name, on_hand=place.on_hand)
            for place in offer.places[line.id][:MOST_PLACES]
        ),
    )


def _lines(form: FormState) -> tuple[StockLine, ...]:
    return StockContext.of(form.context).stock.lines


def _find(form: FormState, line_id: int) -> StockLine | None:
    return next((line for line in _lines(form) if line.id == line_id), None)


def _places_of_all(lines: Sequence[StockLine]) -> list[Place]:
    """Return the places at which every line is kept."""
    others = [{place.location_id for place in line.places} for line in lines[1:]]
    return [p for p in lines[0].places if all(p.location_id in each for each in others)]


def _choice(
    form: FormState,
    name: str,
    places: Sequence[Place],
    *,
    label: str = LABEL,
    hint: str = "",
) -> list[Block]:
    options = [option("Leave the stock alone", LEAVE)]
    for place in places:
        text = f"Back to stock at {place.name}" if len(places) > 1 else "Back to stock"
        options.append(option(text, f"{BACK}{place.location_id}"))
    options += [option(text, condition.value) for condition, text in WORDS.items()]
    element = select(name, options, initial=form.text(name) or LEAVE)
    return form.field(name, label, element, hint=hint)


def _goods(line: StockLine, quantity: int, chosen: str) -> RefundedItems | None:
    """Return what was chosen for a line; None for anything that was not offered, too."""
    if chosen in set(WORDS):
        return RefundedItems(
            order_product_id=line.id,
            quantity=quantity,
            name=line.name,
            condition=Condition(chosen),
        )
    for place in line.places:
        if chosen == f"{BACK}{place.location_id}":
            return RefundedItems(
                order_product_id=line.id,
                quantity=quantity,
                name=line.name,
                condition=Condition.BACK_TO_STOCK,
                place_id=place.location_id,
                place=place.name,
                on_hand=place.on_hand,
            )
    return None
