"""What is left on an order, item by item, as BigCommerce wants a refund asked for.

There is no switch for a full refund: everything that is left has to be named. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_DOWN, Decimal

from bot.actions.base import RuleBroken
from bot.actions.snapshot import OrderSnapshot
from bot.bigcommerce import ItemType, OrderLine, RefundItem
from bot.money import DECIMAL_PLACES, Money

# At most two decimals are accepted, whatever the currency.
_MOST_DECIMALS = 2


def everything_left(snapshot: OrderSnapshot) -> tuple[RefundItem, ...]:
    """Return all that earlier refunds left: lines, wrapping, shipping, handling, fees.

    The children of bundles are named too (their price is 0): should the store want them, they are
    there. Entries with nothing left are not.
    """
    return tuple(
        item
        for items in (_lines(snapshot), _wrapping(snapshot), _shipping(snapshot), _fees(snapshot))
        for item in items
    )


def chosen_lines(snapshot: OrderSnapshot, quantities: Mapping[int, int]) -> tuple[RefundItem, ...]:
    """Return these quantities by order product id; raise RuleBroken for more than is left."""
    if not quantities:
        raise RuleBroken("", "Choose a quantity for at least one item.")
    for line_id, quantity in quantities.items():
        _check_quantity(snapshot, line_id, quantity)
    return tuple(
        RefundItem(item_type=ItemType.PRODUCT, item_id=line_id, quantity=quantity)
        for line_id, quantity in quantities.items()
    )


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


def _check_quantity(snapshot: OrderSnapshot, line_id: int, quantity: int) -> None:
    field = f"quantity_{line_id}"
    line = snapshot.find_line(line_id)
    if line is None:
        raise RuleBroken(field, f"Order {snapshot.order.id} no longer has this item.")
    left = snapshot.quantity_left(line_id)
    if quantity <= left:
        return
    if left == 0:
        raise RuleBroken(field, f"Nothing is left to refund of “{line.name}”.")
    raise RuleBroken(field, f"Only {left} of “{line.name}” can still be refunded.")


def _lines(snapshot: OrderSnapshot) -> Iterator[RefundItem]:
    for line in snapshot.lines:
        if left := snapshot.quantity_left(line.id):
            yield RefundItem(item_type=ItemType.PRODUCT, item_id=line.id, quantity=left)


def _wrapping(snapshot: OrderSnapshot) -> Iterator[RefundItem]:
    for line in snapshot.lines:
        if left := _wrapping_left(snapshot, line):
            yield RefundItem(item_type=ItemType.GIFT_WRAPPING, item_id=line.id, quantity=left)


def _wrapping_left(snapshot: OrderSnapshot, line: OrderLine) -> int:
    costs = (line.base_wrapping_cost, line.wrapping_cost_ex_tax, line.wrapping_cost_inc_tax)
    if line.wrapping_id == 0 or not any(costs):
        return 0
    earlier = [
        item
        for refund in snapshot.refunds
        if not refund.is_declined
        for item in refund.items
        if item.item_type == ItemType.GIFT_WRAPPING and item.item_id == line.id
    ]
    # BigCommerce promises the quantity for PRODUCT only. Without one the wrapping counts as given
    # back: asking for it a second time would be wrong, leaving it out is seen in the quote.
    if any(item.quantity is None for item in earlier):
        return 0
    return max(0, line.quantity - sum(item.quantity or 0 for item in earlier))


def _shipping(snapshot: OrderSnapshot) -> Iterator[RefundItem]:
    # The cost before tax, or with it in a store whose prices include tax: that is how the base
    # costs are kept, and BigCommerce adds the tax itself.
    for address in snapshot.addresses:
        yield from _amount(snapshot, ItemType.SHIPPING, address.id, address.base_cost)
        yield from _amount(snapshot, ItemType.HANDLING, address.id, address.base_handling_cost)


def _fees(snapshot: OrderSnapshot) -> Iterator[RefundItem]:
    for fee in snapshot.fees:
        yield from _amount(snapshot, ItemType.FEE, fee.id, fee.base_cost)


def _amount(
    snapshot: OrderSnapshot, item_type: ItemType, item_id: int, cost: Decimal
) -> Iterator[RefundItem]:
    earlier = Decimal(0)
    for refund in snapshot.refunds:
        for item in refund.items:
            if refund.is_declined or (item.item_type, item.item_id) != (item_type, item_id):
                continue
            # As with wrapping: an entry without its amount counts as all of it.
            earlier += cost if item.requested_amount is None else item.requested_amount
    places = min(_MOST_DECIMALS, DECIMAL_PLACES.get(snapshot.order.currency, _MOST_DECIMALS))
    left = (cost - earlier).quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)
    if left > 0:
        yield RefundItem(item_type=item_type, item_id=item_id, amount=left)
