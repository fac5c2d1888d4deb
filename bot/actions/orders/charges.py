"""What an order charged besides its lines: shipping, handling and fees, each with its id. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.refunds import ItemType


@dataclass(frozen=True, slots=True)
class Charge:
    """A cost as it was charged. A base cost is before discounts and changes by hand."""

    item_type: ItemType
    item_id: int
    ex_tax: Decimal
    inc_tax: Decimal

    def as_priced(self, snapshot: OrderSnapshot) -> Decimal:
        """Return it as the order's prices are meant, which is how a refund asks for it."""
        return self.inc_tax if snapshot.order.is_tax_inclusive_pricing else self.ex_tax


def charges(snapshot: OrderSnapshot) -> Iterator[Charge]:
    """Yield the shipping and handling of each address, then the fees."""
    for each in snapshot.addresses:
        yield Charge(ItemType.SHIPPING, each.id, each.cost_ex_tax, each.cost_inc_tax)
        yield Charge(
            ItemType.HANDLING, each.id, each.handling_cost_ex_tax, each.handling_cost_inc_tax
        )
    for fee in snapshot.fees:
        yield Charge(ItemType.FEE, fee.id, fee.cost_ex_tax, fee.cost_inc_tax)
