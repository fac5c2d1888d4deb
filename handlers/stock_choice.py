"""The choice in a refund's form: what becomes of the goods, line by line or for all of them.

There is none where restocking is switched off, and a sentence instead where the stock is not
Makegood's to change. Nothing is chosen unless the agent does.
"""

from __future__ import annotations

from typing import Any

from bot.actions import Condition, Goods, RefundRequest
from bot.actions.snapshot import OrderSnapshot
from bot.actions.stock import StockOffer, offer_stock
from bot.bigcommerce import OrderLine
from handlers.blocks import Block, context, option, select
from handlers.cover import full_name
from handlers.desk import Desk
from handlers.form import FormState
from handlers.text import inert

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
    return {
        "stock": {
            "why_not": offer.why_not,
            "left_alone": sum(1 for line in left if line.id not in offer.places),
            "lines": [_line(line, snapshot, offer) for line in left if line.id in offer.places],
        }
    }


def stock_fields(form: FormState, line_id: int, name: str) -> list[Block]:
    """Return the choice for a line, nothing for one whose stock cannot be changed."""
    line, label = _find(form, line_id), f"{LABEL}: {name}"
    return [] if line is None else _choice(form, f"{FIELD}_{line_id}", line["places"], label=label)


def stock_fields_for_all(form: FormState) -> list[Block]:
    """Return one choice for all lines whose stock can be changed, or why there is none."""
    lines = _lines(form)
    if not lines:
        return stock_notice(form)
    alone = form.context["stock"]["left_alone"]
    hint = (
        f"It is for all but {alone} of the lines, whose stock cannot be changed." if alone else ""
    )
    return _choice(form, FIELD, _places_of_all(lines), hint=hint)


def stock_notice(form: FormState) -> list[Block]:
    """Return why there is nothing to choose; nothing where there is, or restocking is off."""
    why_not = (form.context.get("stock") or {}).get("why_not")
    return [context(inert(why_not))] if why_not else []


def parse_goods(form: FormState, line_id: int, quantity: int) -> Goods | None:
    """Return what becomes of so many pieces of a line, None where it was left open."""
    line = _find(form, line_id)
    return None if line is None else _goods(line, quantity, form.text(f"{FIELD}_{line_id}"))


def parse_all_goods(form: FormState) -> list[Goods]:
    """Return what becomes of all that is left, nothing where it was left open."""
    chosen = form.text(FIELD)
    found = (_goods(line, line["left"], chosen) for line in _lines(form))
    return [goods for goods in found if goods is not None]


def check_goods(desk: Desk, form: FormState, request: RefundRequest) -> dict[str, str]:
    """Return what stands against the choice as the configuration is now: it may be older."""
    back = any(goods.condition is Condition.BACK_TO_STOCK for goods in request.goods)
    return {"": SWITCHED_OFF} if back and not desk.configuration.current().restocking else {}


def _line(line: OrderLine, snapshot: OrderSnapshot, offer: StockOffer) -> dict[str, Any]:
    places = offer.places[line.id][:MOST_PLACES]
    return {
        "id": line.id,
        "name": full_name(line),
        "left": snapshot.quantity_left(line.id),
        "places": [[place.location_id, place.name, place.on_hand] for place in places],
    }


def _lines(form: FormState) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = (form.context.get("stock") or {}).get("lines", [])
    return lines


def _find(form: FormState, line_id: int) -> dict[str, Any] | None:
    return next((line for line in _lines(form) if line["id"] == line_id), None)


def _places_of_all(lines: list[dict[str, Any]]) -> list[list[Any]]:
    """Return the places at which every line is kept."""
    others = [{place[0] for place in line["places"]} for line in lines[1:]]
    return [place for place in lines[0]["places"] if all(place[0] in each for each in others)]


def _choice(
    form: FormState,
    name: str,
    places: list[list[Any]],
    *,
    label: str = LABEL,
    hint: str = "",
) -> list[Block]:
    options = [option("Leave the stock alone", LEAVE)]
    for location_id, place, _ in places:
        text = f"Back to stock at {place}" if len(places) > 1 else "Back to stock"
        options.append(option(text, f"{BACK}{location_id}"))
    options += [option(text, condition.value) for condition, text in WORDS.items()]
    element = select(name, options, initial=form.text(name) or LEAVE)
    return form.field(name, label, element, hint=hint)


def _goods(line: dict[str, Any], quantity: int, chosen: str) -> Goods | None:
    """Return what was chosen for a line; None for anything that was not offered, too."""
    about = {"order_product_id": line["id"], "quantity": quantity, "name": line["name"]}
    if chosen in set(WORDS):
        return Goods(**about, condition=Condition(chosen))
    for location_id, place, on_hand in line["places"]:
        if chosen == f"{BACK}{location_id}":
            return Goods(
                **about,
                condition=Condition.BACK_TO_STOCK,
                place_id=location_id,
                place=place,
                on_hand=on_hand,
            )
    return None
