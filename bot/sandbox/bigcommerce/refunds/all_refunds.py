"""The refunds of all orders in one list (V3), by refund id."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from bot.sandbox.bigcommerce.answers import StoreError, page_of, parsed, v3
from bot.sandbox.bigcommerce.refunds.payment_actions import READ, refund_json
from bot.sandbox.bigcommerce.refunds.payments import Refund
from bot.sandbox.bigcommerce.shop import Endpoint, Shop

KNOWN = frozenset({"order_id:in", "id:in", "created:min", "created:max", "page", "limit"})


class AllRefunds:
    """The calls."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        return [Endpoint("GET", "/v3/orders/payment_actions/refunds", READ, self.list_refunds)]

    async def list_refunds(self, request: web.Request) -> web.Response:
        """List refunds in ascending order; `meta` is documented as empty, so nobody can count."""
        if unknown := [field for field in request.query if field not in KNOWN]:
            raise StoreError(
                422, "The filter is not supported.", errors=dict.fromkeys(unknown, "?")
            )
        rows = [row for row in self._all() if _is_wanted(request, row)]
        return v3([refund_json(row) for row in page_of(request, rows)])

    def _all(self) -> list[Refund]:
        orders = self._shop.books.orders.values()
        return sorted((row for order in orders for row in order.refunds), key=lambda row: row.id)


def _is_wanted(request: web.Request, refund: Refund) -> bool:
    for field, value in (("order_id:in", refund.order_id), ("id:in", refund.id)):
        text = request.query.get(field)
        if text and value not in [parsed(field, part, int) for part in text.split(",")]:
            return False
    least, most = (_moment(request, field) for field in ("created:min", "created:max"))
    at = refund.created_at
    return (least is None or at >= least) and (most is None or at <= most)


def _moment(request: web.Request, field: str) -> datetime | None:
    """Read a time as RFC 3339, which has a zone."""
    text = request.query.get(field)
    if text is None:
        return None
    at: datetime = parsed(field, text, datetime.fromisoformat)
    if at.tzinfo is None:
        raise StoreError(422, "The filter is invalid.", errors={field: "error.expected.date"})
    return at
