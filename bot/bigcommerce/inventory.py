"""Stock: what is tracked where, relative adjustments, and whether the store gives back by itself.

Specifications: inventory.v3.yml and settings.v3.yml (InventorySettings). The Inventory API is
asynchronous: a level may be read as it was for some time after it was changed, and which
adjustments were made cannot be read at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from pydantic import AliasPath, BeforeValidator, Field

from bot.bigcommerce.http.answers import UNREADABLE, data_of, hold_against, read_list
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.errors import UnusableAnswer
from bot.bigcommerce.http.fields import (
    Count,
    Flag,
    Id,
    Many,
    MaybeCount,
    Model,
    Text,
    Told,
    distinct_by,
)
from bot.bigcommerce.http.paging import v3_pages

GIVES_BACK, TAKES = "refund_order_stock_adjustment", "update_stock_behavior"
TIMES = ("order_placed", "order_completed_or_shipped")


class StockPlace(Told):
    """An item at one location; at one that is not `enabled` nothing can be adjusted."""

    location_id: Id
    name: Text = Field(default="", validation_alias="location_name")
    on_hand: MaybeCount = Field(default=None, validation_alias="total_inventory_onhand")
    enabled: Flag = Field(default=False, validation_alias="location_enabled")


class InventoryItem(Told):
    """`GET /v3/inventory/items`: something whose stock is tracked.

    `sku_id` None: the base variant, so that the stock is the product's and not a variant's.
    """

    product_id: Id = Field(validation_alias=AliasPath("identity", "product_id"))
    variant_id: Count = Field(validation_alias=AliasPath("identity", "variant_id"))
    sku_id: MaybeCount = Field(default=None, validation_alias=AliasPath("identity", "sku_id"))
    places: Annotated[Many[StockPlace], BeforeValidator(distinct_by("location_id"))] = Field(
        default=(), validation_alias="locations"
    )


class StockAdjustment(Model):
    """Add `quantity` at a location, to a variant's stock or, without one, to the product's."""

    location_id: int
    product_id: int
    variant_id: int | None = None
    quantity: int


class StockSettings(Model):
    """When the store takes stock and gives it back. None: it cannot be told."""

    gives_back: bool | None = None
    takes_when_shipped: bool | None = None


class Inventory(Resource):
    """The stock of what is tracked."""

    async def items(self, product_ids: Iterable[int]) -> list[InventoryItem]:
        """Return the tracked items of these products; what is not tracked is not among them."""
        wanted = sorted(set(product_ids))
        if not wanted:
            return []
        query = {"product_id:in": ",".join(map(str, wanted))}
        call = self._api.read("/v3/inventory/items", query)
        rows = await v3_pages(self._api, call)
        hold_against(call, [row.get("identity") for row in rows], "product_id", wanted)
        return read_list(InventoryItem, call, rows)

    async def adjust(self, adjustments: Sequence[StockAdjustment], *, reason: str) -> None:
        """Change levels by these quantities; sent once. After NoAnswer nothing can settle it.

        Done only when the answer has the number of the change, as the specification promises.
        """
        body = {"reason": reason, "items": [_adjustment(each) for each in adjustments]}
        call = self._api.write("POST", "/v3/inventory/adjustments/relative", body)
        answer = await self._api.fetch(call)
        if not isinstance(answer, dict) or not answer.get("transaction_id"):
            raise UnusableAnswer(call.name, "BigCommerce's answer has no transaction_id.")

    async def settings(self, channel_id: int | None) -> StockSettings:
        """Return the settings that count for the orders of a channel; nothing is told without one.

        BigCommerce goes by the channel's for its own orders and by the store's for manual ones,
        which are not told apart here: it gives back by itself as soon as either says so.
        """
        if channel_id is None:
            return StockSettings()
        of_channel = await self._settings({"channel_id": str(channel_id)})
        of_store = await self._settings({})
        gives, gives_here = of_store.get(GIVES_BACK), of_channel.get(GIVES_BACK)
        if not isinstance(gives, bool):
            gives = None
        takes = of_channel.get(TAKES) or of_store.get(TAKES)
        return StockSettings(
            gives_back=True if gives_here is True else gives,
            takes_when_shipped=takes == TIMES[1] if takes in TIMES else None,
        )

    async def _settings(self, query: dict[str, str]) -> dict[str, Any]:
        call = self._api.read("/v3/settings/inventory", query)
        data = data_of(call, await self._api.fetch(call))
        if not isinstance(data, dict):
            raise UnusableAnswer(call.name, UNREADABLE)
        return data


def _adjustment(adjustment: StockAdjustment) -> dict[str, int]:
    body = {"location_id": adjustment.location_id, "quantity": adjustment.quantity}
    if adjustment.variant_id is None:
        return body | {"product_id": adjustment.product_id}
    return body | {"variant_id": adjustment.variant_id}
