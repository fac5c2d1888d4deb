"""What the form of a partial refund knows of the order: its lines, its costs, what is left."""

from __future__ import annotations

from decimal import Decimal

from handlers.flow.form_context import FormContext


class ShownLine(FormContext):
    """A line of which pieces or wrapping may be left; `name` is mrkdwn, the others plain text.

    `label` is the line's own among them. `left` pieces, and wrapping of `wrapping` pieces, can
    still be refunded; `unwrapped`: some wrapping was before. `paid` is with its currency.
    """

    id: int
    name: str
    plain_name: str
    label: str
    quantity: int
    left: int
    wrapping: int
    unwrapped: bool = False
    paid: str


class ShownCost(FormContext):
    """A cost of which `left` is left; `field` is its field's name, `type` and `id` are the store's.

    `place` tells where it went, "" for nowhere.
    """

    field: str
    type: str
    id: int
    name: str
    place: str = ""
    left: Decimal


class OrderMoney(FormContext):
    """What is left of the order in its currency; `tax` says how its costs are meant."""

    currency: str
    left: Decimal
    tax: str


class ItemsContext(FormContext):
    """All of it. `given` is what an earlier refund gave on the order as a whole, "" for nothing.

    `page` is the one that is shown, `extra` what was asked for on demand.
    """

    lines: tuple[ShownLine, ...]
    parts: tuple[ShownCost, ...]
    money: OrderMoney
    given: str = ""
    page: int = 0
    extra: tuple[str, ...] = ()
