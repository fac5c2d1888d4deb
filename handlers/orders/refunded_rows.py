"""What the cover of an order's case tells of refunds that no line's count shows. Pure."""

from __future__ import annotations

from decimal import Decimal

from bot.actions.orders.cost_names import tax_words
from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.refunds import ItemType
from bot.values.money import Money

WORDS = {
    ItemType.SHIPPING: "of shipping",
    ItemType.HANDLING: "of handling",
    ItemType.FEE: "of fees",
}


def refunded_rows(snapshot: OrderSnapshot) -> list[str]:
    """Return one row of mrkdwn about what was refunded besides the lines, nothing for nothing.

    The amounts are those that were asked for, as BigCommerce lists them with each refund.
    """
    counting = [refund for refund in snapshot.refunds if not refund.is_declined]
    items = [item for refund in counting for item in refund.items]
    sums = {kind: Decimal(0) for kind in (*WORDS, ItemType.ORDER)}
    for item in items:
        if item.item_type in sums:
            sums[ItemType(item.item_type)] += item.requested_amount or Decimal(0)
    wrapped = any(item.item_type == ItemType.GIFT_WRAPPING for item in items)
    money = {kind: Money(amount=sums[kind], currency=snapshot.order.currency) for kind in sums}
    parts = ["gift wrapping"] if wrapped else []
    asked = [kind for kind in WORDS if sums[kind]]
    parts += [f"{money[kind]} {WORDS[kind]} {tax_words(snapshot)}" for kind in asked]
    if sums[ItemType.ORDER]:
        parts.append(f"{money[ItemType.ORDER]} on the order as a whole")
    return [f"Refunds besides the lines: {', '.join(parts)}"] if parts else []
