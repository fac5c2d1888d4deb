"""What is left on an order, item by item, as BigCommerce wants a refund asked for.

There is no switch for a full refund: everything that is left has to be named. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from bot.actions.snapshot import OrderSnapshot
from bot.bigcommerce import ItemType, OrderLine, RefundedItem, RefundItem
from bot.money import DECIMAL_PLACES, Money

# At most two decimals are accepted, whatever the currency.
_MOST_DECIMALS = 2


def everything_left(snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    """Return all that earlier refunds left: lines, wrapping, shipping, handling, fees.

    The children of bundles are named too (their price is 0): should the store want them, they are
    there. Entries with nothing left are not.
    """
    return (*_lines(snapshot), *_wrapping(snapshot), *parts_left(snapshot))


def wrapping_left(snapshot: OrderSnapshot, line: OrderLine) -> int:
    """Return of how many pieces the gift wrapping can still be refunded."""
    costs = (line.base_wrapping_cost, line.wrapping_cost_ex_tax, line.wrapping_cost_inc_tax)
    if line.wrapping_id == 0 or not any(costs):
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
    """Return how much of an address's shipping or handling, or of a fee, can still be refunded."""
    cost = _cost(snapshot, item_type, item_id)
    # As with wrapping: an entry without its amount counts as all of it.
    earlier = (
        cost if item.requested_amount is None else item.requested_amount
        for item in _earlier(snapshot, item_type, item_id)
    )
    places = min(_MOST_DECIMALS, DECIMAL_PLACES.get(snapshot.order.currency, _MOST_DECIMALS))
    left = cost - sum(earlier, Decimal(0))
    return max(Decimal(0), left.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN))


def parts_left(snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    """Return the shipping, handling and fees of which something is left, with what is left."""
    ids = [
        (item_type, address.id)
        for address in snapshot.addresses
        for item_type in (ItemType.SHIPPING, ItemType.HANDLING)
    ]
    ids += [(ItemType.FEE, fee.id) for fee in snapshot.fees]
    items = (
        RefundItem(item_type=kind, item_id=number, amount=amount_left(snapshot, kind, number))
        for kind, number in ids
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


def _cost(snapshot: OrderSnapshot, item_type: str, item_id: int) -> Decimal:
    """Return a cost before tax, or with it in a store whose prices include tax.

    That is how the base costs are kept, and BigCommerce adds the tax itself.
    """
    if item_type == ItemType.FEE:
        return next((fee.base_cost for fee in snapshot.fees if fee.id == item_id), Decimal(0))
    address = next((each for each in snapshot.addresses if each.id == item_id), None)
    if address is None:
        return Decimal(0)
    return address.base_cost if item_type == ItemType.SHIPPING else address.base_handling_cost


def _earlier(snapshot: OrderSnapshot, item_type: str, item_id: int) -> list[RefundedItem]:
    return [
        item
        for refund in snapshot.refunds
        if not refund.is_declined
        for item in refund.items
        if (item.item_type, item.item_id) == (item_type, item_id)
    ]
