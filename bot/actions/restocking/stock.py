"""Which of an order's lines can go back to stock, where to, and why not. Nothing is changed here.

On the safe side throughout: where it cannot be told whether BigCommerce gives the stock back by
itself, or ever took it, Makegood leaves it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError, MissingScope
from bot.bigcommerce.inventory import InventoryItem, StockPlace, StockSettings
from bot.bigcommerce.models import Order, OrderLine

GIVES_BACK = (
    "This store gives stock back by itself when an order is refunded or cancelled, so Makegood "
    "leaves the stock alone."
)
UNTOLD = (
    "It cannot be told how this store counts the stock of refunded orders, so Makegood leaves it "
    "alone."
)
NOT_TAKEN = (
    "This store takes stock when an order is shipped or completed, which this one may not have "
    "been, so Makegood leaves the stock alone."
)
NO_SCOPE = "Makegood may not read or change the stock: its access token lacks Store Inventory."
UNREAD = "The stock cannot be read just now, so Makegood leaves it alone."
NOTHING_TRACKED = "BigCommerce tracks no stock for these items."

_SHIPPED_OR_COMPLETED = frozenset({2, 10})


@dataclass(frozen=True, slots=True)
class StockOffer:
    """The places where each line, by its order product id, can go back to stock; or why nowhere."""

    places: Mapping[int, tuple[StockPlace, ...]] = field(default_factory=dict)
    why_not: str = ""


async def offer_stock(snapshot: OrderSnapshot, store: BigCommerceClient) -> StockOffer:
    """Return what can go back to stock. Never raises: what cannot be read is not offered."""
    try:
        settings = await store.inventory.settings(snapshot.order.channel_id)
        if why_not := _kept_from(settings, snapshot.order):
            return StockOffer(why_not=why_not)
        items = await store.inventory.items(products_of(snapshot.lines))
    except MissingScope:
        return StockOffer(why_not=NO_SCOPE)
    except BigCommerceError:
        return StockOffer(why_not=UNREAD)
    found = {line.id: places_of(find_item(line, items)) for line in snapshot.lines}
    places = {line_id: each for line_id, each in found.items() if each}
    return StockOffer(places, "" if places else NOTHING_TRACKED)


def given_back_by_itself(settings: StockSettings) -> str:
    """Return why a refund's goods are not Makegood's to put back, "" when they are."""
    if settings.gives_back is None:
        return UNTOLD
    return GIVES_BACK if settings.gives_back else ""


def products_of(lines: Iterable[OrderLine]) -> list[int]:
    """Return the products that lines are of; custom ones have none."""
    return [line.product_id for line in lines if line.product_id]


def find_item(line: OrderLine, items: Iterable[InventoryItem]) -> InventoryItem | None:
    """Return what is tracked for a line: its variant, or the product as a whole; None: nothing."""
    if line.type != "physical" or not line.product_id:
        return None
    of_product = [item for item in items if item.product_id == line.product_id]
    for item in of_product:
        if item.variant_id == line.variant_id:
            return item
    # Tracked by product, an item stands for all variants; with two of them there is no telling.
    whole = [item for item in of_product if item.sku_id is None]
    return whole[0] if len(of_product) == len(whole) == 1 else None


def places_of(item: InventoryItem | None) -> tuple[StockPlace, ...]:
    """Return where an item's stock can be changed, each place once."""
    places = item.places if item is not None else ()
    return tuple({place.location_id: place for place in places if place.enabled}.values())


def _kept_from(settings: StockSettings, order: Order) -> str:
    if why_not := given_back_by_itself(settings):
        return why_not
    if settings.takes_when_shipped is None:
        return UNTOLD
    if settings.takes_when_shipped and order.status_id not in _SHIPPED_OR_COMPLETED:
        return NOT_TAKEN
    return ""
