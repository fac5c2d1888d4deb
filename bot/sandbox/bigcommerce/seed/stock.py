"""What the shop has in stock when it opens."""

from __future__ import annotations

from bot.sandbox.bigcommerce.catalog.stock import (
    BARN,
    DEFAULT_LOCATION,
    WAREHOUSE,
    Location,
    Stock,
    StockItem,
)
from bot.sandbox.bigcommerce.seed.goods import GOODS

FIRST_PRODUCT = 101
VARIANT_OFFSET = 500
UNTRACKED = {7}  # a book that is also sold as a file
NEVER_COUNTED = {12}
AT_TWO_PLACES = {4, 13}
OF_VARIANTS = {1}


def stock() -> Stock:
    """Return the stock: most goods at one place, some at two, one never counted, one untracked."""
    found = Stock(
        locations={
            DEFAULT_LOCATION: Location(
                id=DEFAULT_LOCATION, code="BC-LOCATION-1", name="Default location"
            ),
            WAREHOUSE: Location(id=WAREHOUSE, code="WAREHOUSE", name="Warehouse “North & Sons”"),
            BARN: Location(id=BARN, code="BARN", name="Old barn", enabled=False),
        }
    )
    for place in range(len(GOODS)):
        if place not in UNTRACKED:
            item = _item(place)
            found.items[item.sku] = item
    return found


def _item(place: int) -> StockItem:
    product_id = FIRST_PRODUCT + place
    levels: dict[int, int | None] = {
        DEFAULT_LOCATION: None if place in NEVER_COUNTED else 10 + 2 * place
    }
    if place in AT_TWO_PLACES:
        levels |= {WAREHOUSE: 40, BARN: 3}
    return StockItem(
        product_id=product_id,
        variant_id=product_id + VARIANT_OFFSET,
        sku=f"FF-{product_id}",
        by="variant" if place in OF_VARIANTS else "product",
        levels=levels,
    )
