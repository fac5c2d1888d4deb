"""What a form lets people choose from: products and sales channels.

Sources: the specifications `products_catalog.v3` and `channels.v3`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import AliasChoices, Field

from bot.bigcommerce.http.answers import data_of, hold_against, read_list
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.fields import Count, Id, Text, Told
from bot.bigcommerce.http.paging import v3_pages
from bot.bigcommerce.http.transport import Call
from bot.bigcommerce.models import Category

PRODUCT_FIELDS = "name,sku"
MOST_FOUND = 100
STOREFRONT, MARKETPLACE, ACTIVE = "storefront", "marketplace", "active"


class Product(Told):
    """A product; names need not be unique, and the SKU may be empty."""

    id: Id
    name: Text = ""
    sku: Text = ""


class SalesChannel(Told):
    """A sales channel; of a `type` such as storefront, marketplace or pos."""

    id: Id
    name: Text = ""
    type: Text = ""
    status: Text = ""


class Catalog(Resource):
    """What the store sells, and its categories."""

    async def search(self, words: str) -> list[Product]:
        """Return at most a hundred products with these words in name or SKU; all for none."""
        query = {"include_fields": PRODUCT_FIELDS, "limit": str(MOST_FOUND)}
        if words.strip():
            query |= {"keyword": words.strip(), "keyword_context": "merchant"}
        call = self._api.read("/v3/catalog/products", query)
        return read_list(Product, call, data_of(call, await self._api.fetch(call)))

    async def products(self, product_ids: Sequence[int]) -> list[Product]:
        """Return these products, without those that the store does not have (any more)."""
        wanted = {"id:in": ",".join(map(str, product_ids)), "include_fields": PRODUCT_FIELDS}
        call = self._api.read("/v3/catalog/products", wanted)
        rows = await v3_pages(self._api, call)
        hold_against(call, rows, "id", product_ids)
        return read_list(Product, call, rows)

    async def categories(self) -> list[Category]:
        """Return every category with its path ("Garden › Bath"), sorted by it."""
        call = self._api.read("/v3/catalog/trees/categories")
        return read_categories(call, await v3_pages(self._api, call))


class Channels(Resource):
    """Where the store sells. Scope: Channel Settings."""

    async def storefronts(self) -> list[SalesChannel]:
        """Return the open storefronts: no other channel takes codes."""
        call = self._api.read("/v3/channels", {"type:in": STOREFRONT, "status:in": ACTIVE})
        found = read_list(SalesChannel, call, await v3_pages(self._api, call))
        return [each for each in found if (each.type, each.status) == (STOREFRONT, ACTIVE)]

    async def marketplaces(self) -> list[SalesChannel]:
        """Return the marketplaces that the shop sells on, closed ones too."""
        call = self._api.read("/v3/channels", {"type:in": MARKETPLACE})
        found = read_list(SalesChannel, call, await v3_pages(self._api, call))
        return [each for each in found if each.type == MARKETPLACE]


SEPARATOR = " › "


class TreeCategory(Told):
    """`GET /v3/catalog/trees/categories`."""

    id: Id = Field(validation_alias=AliasChoices("category_id", "id"))
    parent_id: Count = 0
    name: Text = ""


def read_categories(call: Call, values: list[Any]) -> list[Category]:
    """Return the categories sorted by path; names are unique only among siblings."""
    tree = {category.id: category for category in read_list(TreeCategory, call, values)}
    found = [
        Category(id=category.id, name=category.name, path=_path(category, tree))
        for category in tree.values()
    ]
    return sorted(found, key=lambda category: (category.path.casefold(), category.id))


def _path(category: TreeCategory, tree: Mapping[int, TreeCategory]) -> str:
    names = [category.name]
    seen = {category.id}
    parent = tree.get(category.parent_id)
    while parent is not None and parent.id not in seen:  # a loop must not hang the form
        names.insert(0, parent.name)
        seen.add(parent.id)
        parent = tree.get(parent.parent_id)
    return SEPARATOR.join(names)
