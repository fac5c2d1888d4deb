"""The category tree (V3): a list with filters, paging and empty `data`.

https://developer.bigcommerce.com/docs/rest-catalog/category-trees
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from bot.sandbox.bigcommerce.answers import unknown_filter, v3_list
from bot.sandbox.bigcommerce.books import Category
from bot.sandbox.bigcommerce.shop import Endpoint, Shop

PRODUCTS = frozenset({"store_v2_products", "store_v2_products_read_only"})
TREE_ID = 1
FILTERS: Mapping[str, Callable[[Category, list[str]], bool]] = {
    "name": lambda row, wanted: row.name.lower() == ",".join(wanted),
    "name:like": lambda row, wanted: ",".join(wanted) in row.name.lower(),
    "keyword": lambda row, wanted: ",".join(wanted) in row.name.lower(),
    "category_id:in": lambda row, wanted: str(row.id) in wanted,
    "category_id:not_in": lambda row, wanted: str(row.id) not in wanted,
    "parent_id:in": lambda row, wanted: str(row.parent_id) in wanted,
    "tree_id:in": lambda row, wanted: str(TREE_ID) in wanted,
    "is_visible": lambda row, wanted: str(row.is_visible).lower() in wanted,
}
OTHER_FIELDS = frozenset({"page", "limit", "include", "include_fields", "exclude_fields", "sort"})


class Catalogue:
    """The calls about categories."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        return [Endpoint("GET", "/v3/catalog/trees/categories", PRODUCTS, self.categories)]

    async def categories(self, request: web.Request) -> web.Response:
        """List categories."""
        rows = _filtered(request, list(self._shop.books.categories.values()))
        only = set(request.query.get("include_fields", "").split(",")) - {""}
        written = [category_json(row) for row in rows]
        if only:
            only |= {"category_id", "parent_id", "tree_id"}
            written = [{k: v for k, v in row.items() if k in only} for row in written]
        return v3_list(request, written)


def _filtered(request: web.Request, rows: Sequence[Category]) -> list[Category]:
    found = list(rows)
    for name, value in request.query.items():
        if name in OTHER_FIELDS:
            continue
        # V3's word on unknown filters is not documented; a typing error should not go unnoticed.
        if name not in FILTERS:
            raise unknown_filter(name)
        wanted = [text.strip().lower() for text in value.split(",")]
        found = [row for row in found if FILTERS[name](row, wanted)]
    return found


def category_json(row: Category) -> dict[str, Any]:
    """Write a category; its number is `category_id`."""
    return {
        "category_id": row.id,
        "category_uuid": str(uuid5(NAMESPACE_URL, f"category:{row.id}")),
        "parent_id": row.parent_id,
        "tree_id": TREE_ID,
        "name": row.name,
        "description": "",
        "views": 0,
        "sort_order": 0,
        "page_title": "",
        "meta_keywords": [],
        "meta_description": "",
        "layout_file": "category.html",
        "image_url": "",
        "is_visible": row.is_visible,
        "search_keywords": "",
        "default_product_sort": "use_store_settings",
        "url": {"path": row.path, "is_customized": False},
    }
