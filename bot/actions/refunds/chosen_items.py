"""What an agent has chosen of an order, as BigCommerce wants it asked for. Pure.

A deduction is an adjustment of PRODUCT items, the only ones that BigCommerce supports it for
(`RefundItemAdjustment` in the specification of orders, V3). `merchant_calculated_override` could
lower a total as well, but not in a quote, and it leaves the order's tax records as they are: it is
not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, Decimal

from bot.actions.action import RuleBroken
from bot.actions.orders.cost_names import cost_name
from bot.actions.orders.remaining_items import amount_left, wrapping_left
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.choice import CostRefund, Deduction, Goodwill, LineRefund
from bot.bigcommerce.models import OrderLine
from bot.bigcommerce.refunds import ItemType, RefundAdjustment, RefundItem
from bot.values.money import Money

# The request's fields that are in a form of their own.
GOODWILL, DEDUCTION, SET_BACK = "goodwill", "deduction", "set_back_to"
_CENT = Decimal("0.01")


def chosen_lines(snapshot: OrderSnapshot, lines: Sequence[LineRefund]) -> tuple[RefundItem, ...]:
    """Return the pieces and their gift wrapping; raise RuleBroken for more than is left."""
    return (*_pieces(snapshot, lines), *_wrapping(snapshot, lines))


def chosen_costs(snapshot: OrderSnapshot, parts: Sequence[CostRefund]) -> tuple[RefundItem, ...]:
    """Return the parts of shipping, handling and fees; raise RuleBroken for more than is left."""
    for part in parts:
        left = amount_left(snapshot, part.item_type, part.item_id)
        if part.amount > left:
            name = cost_name(snapshot, part.item_type, part.item_id)
            most = Money(amount=left, currency=snapshot.order.currency)
            said = f"Only {most} of {name} is left." if left else f"Nothing is left of {name}."
            raise RuleBroken(part.field, said)
    return tuple(
        RefundItem(
            item_type=part.item_type, item_id=part.item_id, amount=part.amount, reason=part.reason
        )
        for part in parts
    )


def on_the_order(snapshot: OrderSnapshot, goodwill: Goodwill | None) -> tuple[RefundItem, ...]:
    """Return the amount on the order as a whole; raise RuleBroken for more than is left."""
    if goodwill is None:
        return ()
    if goodwill.amount > snapshot.left.amount:
        raise RuleBroken(GOODWILL, f"At most {snapshot.left} of this order is left.")
    item = RefundItem(
        item_type=ItemType.ORDER,
        item_id=snapshot.order.id,
        amount=goodwill.amount,
        reason=goodwill.reason,
    )
    return (item,)


def deduct(
    snapshot: OrderSnapshot, items: Sequence[RefundItem], deduction: Deduction | None
) -> tuple[RefundItem, ...]:
    """Return the items with the deduction taken off the dearest lines first.

    No line is asked to give more than its pieces cost, without tax if that is less: what
    BigCommerce does below that is not documented. Raises RuleBroken for more than they cost.
    """
    if deduction is None:
        return tuple(items)
    worth = {n: _worth(snapshot, item) for n, item in enumerate(items)}
    if deduction.amount > (most := sum(worth.values(), Decimal(0))):
        money = Money(amount=most, currency=snapshot.order.currency)
        raise RuleBroken(DEDUCTION, f"At most {money} can be deducted from the chosen lines.")
    rest, cut = deduction.amount, dict.fromkeys(worth, Decimal(0))
    for n in sorted(worth, key=lambda n: -worth[n]):
        cut[n] = min(rest, worth[n])
        rest -= cut[n]
    return tuple(_cut(item, cut[n], deduction.text) for n, item in enumerate(items))


def _cut(item: RefundItem, amount: Decimal, text: str) -> RefundItem:
    if not amount:
        return item
    adjustment = RefundAdjustment(amount=-amount, description=text)
    return item.model_copy(update={"adjustments": (adjustment,)})


def _worth(snapshot: OrderSnapshot, item: RefundItem) -> Decimal:
    """Return what the pieces of a PRODUCT item cost at least, rounded down; 0 for the others."""
    line = snapshot.find_line(item.item_id)
    if item.item_type is not ItemType.PRODUCT or line is None or not line.quantity:
        return Decimal(0)
    share = _least_paid(line) * (item.quantity or 0) / line.quantity
    return max(Decimal(0), share.quantize(_CENT, rounding=ROUND_DOWN))


def _least_paid(line: OrderLine) -> Decimal:
    if line.total_inc_tax <= 0 or line.total_ex_tax is None:
        return line.paid_inc_tax
    return min(line.paid_inc_tax, line.paid_inc_tax * line.total_ex_tax / line.total_inc_tax)


def _pieces(snapshot: OrderSnapshot, lines: Sequence[LineRefund]) -> Iterator[RefundItem]:
    for line in lines:
        if line.quantity:
            left = snapshot.quantity_left(line.order_product_id)
            _check(snapshot, line, "quantity", line.quantity, left)
            yield _by_piece(ItemType.PRODUCT, line, line.quantity)


def _wrapping(snapshot: OrderSnapshot, lines: Sequence[LineRefund]) -> Iterator[RefundItem]:
    for line in lines:
        if line.wrapping:
            wrapped = snapshot.find_line(line.order_product_id)
            left = wrapping_left(snapshot, wrapped) if wrapped else 0
            _check(snapshot, line, "wrapping", line.wrapping, left)
            yield _by_piece(ItemType.GIFT_WRAPPING, line, line.wrapping)


def _by_piece(item_type: ItemType, line: LineRefund, quantity: int) -> RefundItem:
    return RefundItem(
        item_type=item_type, item_id=line.order_product_id, quantity=quantity, reason=line.reason
    )


def _check(snapshot: OrderSnapshot, line: LineRefund, what: str, wanted: int, left: int) -> None:
    field = f"{what}_{line.order_product_id}"
    sold = snapshot.find_line(line.order_product_id)
    if sold is None:
        raise RuleBroken(field, f"Order {snapshot.order.id} no longer has this item.")
    if wanted <= left:
        return
    of = f"“{sold.name}”" if what == "quantity" else f"the gift wrapping of “{sold.name}”"
    if left == 0:
        raise RuleBroken(field, f"Nothing is left to refund of {of}.")
    raise RuleBroken(field, f"Only {left} of {of} can still be refunded.")
