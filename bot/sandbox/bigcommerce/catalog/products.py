"""The products (V3), as far as choosing one needs them.

https://developer.bigcommerce.com/docs/rest-catalog/products
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.bigcommerce.answers import unknown_filter, v3_list
from bot.sandbox.bigcommerce.books import Product
from bot.sandbox.bigcommerce.catalog.categories import PRODUCTS
from bot.sandbox.bigcommerce.seed.stock import VARIANT_OFFSET
from bot.sandbox.bigcommerce.shop import Endpoint, Shop

OTHER_FIELDS = frozenset({"page", "limit", "include_fields", "keyword_context"})
# By the words of the specification these two are in every answer, whichever fields it asks for.
ALWAYS = frozenset({"id", "gift_wrapping_options_type", "gift_wrapping_options_list"})
OPENED = "2026-01-05T09:00:00+00:00"
UNUSED: Mapping[str, Any] = {
    "type": "physical",
    **dict.fromkeys(("is_visible", "open_graph_use_image"), True),
    **dict.fromkeys(("open_graph_use_meta_description", "open_graph_use_product_name"), True),
    **dict.fromkeys(("is_free_shipping", "is_featured", "is_condition_shown"), False),
    **dict.fromkeys(("is_preorder_only", "is_price_hidden"), False),
    **dict.fromkeys(("weight", "width", "depth", "height"), 1.0),
    **dict.fromkeys(("cost_price", "retail_price", "sale_price", "map_price"), 0.0),
    "fixed_cost_shipping_price": 0.0,
    **dict.fromkeys(("tax_class_id", "brand_id", "inventory_level", "inventory_warning_level"), 0),
    **dict.fromkeys(("reviews_rating_sum", "reviews_count", "total_sold", "view_count"), 0),
    **dict.fromkeys(("sort_order", "order_quantity_minimum", "order_quantity_maximum"), 0),
    **dict.fromkeys(("description", "product_tax_code", "warranty", "bin_picking_number"), ""),
    **dict.fromkeys(("upc", "mpn", "gtin", "search_keywords", "availability_description"), ""),
    **dict.fromkeys(("page_title", "meta_description", "preorder_message"), ""),
    **dict.fromkeys(("price_hidden_label", "open_graph_title", "open_graph_description"), ""),
    **dict.fromkeys(("categories", "related_products", "meta_keywords"), ()),
    "gift_wrapping_options_type": "any",
    "gift_wrapping_options_list": (),
    "inventory_tracking": "none",
    "layout_file": "product.html",
    "availability": "available",
    "condition": "New",
    "open_graph_type": "product",
    "option_set_id": 0,
    "option_set_display": "right",
    **dict.fromkeys(("date_created", "date_modified"), OPENED),
    "preorder_release_date": None,
}


def _has_words(product: Product, text: str) -> bool:
    return all(word in f"{product.name} {product.sku}".lower() for word in text.lower().split())


FILTERS: Mapping[str, Callable[[Product, str], bool]] = {
    "id": lambda row, text: str(row.id) == text,
    "id:in": lambda row, text: str(row.id) in text.split(","),
    "name": lambda row, text: row.name.lower() == text.lower(),
    "sku": lambda row, text: row.sku.lower() == text.lower(),
    "keyword": _has_words,
}


class Products:
    """The call about products."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the call."""
        return [Endpoint("GET", "/v3/catalog/products", PRODUCTS, self.products)]

    async def products(self, request: web.Request) -> web.Response:
        """List products; a filter that is not documented is refused."""
        rows = list(self._shop.books.products.values())
        for name, text in request.query.items():
            if name in OTHER_FIELDS:
                continue
            if name not in FILTERS:
                raise unknown_filter(name)
            rows = [row for row in rows if FILTERS[name](row, text)]
        only = set(request.query.get("include_fields", "").split(",")) - {""}
        written = [product_json(row) for row in rows]
        if only:
            written = [{k: v for k, v in row.items() if k in only | ALWAYS} for row in written]
        return v3_list(request, written)


def product_json(product: Product) -> dict[str, Any]:
    """Write a product, without what only `include` asks for."""
    return {
        **UNUSED,
        "id": product.id,
        "name": product.name,
        "sku": product.sku,
        "price": float(product.price),
        "calculated_price": float(product.price),
        "base_variant_id": product.id + VARIANT_OFFSET,
        "custom_url": {"url": f"/product-{product.id}/", "is_customized": False},
    }
