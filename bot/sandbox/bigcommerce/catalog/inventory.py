"""The inventory (V3): tracked items by location, relative adjustments, the store's own settings.

Nothing tells later which adjustments were made. Only what is tracked is listed.

https://developer.bigcommerce.com/docs/rest-management/inventory
https://developer.bigcommerce.com/docs/rest-management/settings/inventory
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from aiohttp import web

from bot.sandbox.bigcommerce.answers import (
    StoreError,
    answer,
    json_object,
    unknown_filter,
    v3,
    v3_list,
)
from bot.sandbox.bigcommerce.catalog.stock import Stock, StockChange, StockItem, StockMove
from bot.sandbox.bigcommerce.shop import Endpoint, Shop
from bot.sandbox.bigcommerce.store_info import READ as SETTINGS_READ

WRITE = frozenset({"store_inventory"})
READ = WRITE | {"store_inventory_read_only"}
MOST_ITEMS = 2000
MOST_IN_STOCK = 2**31 - 1
NAMES = ("sku", "variant_id", "product_id")
OTHER_SETTINGS: Mapping[str, Any] = {
    "product_out_of_stock_behavior": "do_nothing",
    "option_out_of_stock_behavior": "do_nothing",
    "edit_order_stock_adjustment": False,
    "stock_level_display": "dont_show",
    "default_out_of_stock_message": "Currently out of stock",
    "hide_in_product_filtering": False,
    "show_pre_order_stock_levels": False,
    "show_out_of_stock_message": True,
}
FILTERS = {"sku:in", "variant_id:in", "product_id:in", "location_id:in", "page", "limit"}


class Inventory:
    """The calls about stock."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        adjust = "/v3/inventory/adjustments/relative"
        return [
            Endpoint("GET", "/v3/inventory/items", READ, self.items),
            Endpoint("POST", adjust, WRITE, self.adjust),
            Endpoint("GET", "/v3/settings/inventory", SETTINGS_READ, self.settings),
        ]

    async def items(self, request: web.Request) -> web.Response:
        """List what is tracked, with its level at each location."""
        rows = list(self._shop.books.stock.items.values())
        places = _wanted(request, "location_id:in")
        for name in request.query:
            if name not in FILTERS:
                raise unknown_filter(name)
        for field in NAMES:
            wanted = _wanted(request, f"{field}:in")
            if wanted:
                rows = [row for row in rows if str(getattr(row, field)) in wanted]
        return v3_list(request, [self._item_json(row, places) for row in rows])

    async def adjust(self, request: web.Request) -> web.Response:
        """Change levels, all of them or none; how they are now shows a little later."""
        body = await json_object(request)
        moves = _read_moves(self._shop.books.stock, body)
        at = self._shop.exact_now()
        delay = timedelta(seconds=self._shop.books.settings.stock_delay_s)
        change = StockChange(
            transaction_id=str(uuid4()),
            by="api",
            at=at,
            shown_at=at + delay,
            reason=str(body.get("reason") or ""),
            moves=moves,
        )
        self._shop.books.stock.changes.append(change)
        self._shop.changed()
        return answer({"transaction_id": change.transaction_id})

    async def settings(self, request: web.Request) -> web.Response:
        """Return when stock is taken and given back; null for a channel: it follows the store."""
        settings = self._shop.books.settings
        ours: dict[str, Any] = {
            "update_stock_behavior": settings.update_stock_behavior,
            "refund_order_stock_adjustment": settings.refund_order_stock_adjustment,
        }
        data = {**OTHER_SETTINGS, **ours}
        if "channel_id" in request.query:
            data = dict.fromkeys(data)
            data["refund_order_stock_adjustment"] = settings.channel_stock_adjustment
        return v3(data)

    def _item_json(self, item: StockItem, places: set[str]) -> dict[str, Any]:
        stock, now = self._shop.books.stock, self._shop.exact_now()
        rows = []
        for location_id in item.levels:
            if places and str(location_id) not in places:
                continue
            location = stock.locations[location_id]
            # What was never counted appears to be 0.
            level = stock.level(item, location_id, now) or 0
            rows.append(
                {
                    "location_id": location.id,
                    "location_code": location.code,
                    "location_name": location.name,
                    "available_to_sell": max(0, level - item.safety_stock),
                    "total_inventory_onhand": level,
                    "location_enabled": location.enabled,
                    "settings": {
                        "safety_stock": item.safety_stock,
                        "is_in_stock": level > item.safety_stock,
                        "warning_level": 0,
                        "bin_picking_number": "",
                    },
                }
            )
        return {"identity": _identity(item), "locations": rows}


