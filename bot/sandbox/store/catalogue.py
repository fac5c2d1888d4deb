"""The category tree and the customers (V3): lists with filters, paging and empty `data`.

https://developer.bigcommerce.com/docs/rest-catalog/category-trees
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from bot.sandbox.store.answers import Refusal, v3_date, v3_list
from bot.sandbox.store.books import Category, Customer
from bot.sandbox.store.shop import Endpoint, Shop

PRODUCTS = frozenset({"store_v2_products", "store_v2_products_read_only"})
CUSTOMERS = frozenset({"store_v2_customers", "store_v2_customers_read_only"})
TREE_ID = 1
T = TypeVar("T")
Test = Callable[[T, list[str]], bool]


def full_name(customer: Customer) -> str:
    """Return the name as it is searched: first, then last."""
    return f"{customer.person.first_name} {customer.person.last_name}".lower()


CATEGORY_FILTERS: Mapping[str, Test[Category]] = {
    "name": lambda row, wanted: row.name.lower() == ",".join(wanted),
    "name:like": lambda row, wanted: ",".join(wanted) in row.name.lower(),
    "keyword": lambda row, wanted: ",".join(wanted) in row.name.lower(),
    "category_id:in": lambda row, wanted: str(row.id) in wanted,
    "category_id:not_in": lambda row, wanted: str(row.id) not in wanted,
    "parent_id:in": lambda row, wanted: str(row.parent_id) in wanted,
    "tree_id:in": lambda row, wanted: str(TREE_ID) in wanted,
    "is_visible": lambda row, wanted: str(row.is_visible).lower() in wanted,
}
CUSTOMER_FILTERS: Mapping[str, Test[Customer]] = {
    "id:in": lambda row, wanted: str(row.id) in wanted,
    "email:in": lambda row, wanted: row.person.email.lower() in wanted,
    "name:in": lambda row, wanted: full_name(row) in wanted,
    "name:like": lambda row, wanted: any(text in full_name(row) for text in wanted),
    "phone:in": lambda row, wanted: row.person.phone.lower() in wanted,
}
OTHER_FIELDS = frozenset({"page", "limit", "include", "include_fields", "exclude_fields", "sort"})


class Catalogue:
    """The calls about categories and customers."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        return [
            Endpoint("GET", "/v3/catalog/trees/categories", PRODUCTS, self.categories),
            Endpoint("GET", "/v3/customers", CUSTOMERS, self.customers),
        ]

    async def categories(self, request: web.Request) -> web.Response:
        """List categories."""
        rows = _filtered(request, list(self._shop.books.categories.values()), CATEGORY_FILTERS)
        only = set(request.query.get("include_fields", "").split(",")) - {""}
        written = [category_json(row) for row in rows]
        if only:
            only |= {"category_id", "parent_id", "tree_id"}
            written = [{k: v for k, v in row.items() if k in only} for row in written]
        return v3_list(request, written)

    async def customers(self, request: web.Request) -> web.Response:
        """List customers; there is no call for one alone."""
        rows = _filtered(request, list(self._shop.books.customers.values()), CUSTOMER_FILTERS)
        sort = request.query.get("sort", "")
        keys: dict[str, Callable[[Customer], Any]] = {
            "date_created": lambda row: row.created_at,
            "date_modified": lambda row: row.created_at,
            "last_name": lambda row: row.person.last_name.lower(),
        }
        name, _, direction = sort.partition(":")
        if sort and (name not in keys or direction not in ("asc", "desc")):
            raise Refusal(422, "Invalid sort", errors={"sort": "invalid"})
        if sort:
            rows.sort(key=keys[name], reverse=direction == "desc")
        return v3_list(request, [customer_json(row) for row in rows])


def _filtered(request: web.Request, rows: Sequence[T], tests: Mapping[str, Test[T]]) -> list[T]:
    found = list(rows)
    for name, value in request.query.items():
        if name in OTHER_FIELDS:
            continue
        # V3's word on unknown filters is not documented; a typing error should not go unnoticed.
        if name not in tests:
            raise Refusal(422, f"The filter '{name}' is not valid.", errors={name: "invalid"})
        wanted = [text.strip().lower() for text in value.split(",")]
        found = [row for row in found if tests[name](row, wanted)]
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


def customer_json(row: Customer) -> dict[str, Any]:
    """Write a customer."""
    return {
        "id": row.id,
        "email": row.person.email,
        "first_name": row.person.first_name,
        "last_name": row.person.last_name,
        "company": "",
        "phone": row.person.phone,
        "notes": "",
        "tax_exempt_category": "",
        "registration_ip_address": "",
        "customer_group_id": 0,
        "date_created": v3_date(row.created_at),
        "date_modified": v3_date(row.created_at),
        "address_count": 1,
        "attribute_count": 0,
        "authentication": {"force_password_reset": False},
        "accepts_product_review_abandoned_cart_emails": False,
        "origin_channel_id": 1,
        "channel_ids": [],
        "store_credit_amounts": [{"amount": float(row.store_credit)}],
    }
