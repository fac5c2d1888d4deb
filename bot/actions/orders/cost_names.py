"""What the costs besides the lines are called, so that people can tell them apart. Pure."""

from __future__ import annotations

from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.models import ShippingAddress
from bot.bigcommerce.refunds import ItemType

BEFORE_TAX = "before tax"


def cost_name(snapshot: OrderSnapshot, item_type: str, item_id: int) -> str:
    """Return "shipping", "handling, address 1 of 2 (Austin)", or the fee's own name.

    Of an address only the town is told: the name stands in the log and in the thread.
    """
    if item_type == ItemType.FEE:
        fee = next((fee for fee in snapshot.fees if fee.id == item_id), None)
        return fee.display_name if fee and fee.display_name else "fee"
    word = item_type.lower()
    found = [n for n, address in enumerate(snapshot.addresses, 1) if address.id == item_id]
    if len(snapshot.addresses) < 2 or not found:
        return word
    address = snapshot.addresses[found[0] - 1]
    town = f" ({address.city})" if address.city else ""
    return f"{word}, address {found[0]} of {len(snapshot.addresses)}{town}"


def cost_place(snapshot: OrderSnapshot, item_type: str, item_id: int) -> str:
    """Return where a parcel went, for the agent who fills in the form; "" for a fee."""
    if item_type == ItemType.FEE:
        return ""
    address = next((each for each in snapshot.addresses if each.id == item_id), None)
    return _place(address) if address else ""


def tax_words(snapshot: OrderSnapshot) -> str:
    """Return how the amounts of an order's costs are meant."""
    return "with tax" if snapshot.order.is_tax_inclusive_pricing else BEFORE_TAX


def _place(address: ShippingAddress) -> str:
    name = f"{address.first_name} {address.last_name}".strip()
    return ", ".join(part for part in (name, address.street_1, address.city) if part)
