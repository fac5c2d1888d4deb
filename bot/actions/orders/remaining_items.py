"""What is left on an order, item by item, as BigCommerce wants a refund asked for.

There is no switch for a full refund: everything that is left has to be named. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from bot.actions.orders.charges import charges
from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.models import OrderLine
from bot.bigcommerce.refunds import ItemType, RefundedItem, RefundItem
from bot.values.money import DECIMAL_PLACES, Money

# At most two decimals are accepted, whatever the currency.
_MOST_DECIMALS = 2


def everything_left(snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    """Return all that earlier refunds left: lines, wrapping, shipping, handling, fees.

    The children of bundles are named too (their price is 0): should the store want them, they are
    there. Entries with nothing left are not.
    """
    return (*_lines(snapshot), *_wrapping(snapshot), *costs_left(snapshot))


def wrapping_left(snapshot: OrderSnapshot, line: OrderLine) -> int:
    """Return of how many pieces the gift wrapping can still be refunded."""
    if line.wrapping_id == 0 or not (line.wrapping_cost_ex_tax or line.wrapping_cost_inc_tax):
        return 0
    earlier = _earlier(snapshot, ItemType.GIFT_WRAPPING, line.id)
    # BigCommerce promises the quantity for PRODUCT only. Without one the wrapping counts as given
    # back: asking for it a second time would be wrong, leaving it out is seen in the quote.
    if any(item.quantity is None for item in earlier):
        return 0
    return max(0, line.quantity - sum(item.quantity or 0 for item in earlier))


def is_wrapping_refunded(snapshot: OrderSnapshot, line: OrderLine) -> bool:
    """Whether gift wrapping of the line was refunded before, however much of it."""
    return bool(_earlier(snapshot, ItemType.GIFT_WRAPPING, line.id))


def amount_left(snapshot: OrderSnapshot, item_type: str, item_id: int) -> Decimal:
    """Return how much of an address's shipping or handling, or of a fee, can still be refunded.

    As the order's prices are meant: before tax, or with it where they include it; BigCommerce adds
    the tax itself.
    """
    return _costs_left(snapshot, item_type).get(item_id, Decimal(0))


def costs_left(snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    """Return the shipping, handling and fees of which something is left, with what is left."""
    kinds = dict.fromkeys(each.item_type for each in charges(snapshot))
    left = {kind: _costs_left(snapshot, kind) for kind in kinds}
    items = (
        RefundItem(
            item_type=each.item_type,
            item_id=each.item_id,
            amount=left[each.item_type][each.item_id],
        )
        for each in charges(snapshot)
    )
    return tuple(item for item in items if item.amount)


def given_on_the_order(snapshot: OrderSnapshot) -> Money | None:
    """Return what earlier refunds gave on the order as a whole, None when there is none.

    Such a refund leaves the lines' quantities alone, so that all that is left by item is more than
    what is left in money, and BigCommerce clips the quote.
    """
    amount = sum(
        (
            item.requested_amount or Decimal(0)
            for refund in snapshot.refunds
            if not refund.is_declined
            for item in refund.items
            if item.item_type in (ItemType.ORDER, ItemType.TAX)
        ),
        Decimal(0),
    )
    return Money(amount=amount, currency=snapshot.order.currency) if amount > 0 else None


def _lines(snapshot: OrderSnapshot) -> Iterator[RefundItem]:
    for line in snapshot.lines:
        if left := snapshot.quantity_left(line.id):
            yield RefundItem(item_type=ItemType.PRODUCT, item_id=line.id, quantity=left)


def _wrapping(snapshot: OrderSnapshot) -> Iterator[RefundItem]:
    for line in snapshot.lines:
        if left := wrapping_left(snapshot, line):
            yield RefundItem(item_type=ItemType.GIFT_WRAPPING, item_id=line.id, quantity=left)


def _costs_left(snapshot: OrderSnapshot, item_type: str) -> dict[int, Decimal]:
    """Return what is left of each of the costs of one type.

    A refund names a cost by its id, except that BigCommerce names a fee by the order's (orders.v3,
    `item_id` of a refund's items). What an earlier refund gave under no id of these is taken off
    the cost that comes to just that, or else off one after the other: the sum is never above what
    is left.
    """
    left = {
        each.item_id: each.as_priced(snapshot)
        for each in charges(snapshot)
        if each.item_type == item_type
    }
    elsewhere: list[Decimal] = []
    for item in _earlier(snapshot, item_type):
        # As with wrapping: an entry without its amount counts as all of it.
        amount = item.requested_amount
        if item.item_id in left:
            rest = left[item.item_id] - (left[item.item_id] if amount is None else amount)
            left[item.item_id] = max(Decimal(0), rest)
            if rest < 0 and item.item_id == snapshot.order.id:  # a fee may have that number, too
                elsewhere.append(-rest)
        else:
            elsewhere.append(sum(left.values(), Decimal(0)) if amount is None else amount)
    for amount in elsewhere:
        _take_off(left, amount)
    places = min(_MOST_DECIMALS, DECIMAL_PLACES.get(snapshot.order.currency, _MOST_DECIMALS))
    cent = Decimal(1).scaleb(-places)
    return {number: money.quantize(cent, rounding=ROUND_DOWN) for number, money in left.items()}


def _take_off(left: dict[int, Decimal], amount: Decimal) -> None:
    just_that = next((number for number, money in left.items() if money == amount), None)
    for number in [just_that] if just_that is not None else left:
        taken = min(left[number], amount)
        left[number] -= taken
        amount -= taken


def _earlier(
    snapshot: OrderSnapshot, item_type: str, item_id: int | None = None
) -> list[RefundedItem]:
    return [
        item
        for refund in snapshot.refunds
        if not refund.is_declined
        for item in refund.items
        if item.item_type == item_type and item_id in (None, item.item_id)
    ]
