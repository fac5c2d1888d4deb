"""Orders (V2): reading one, listing, and the partial update that changes a status.

https://developer.bigcommerce.com/docs/rest-management/orders
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import web

from bot.sandbox.bigcommerce.answers import (
    StoreError,
    answer,
    json_object,
    known_query,
    page_of,
    parsed,
    v2_list,
    v2_page,
)
from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.orders.order_json import fees_json, order_json
from bot.sandbox.bigcommerce.orders.order_parts import addresses_json, coupons_json, lines_json
from bot.sandbox.bigcommerce.orders.order_update import update
from bot.sandbox.bigcommerce.orders.shipments import shipments_json
from bot.sandbox.bigcommerce.refunds.sums import total
from bot.sandbox.bigcommerce.shop import Endpoint, Shop

WRITE = frozenset({"store_v2_orders"})
READ = WRITE | {"store_v2_orders_read_only"}
INCLUDES = frozenset({"include", "consignment_structure"})


def a_time(text: str) -> datetime:
    """Read a time as RFC 2822 or ISO 8601; without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = parsedate_to_datetime(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


Test = Callable[[Order, Any], bool]
FILTERS: dict[str, tuple[Callable[[str], Any], Test]] = {
    "min_id": (int, lambda order, value: order.id >= value),
    "max_id": (int, lambda order, value: order.id <= value),
    "min_total": (Decimal, lambda order, value: total(order).inc_tax >= value),
    "max_total": (Decimal, lambda order, value: total(order).inc_tax <= value),
    "customer_id": (int, lambda order, value: order.customer_id == value),
    "email": (str.lower, lambda order, value: order.billing.email.lower() == value),
    "status_id": (int, lambda order, value: order.status_id == value),
    "cart_id": (str, lambda order, value: False),
    "payment_method": (str, lambda order, value: order.payment_method == value),
    "min_date_created": (a_time, lambda order, value: order.created_at >= value),
    "max_date_created": (a_time, lambda order, value: order.created_at <= value),
    "min_date_modified": (a_time, lambda order, value: order.modified_at >= value),
    "max_date_modified": (a_time, lambda order, value: order.modified_at <= value),
    "channel_id": (int, lambda order, value: order.origin.channel_id == value),
    "external_order_id": (str, lambda order, value: order.external_order_id == value),
}
SORTS: dict[str, Callable[[Order], Any]] = {
    "id": lambda order: order.id,
    "customer_id": lambda order: order.customer_id,
    "date_created": lambda order: order.created_at,
    "date_modified": lambda order: order.modified_at,
    "status_id": lambda order: order.status_id,
    "channel_id": lambda order: order.origin.channel_id,
    "external_id": lambda order: order.origin.external_id or "",
}


class OrdersV2:
    """The calls about orders."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        order = "/v2/orders/{order_id}"
        return [
            Endpoint("GET", "/v2/orders", READ, self.list_orders),
            Endpoint("GET", order, READ, self.get_order),
            Endpoint("PUT", order, WRITE, self.put_order),
            Endpoint("GET", f"{order}/products", READ, self.products),
            Endpoint("GET", f"{order}/shipping_addresses", READ, self.addresses),
            Endpoint("GET", f"{order}/fees", READ, self.fees),
            Endpoint("GET", f"{order}/coupons", READ, self.coupons),
            Endpoint("GET", f"{order}/shipments", READ, self.shipments),
        ]

    async def list_orders(self, request: web.Request) -> web.Response:
        """List orders that are not archived, by id unless asked otherwise; 204 when none."""
        known_query(request, {*FILTERS, *INCLUDES, "sort"})
        rows = self._found(request)
        sort, _, direction = request.query.get("sort", "id:asc").partition(":")
        if sort not in SORTS or direction not in ("", "asc", "desc"):
            raise StoreError(400, "The field 'sort' is invalid.")
        rows.sort(key=SORTS[sort], reverse=direction == "desc")
        return v2_list([self._json(request, row) for row in page_of(request, rows)])

    def _found(self, request: web.Request) -> list[Order]:
        rows = [row for row in self._shop.books.orders.values() if not row.is_deleted]
        for name, (parse, test) in FILTERS.items():
            if name in request.query:
                value = parsed(name, request.query[name], parse)
                rows = [row for row in rows if test(row, value)]
        return rows

    async def get_order(self, request: web.Request) -> web.Response:
        """Return one order, archived ones too."""
        known_query(request, INCLUDES)
        return answer(self._json(request, self._shop.order(request)))

    def _json(self, request: web.Request, order: Order) -> dict[str, Any]:
        includes = set(request.query.get("include", "").split(",")) - {""}
        # Consignments are documented but not kept here: better refused than wrong.
        if includes - {"fees"}:
            raise StoreError(400, "The field 'include' is invalid.")
        return order_json(
            order,
            self._api_url(request),
            with_fees="fees" in includes,
            custom_status=self._shop.books.settings.status_labels.get(order.status_id, ""),
        )

    def _api_url(self, request: web.Request) -> str:
        return f"{request.url.origin()}/stores/{self._shop.store_hash}/v2"

    async def put_order(self, request: web.Request) -> web.Response:
        """Change an order's status or notes; moves no money whatever the status."""
        order = self._shop.order(request)
        known = order_json(order, "")
        update(self._shop, order, await json_object(request), known=frozenset(known))
        return answer(self._json(request, order))

    async def products(self, request: web.Request) -> web.Response:
        """List the lines, 50 a page."""
        return v2_page(request, lines_json(self._shop.order(request)))

    async def addresses(self, request: web.Request) -> web.Response:
        """List the shipping addresses."""
        order = self._shop.order(request)
        return v2_page(request, addresses_json(order, self._api_url(request)))

    async def fees(self, request: web.Request) -> web.Response:
        """Return the fees, in an object; 204 when there are none."""
        rows = fees_json(self._shop.order(request))
        return answer({"fees": rows}) if rows else web.Response(status=204)

    async def coupons(self, request: web.Request) -> web.Response:
        """List the coupons used."""
        return v2_page(request, coupons_json(self._shop.order(request)))

    async def shipments(self, request: web.Request) -> web.Response:
        """List the shipments."""
        return v2_page(request, shipments_json(self._shop.order(request)))
