"""The products (V3), as far as choosing one needs them.

https://developer.bigcommerce.com/docs/rest-catalog/products
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.store.answers import Refusal, v3_list
from bot.sandbox.store.books import Product
from bot.sandbox.store.catalogue import PRODUCTS
from bot.sandbox.store.shop import Endpoint, Shop

OTHER_FIELDS = frozenset({"page", "limit", "include_fields", "keyword_context"})
ALWAYS = frozenset({"id"})


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
                raise Refusal(422, f"The filter '{name}' is not valid.", errors={name: "invalid"})
            rows = [row for row in rows if FILTERS[name](row, text)]
        only = set(request.query.get("include_fields", "").split(",")) - {""}
        written = [product_json(row) for row in rows]
        if only:
            written = [{k: v for k, v in row.items() if k in only | ALWAYS} for row in written]
        return v3_list(request, written)


def product_json(product: Product) -> dict[str, Any]:
    """Write a product, the fields that the bot has a use for."""
    return {
        "id": product.id,
        "name": product.name,
        "type": "physical",
        "sku": product.sku,
        "price": float(product.price),
        "is_visible": True,
    }
