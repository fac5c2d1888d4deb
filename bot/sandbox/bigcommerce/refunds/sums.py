"""The store's own arithmetic: what the parts of an order cost, and what is left of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.refunds.payments import ZERO, Refund

CENT = Decimal("0.01")
NO_ADDRESS = 0  # an id that nothing can be refunded by


def cents(amount: Decimal) -> Decimal:
    """Round to two decimals, halves up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount without tax and its tax."""

    ex_tax: Decimal
    tax: Decimal

    @property
    def inc_tax(self) -> Decimal:
        """With tax."""
        return self.ex_tax + self.tax

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.ex_tax + other.ex_tax, self.tax + other.tax)


NOTHING = Cost(ZERO, ZERO)


def cost(order: Order, price: Decimal) -> Cost:
    """Split a price into amount and tax as the order's prices are meant."""
    if order.tax_inclusive:
        tax = cents(price - price / (1 + order.tax_rate))
        return Cost(price - tax, tax)
    return Cost(price, cents(price * order.tax_rate))


@dataclass(frozen=True, slots=True)
class Part:
    """Something of an order that can be given back, by piece (`pieces`) or by amount.

    `price` is what it cost as the order's prices are meant; `cost` the same with its tax apart.
    """

    item_type: str
    item_id: int
    price: Decimal
    cost: Cost
    pieces: int | None = None

    @property
    def size(self) -> Decimal:
        """How much there is of it: pieces, or money."""
        return self.price if self.pieces is None else Decimal(self.pieces)

    def share(self, before: Decimal, wanted: Decimal) -> Cost:
        """Cost of `wanted` after `before` is gone; all shares add up to the whole, to the cent."""

        def up_to(of: Decimal, amount: Decimal) -> Decimal:
            return cents(of * amount / self.size)

        def between(of: Decimal) -> Decimal:
            return up_to(of, before + wanted) - up_to(of, before)

        if self.size == 0:
            return NOTHING
        tax = between(self.cost.tax)
        return Cost(between(self.cost.inc_tax) - tax, tax)


Parts = dict[tuple[str, int], Part]


def parts(order: Order) -> Parts:
    """Return everything that the order is made of, by refund item type and id."""
    found: list[Part] = []

    def add(item_type: str, item_id: int, price: Decimal, pieces: int | None = None) -> None:
        found.append(Part(item_type, item_id, price, cost(order, price), pieces))

    for line in order.lines:
        off = sum((discount.amount for discount in line.discounts), ZERO)
        add("PRODUCT", line.id, line.price * line.quantity - off, line.quantity)
        if line.wrapping_name:
            add("GIFT_WRAPPING", line.id, line.wrapping_price * line.quantity, line.quantity)
    for address in order.addresses:
        add("SHIPPING", address.id, address.shipping)
        add("HANDLING", address.id, address.handling)
    if order.loose_shipping:
        add("SHIPPING", NO_ADDRESS, order.loose_shipping)
    for fee in order.fees:
        add("FEE", fee.id, fee.price)
    return {(part.item_type, part.item_id): part for part in found}


def total(order: Order) -> Cost:
    """Return what the whole order cost, whatever it was paid with."""
    return sum((part.cost for part in parts(order).values()), NOTHING)


def total_of(order: Order, item_type: str) -> Cost:
    """Return what all parts of one type cost."""
    return sum((p.cost for p in parts(order).values() if p.item_type == item_type), NOTHING)


def paid_by(order: Order, kind: str) -> Decimal:
    """Return how much tenders of this kind paid."""
    return sum((tender.amount for tender in order.tenders if tender.kind == kind), ZERO)


def refunds_that_count(order: Order, *, in_flight: bool) -> list[Refund]:
    """Return the refunds that gave money back; with `in_flight`, also those on their way."""
    return [r for r in order.refunds if not r.declined and (r.settled or in_flight)]


def taken(order: Order, item_type: str, item_id: int, *, in_flight: bool) -> Decimal:
    """Return how much of a part earlier refunds took: pieces, or money as the prices are meant."""
    return sum(
        (
            Decimal(item.quantity) if item.quantity is not None else item.amount or ZERO
            for refund in refunds_that_count(order, in_flight=in_flight)
            for item in refund.items
            if (item.item_type, item.item_id) == (item_type, item_id)
        ),
        Decimal(0),
    )


def refunded(order: Order, *, in_flight: bool) -> Decimal:
    """Return how much money was given back."""
    counting = refunds_that_count(order, in_flight=in_flight)
    return sum((refund.given_back for refund in counting), ZERO)


def left(order: Order, *, in_flight: bool) -> Decimal:
    """Return how much money can still be given back."""
    return total(order).inc_tax - order.withheld - refunded(order, in_flight=in_flight)
