"""An order held against itself: its lines, addresses and fees against its own totals. Pure.

A list that came back empty, or a cost that is null, is no error to anybody. Only the order's totals
tell that something is missing, and how much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.actions.snapshot import OrderSnapshot
from bot.money import Money

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` of the order comes to `told` by the order itself, and to `found` by its parts."""

    what: str
    told: Money
    found: Money

    @property
    def is_missing(self) -> bool:
        """Whether parts were not found, rather than too many."""
        return self.told.amount > self.found.amount

    def __str__(self) -> str:
        if self.what == LINES:
            return f"The order comes to {self.told}, all that belongs to it to {self.found}."
        return f"The order says {self.told} of {self.what}, its parts come to {self.found}."


LINES = "lines or fees"


def find_differences(snapshot: OrderSnapshot) -> tuple[Difference, ...]:
    """Return in what money the order's parts differ from its totals; cents of rounding do not."""
    found = list(_costs(snapshot))
    named = sum((max(Decimal(0), each.told.amount - each.found.amount) for each in found), _NONE)
    parts = _parts(snapshot) + named
    rest = snapshot.total.amount - parts
    if rest < 0:  # without the lines' own figure, discounts stand on the order alone
        rest = min(Decimal(0), rest + _unshared_discounts(snapshot))
    if _is_more_than_rounding(snapshot, rest):
        found.append(Difference(LINES, snapshot.total, snapshot.money(parts)))
    return tuple(found)


def count_difference(snapshot: OrderSnapshot) -> str:
    """Return that the order's number of items is not its lines', as a sentence; "" when it is."""
    told = snapshot.order.items_total
    whole = [line for line in snapshot.lines if line.parent_order_product_id is None]
    # Whether the parts of a bundle count as items is not documented.
    found = {sum(line.quantity for line in lines) for lines in (whole, snapshot.lines)}
    if not told or told in found:
        return ""
    return f"The order says {told} items, its lines come to {max(found)}."


def missing_words(snapshot: OrderSnapshot) -> str:
    """Return what was not found, as "shipping, handling"; "" when nothing is."""
    return ", ".join(each.what for each in find_differences(snapshot) if each.is_missing)


_NONE = Decimal(0)


def _costs(snapshot: OrderSnapshot) -> Iterator[Difference]:
    order, addresses = snapshot.order, snapshot.addresses
    sums = (
        ("gift wrapping", order.wrapping_cost_inc_tax, _wrapping(snapshot)),
        ("shipping", order.shipping_cost_inc_tax, sum((a.cost_inc_tax for a in addresses), _NONE)),
        (
            "handling",
            order.handling_cost_inc_tax,
            sum((a.handling_cost_inc_tax for a in addresses), _NONE),
        ),
    )
    for what, told, found in sums:
        if _is_more_than_rounding(snapshot, told - found):
            yield Difference(what, snapshot.money(told), snapshot.money(found))


def _parts(snapshot: OrderSnapshot) -> Decimal:
    return (
        sum((line.paid_inc_tax for line in snapshot.lines), _NONE)
        + _wrapping(snapshot)
        + sum((a.cost_inc_tax + a.handling_cost_inc_tax for a in snapshot.addresses), _NONE)
        + sum((fee.cost_inc_tax for fee in snapshot.fees), _NONE)
    )


def _wrapping(snapshot: OrderSnapshot) -> Decimal:
    """Return what the lines' wrapping comes to.

    Whether a line tells it for one piece or for all is not documented: what fits the order
    better is taken.
    """
    by_line = sum((line.wrapping_cost_inc_tax for line in snapshot.lines), _NONE)
    by_piece = sum((line.wrapping_cost_inc_tax * line.quantity for line in snapshot.lines), _NONE)
    told = snapshot.order.wrapping_cost_inc_tax
    return min((by_piece, by_line), key=lambda found: abs(told - found))


def _unshared_discounts(snapshot: OrderSnapshot) -> Decimal:
    if all(line.discounted_total_inc_tax is not None for line in snapshot.lines):
        return _NONE
    return snapshot.order.discount_amount + snapshot.order.coupon_discount


def _is_more_than_rounding(snapshot: OrderSnapshot, amount: Decimal) -> bool:
    """Whether it is above a cent for each part: taxes are rounded part by part."""
    parts = len(snapshot.lines) + len(snapshot.addresses) + len(snapshot.fees)
    return abs(amount) > CENT * max(1, parts)
