"""Customers (V3): the registered shoppers, found by id, e-mail, name or phone number.

https://developer.bigcommerce.com/docs/rest-management/customers. Guests are not customers. Whether
case counts in a name is not documented: here it does. An e-mail's case does not, as shoppers log in
with it either way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.sandbox.bigcommerce.answers import StoreError, parsed, v3_date, v3_list
from bot.sandbox.bigcommerce.books import Customer
from bot.sandbox.bigcommerce.shop import Endpoint, Shop

READ = frozenset({"store_v2_customers", "store_v2_customers_read_only"})
INCLUDES = frozenset({"storecredit"})
Test = Callable[[Customer, Any], bool]


def full_name(customer: Customer) -> str:
    """Return first and last name as `name:like` looks at them."""
    return f"{customer.person.first_name} {customer.person.last_name}"


FILTERS: dict[str, tuple[Callable[[str], Any], Test]] = {
    "id:in": (int, lambda customer, value: customer.id == value),
    "email:in": (str.lower, lambda customer, value: customer.person.email.lower() == value),
    "name:in": (str, lambda customer, value: full_name(customer) == value),
    "name:like": (str, lambda customer, value: value in full_name(customer)),
    "phone:in": (str, lambda customer, value: customer.person.phone == value),
}
SORTS: dict[str, Callable[[Customer], Any]] = {
    "date_created": lambda customer: customer.created_at,
    "last_name": lambda customer: customer.person.last_name,
}


class Customers:
    """The calls about customers."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        return [Endpoint("GET", "/v3/customers", READ, self.list_customers)]

    async def list_customers(self, request: web.Request) -> web.Response:
        """List customers; an empty list is `data: []`. What is not kept here is refused."""
        known = {*FILTERS, "include", "sort", "page", "limit"}
        if unknown := [field for field in request.query if field not in known]:
            raise StoreError(
                422, "The filter is not supported.", errors=dict.fromkeys(unknown, "?")
            )
        includes = set(request.query.get("include", "").split(",")) - {""}
        if includes - INCLUDES:
            raise StoreError(
                422, "The include is not supported.", errors={"include": "error.unknown"}
            )
        rows = list(self._shop.books.customers.values())
        for name, (parse, test) in FILTERS.items():
            if text := request.query.get(name):
                wanted = [parsed(name, part, parse) for part in text.split(",")]
                rows = [row for row in rows if any(test(row, value) for value in wanted)]
        sort, _, direction = request.query.get("sort", "date_created:asc").partition(":")
        if sort not in SORTS or direction not in ("asc", "desc"):
            raise StoreError(422, "The sort is not supported.", errors={"sort": "error.unknown"})
        rows.sort(key=SORTS[sort], reverse=direction == "desc")
        with_credit = "storecredit" in includes
        written = [customer_json(row, with_credit=with_credit) for row in rows]
        return v3_list(request, written, cursors=True)


def customer_json(customer: Customer, *, with_credit: bool) -> dict[str, Any]:
    """Write a customer; store credit is in the store's default currency."""
    person = customer.person
    row: dict[str, Any] = {
        "id": customer.id,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": "",
        "phone": person.phone,
        "notes": "",
        "registration_ip_address": "",
        "tax_exempt_category": "",
        "customer_group_id": 0,
        "address_count": 1,
        "attribute_count": 0,
        "authentication": {"force_password_reset": False},
        "accepts_product_review_abandoned_cart_emails": True,
        "date_created": v3_date(customer.created_at),
        "date_modified": v3_date(customer.created_at),
        "origin_channel_id": 1,
        "channel_ids": [1],
    }
    if with_credit:
        row["store_credit_amounts"] = [{"amount": float(customer.store_credit)}]
    return row
