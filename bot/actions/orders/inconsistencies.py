"""An order held against itself: its lines, addresses and fees against its own totals. Pure.

A list that came back empty, or a cost that is null, is no error to anybody. Only the order's totals
tell that something is missing, and how much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.actions.orders.charges import charges
from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.models import OrderLine
from bot.bigcommerce.refunds import ItemType, RefundItem
from bot.values.money import Money

CENT = Decimal("0.01")
_NONE = Decimal(0)
# What figures are held against, by the order's field.
_FIELDS = {
    "payment_status": "the payment status",
    "store_credit_amount": "store credit",
    "gift_certificate_amount": "gift certificates",
    "shipping_cost_inc_tax": "shipping",
    "handling_cost_inc_tax": "handling",
    "wrapping_cost_inc_tax": "gift wrapping",
    "items_total": "the number of items",
}


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


def untold(snapshot: OrderSnapshot) -> tuple[str, ...]:
    """Return what BigCommerce did not tell of the order, or not so that it could be read."""
    return tuple(name for field, name in _FIELDS.items() if field in snapshot.order.unread)


def worth_of_items(snapshot: OrderSnapshot, items: Sequence[RefundItem]) -> Money | None:
    """Return what the items cost with tax, by the order's own figures; None: it does not tell."""
    if any(item.adjustments for item in items):
        return None  # how a deduction changes the tax is not documented
    amount = _NONE
    for item in items:
        if (worth := _worth(snapshot, item)) is None:
            return None
        amount += worth
    return snapshot.money(amount)


def is_rounding(amount: Decimal, parts: int) -> bool:
    """Whether it is a cent for each part at most: taxes are rounded part by part."""
    return abs(amount) <= CENT * max(1, parts)


def _worth(snapshot: OrderSnapshot, item: RefundItem) -> Decimal | None:
    if item.item_type is ItemType.ORDER:
        return item.amount
    if item.quantity is not None:
        line = snapshot.find_line(item.item_id)
        if line is None or not line.quantity:
            return None
        if item.item_type is ItemType.PRODUCT:
            if line.discounted_total_inc_tax is None and _unshared_discounts(snapshot):
                return None
            return line.paid_inc_tax * item.quantity / line.quantity
        return _wrapping_of(snapshot, line) * item.quantity / line.quantity
    charge = next(
        (
            each
            for each in charges(snapshot)
            if each.item_id == item.item_id and each.item_type is item.item_type
        ),
        None,
    )
    if charge is None or not (priced := charge.as_priced(snapshot)):
        return None
    return (item.amount or _NONE) * charge.inc_tax / priced


def _costs(snapshot: OrderSnapshot) -> Iterator[Difference]:
    order = snapshot.order
    sums = (
        ("gift wrapping", order.wrapping_cost_inc_tax, _wrapping(snapshot)),
        ("shipping", order.shipping_cost_inc_tax, _charged(snapshot, ItemType.SHIPPING)),
        ("handling", order.handling_cost_inc_tax, _charged(snapshot, ItemType.HANDLING)),
    )
    for what, told, found in sums:
        if what not in untold(snapshot) and _is_more_than_rounding(snapshot, told - found):
            yield Difference(what, snapshot.money(told), snapshot.money(found))


def _charged(snapshot: OrderSnapshot, item_type: ItemType) -> Decimal:
    amounts = (each.inc_tax for each in charges(snapshot) if each.item_type is item_type)
    return sum(amounts, _NONE)


def _parts(snapshot: OrderSnapshot) -> Decimal:
    lines = sum((line.paid_inc_tax for line in snapshot.lines), _NONE)
    costs = sum((each.inc_tax for each in charges(snapshot)), _NONE)
    return lines + _wrapping(snapshot) + costs


def _wrapping(snapshot: OrderSnapshot) -> Decimal:
    return sum((_wrapping_of(snapshot, line) for line in snapshot.lines), _NONE)


def _wrapping_of(snapshot: OrderSnapshot, line: OrderLine) -> Decimal:
    """Return what the wrapping of a line comes to.

    Whether a line tells it for one piece or for all is not documented: what fits the order's own
    figure better is taken.
    """
    told = snapshot.order.wrapping_cost_inc_tax
    by_line = sum((each.wrapping_cost_inc_tax for each in snapshot.lines), _NONE)
    by_piece = sum((each.wrapping_cost_inc_tax * each.quantity for each in snapshot.lines), _NONE)
    is_by_piece = abs(told - by_piece) <= abs(told - by_line)
    return line.wrapping_cost_inc_tax * (line.quantity if is_by_piece else 1)


def _unshared_discounts(snapshot: OrderSnapshot) -> Decimal:
    if all(line.discounted_total_inc_tax is not None for line in snapshot.lines):
        return _NONE
    return snapshot.order.discount_amount + snapshot.order.coupon_discount


def _is_more_than_rounding(snapshot: OrderSnapshot, amount: Decimal) -> bool:
    parts = len(snapshot.lines) + len(snapshot.addresses) + len(snapshot.fees)
    return not is_rounding(amount, parts)