def _identity(item: StockItem) -> dict[str, Any]:
    return {
        "sku": item.sku,
        "variant_id": item.variant_id,
        "product_id": item.product_id,
        # null: the base variant, so the item is the product itself
        "sku_id": item.variant_id + 1000 if item.by == "variant" else None,
    }


def _wanted(request: web.Request, field: str) -> set[str]:
    return {text.strip() for text in request.query.get(field, "").split(",")} - {""}


def _read_moves(stock: Stock, body: Mapping[str, Any]) -> list[StockMove]:
    rows = body.get("items")
    if not isinstance(rows, list) or not rows:
        raise _invalid("items", "At least one item must be specified")
    if len(rows) > MOST_ITEMS:
        raise _invalid("items", f"At most {MOST_ITEMS} items are allowed")
    # What an unknown field does is not documented: refused rather than ignored.
    for field in body:
        if field not in ("reason", "items"):
            raise _invalid(field, "Unknown field")
    if not isinstance(body.get("reason", ""), str):
        raise _invalid("reason", "Must be a string")
    moves = [_read_move(stock, f"items.{index}", row) for index, row in enumerate(rows)]
    for move in moves:
        _check_level(stock, move, moves)
    return moves


def _read_move(stock: Stock, where: str, row: Any) -> StockMove:
    if not isinstance(row, dict) or set(row) - {*NAMES, "location_id", "quantity"}:
        raise _invalid(where, "Must hold location_id, quantity and one identity")
    named = [field for field in NAMES if field in row]
    if len(named) != 1:
        raise _invalid(where, "One of sku, product_id or variant_id is required")
    for field in ("location_id", "quantity"):
        if type(row.get(field)) is not int:
            raise _invalid(f"{where}.{field}", "Must be an integer")
    name, value = named[0], row[named[0]]
    item = stock.find(**{name: value})
    if item is None:
        raise StoreError(422, f"[Item with {name} {value} was not found]", errors={})
    if name != "sku" and name != f"{item.by}_id":
        text = f"Item with {name} {value} is tracked by {item.by}, please update stock by"
        raise StoreError(422, f"[{text} {item.by} id]", errors={})
    location = stock.locations.get(row["location_id"])
    if location is None or not location.enabled:
        raise StoreError(
            422, f"[Location {row['location_id']} was not found or is disabled]", errors={}
        )
    if item.levels.get(location.id) is None:
        text = f"Items with identity: [{name} {value}] requires absolute adjustment before relative"
        raise StoreError(422, text, errors={})
    return StockMove(sku=item.sku, location_id=location.id, quantity=row["quantity"])


def _check_level(stock: Stock, move: StockMove, moves: list[StockMove]) -> None:
    """Refuse what would take a level out of its bounds; the parts of one request add up."""
    item = stock.items[move.sku]
    after = (stock.level(item, move.location_id) or 0) + sum(
        each.quantity
        for each in moves
        if (each.sku, each.location_id) == (move.sku, move.location_id)
    )
    if after > MOST_IN_STOCK:
        raise StoreError(422, f"[Item with sku {move.sku} exceeds the inventory limit]", errors={})
    if move.quantity < 0 and after < item.safety_stock:
        raise StoreError(422, f"[Item with sku {move.sku} has insufficient stock]", errors={})


def _invalid(field: str, why: str) -> StoreError:
    return StoreError(422, "Payload contains invalid fields", errors={field: why})
