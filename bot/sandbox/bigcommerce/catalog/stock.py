"""What lies where: stock items, their levels by location, and how levels change.

A level is the opening one with every change after it, read a little later than written: the
Inventory API is asynchronous.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

# The second place to keep things at, and one that is no longer used.
DEFAULT_LOCATION, WAREHOUSE, BARN = 1, 2, 3


class Location(BaseModel):
    """A place where goods are kept. At one that is not enabled no level can be changed."""

    id: int
    code: str
    name: str
    enabled: bool = True


class StockItem(BaseModel):
    """Something whose stock is tracked, `by` its product or its variant.

    A level of None was never set: only an absolute adjustment can begin it.
    """

    product_id: int
    variant_id: int
    sku: str
    by: Literal["product", "variant"] = "product"
    levels: dict[int, int | None] = Field(default_factory=dict)
    safety_stock: int = 0


class StockMove(BaseModel):
    """By how much an item's level changed at a location."""

    sku: str
    location_id: int
    quantity: int


class StockChange(BaseModel):
    """One change of levels, seen from `shown_at` on."""

    transaction_id: str
    by: str
    at: datetime
    shown_at: datetime
    reason: str = ""
    moves: list[StockMove]


class Stock(BaseModel):
    """The whole stock."""

    locations: dict[int, Location] = Field(default_factory=dict)
    items: dict[str, StockItem] = Field(default_factory=dict)
    changes: list[StockChange] = Field(default_factory=list)

    def level(self, item: StockItem, location_id: int, at: datetime | None = None) -> int | None:
        """Return how many there are, as shown at a time or as it truly is."""
        opening = item.levels.get(location_id)
        if opening is None:
            return None
        return opening + sum(
            move.quantity
            for change in self.changes
            if at is None or change.shown_at <= at
            for move in change.moves
            if (move.sku, move.location_id) == (item.sku, location_id)
        )

    def find(
        self,
        *,
        sku: str | None = None,
        product_id: int | None = None,
        variant_id: int | None = None,
    ) -> StockItem | None:
        """Return the tracked item that one of these names."""
        for item in self.items.values():
            if item.sku == sku or item.variant_id == variant_id:
                return item
            if item.product_id == product_id:
                return item
        return None


def moves_back(stock: Stock, lines: Iterable[tuple[str, int]]) -> list[StockMove]:
    """Return how these pieces, by SKU, go back to the default location; untracked ones do not."""
    return [
        StockMove(sku=sku, location_id=DEFAULT_LOCATION, quantity=quantity)
        for sku, quantity in lines
        if sku in stock.items and stock.items[sku].levels.get(DEFAULT_LOCATION) is not None
    ]
