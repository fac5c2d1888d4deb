"""The control API of the store, for tests and the page: faults, true books, changes by others.

GET  /control/store/faults     the faults that are switched on
POST /control/store/faults     a fault (see `faults.Fault` for its fields), or {"clear": true}
GET  /control/store/orders     what there is to try, with tags that say what each order is for
GET  /control/store/books      what is true: orders with refunds and history, coupons,
                               promotions with their codes, mails, stock
POST /control/store/order      {"order_id": 1042, ...}: a change made by another app: status_id,
                               payment_status, is_deleted, staff_notes, customer_id, email of the
                               billing address, or refund_amount, an amount that somebody gave back
                               elsewhere, and refund_reason
POST /control/store/settings   any of `books.Settings`
GET  /control/store/settings   all of them
POST /control/store/settle     settle everything that is on its way

`control_outside` and `control_discounts` have the rest.

Answers are {"ok": true, ...}; errors {"ok": false, "error": "..."} with a 4xx status.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from bot.sandbox.bigcommerce.answers import Refusal, json_object
from bot.sandbox.bigcommerce.books import Order, Settings
from bot.sandbox.bigcommerce.control.discounts import DiscountControl
from bot.sandbox.bigcommerce.control.outside import OutsideControl
from bot.sandbox.bigcommerce.discounts.coupons import all_coupons, coupon_json
from bot.sandbox.bigcommerce.discounts.promotions import code_json, promotion_json
from bot.sandbox.bigcommerce.faults import Fault
from bot.sandbox.bigcommerce.orders.statuses import NAMES
from bot.sandbox.bigcommerce.refunds.payments import RefundItem
from bot.sandbox.bigcommerce.refunds.quotes import quote
from bot.sandbox.bigcommerce.refunds.refunds import record
from bot.sandbox.bigcommerce.refunds.settlement import Settlement
from bot.sandbox.bigcommerce.refunds.sums import total
from bot.sandbox.bigcommerce.shop import Handler, Shop
from bot.sandbox.bigcommerce.webhooks.hook_deliveries import HookDeliveries

ANOTHER_APP = "another app"


class OrderChange(BaseModel, extra="forbid"):
    """What another app does to an order."""

    order_id: int
    status_id: int | None = Field(default=None, ge=0, lt=len(NAMES))
    payment_status: str | None = None
    is_deleted: bool | None = None
    staff_notes: str | None = None
    customer_id: int | None = Field(default=None, ge=0)
    email: str | None = None
    refund_amount: Decimal | None = Field(default=None, gt=0, decimal_places=2)
    refund_reason: str = "Refunded elsewhere"


class Control:
    """The handlers of the control API."""

    def __init__(self, shop: Shop, settlement: Settlement, hooks: HookDeliveries) -> None:
        self._shop = shop
        self._settlement = settlement
        self._outside = OutsideControl(shop, settlement, hooks)
        self._discounts = DiscountControl(shop)

    def add_routes(self, app: web.Application) -> None:
        """Add the control API to an application."""
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "faults", self.get_faults),
            ("POST", "faults", self.post_fault),
            ("GET", "orders", self.orders),
            ("GET", "books", self.books),
            ("POST", "order", self.change_order),
            ("GET", "settings", self.get_settings),
            ("POST", "settings", self.post_settings),
            ("POST", "settle", self.settle),
            *self._outside.routes(),
            *self._discounts.routes(),
        ]
        for method, name, handler in routes:
            app.router.add_route(method, f"/control/store/{name}", _with_errors(handler))

    async def get_faults(self, request: web.Request) -> web.Response:
        """Return the faults that are switched on."""
        faults = [fault.model_dump(mode="json") for fault in self._shop.faults.switched_on]
        return web.json_response({"ok": True, "faults": faults})

    async def post_fault(self, request: web.Request) -> web.Response:
        """Switch a fault on, or all off."""
        body = await json_object(request)
        if body.get("clear"):
            self._shop.faults.switched_on.clear()
        else:
            self._shop.faults.switched_on.append(Fault.model_validate(body))
        return web.json_response({"ok": True})

    async def orders(self, request: web.Request) -> web.Response:
        """Return all orders in short."""
        return web.json_response([_in_short(row) for row in self._shop.books.orders.values()])

    async def books(self, request: web.Request) -> web.Response:
        """Return what is true."""
        books = self._shop.books
        return web.json_response(
            {
                "orders": {str(row.id): _truth(row) for row in books.orders.values()},
                "coupons": [coupon_json(row) for row in all_coupons(books)],
                "promotions": [
                    {**promotion_json(row), "codes": [code_json(code) for code in row.codes]}
                    for row in books.promotions.values()
                ],
                "mails": [mail.model_dump(mode="json") for mail in books.mails],
                "stock_changes": [row.model_dump(mode="json") for row in books.stock.changes],
                "stock": {
                    sku: {place: books.stock.level(item, place) for place in item.levels}
                    for sku, item in books.stock.items.items()
                },
            }
        )

    async def change_order(self, request: web.Request) -> web.Response:
        """Change an order as another app would."""
        change = OrderChange.model_validate(await json_object(request))
        order = self._shop.books.orders.get(change.order_id)
        if order is None:
            return _error("order_not_found", 404)
        if change.refund_amount is not None:
            self._refund_elsewhere(order, change.refund_amount, change.refund_reason)
        if change.email is not None:
            order.billing = order.billing.model_copy(update={"email": change.email})
        fields = change.model_dump(
            exclude={"order_id", "refund_amount", "refund_reason", "email"}, exclude_unset=True
        )
        for field, value in fields.items():
            self._shop.change(order, ANOTHER_APP, field, value)
        return web.json_response({"ok": True})

    def _refund_elsewhere(self, order: Order, amount: Decimal, reason: str) -> None:
        items = [RefundItem(item_type="ORDER", item_id=order.id, amount=amount)]
        found = quote(order, items, in_flight=True)
        way = [("custom", found.total, True)]
        refund = record(self._shop, order, items, way, found, reason=reason)
        self._settlement.settle(order, refund)

    async def get_settings(self, request: web.Request) -> web.Response:
        """Return the settings."""
        return web.json_response(self._shop.books.settings.model_dump(mode="json"))

    async def post_settings(self, request: web.Request) -> web.Response:
        """Change some settings."""
        settings = self._shop.books.settings
        fresh = Settings.model_validate({**settings.model_dump(), **await json_object(request)})
        for field in Settings.model_fields:
            setattr(settings, field, getattr(fresh, field))
        self._shop.changed()
        return web.json_response({"ok": True})

    async def settle(self, request: web.Request) -> web.Response:
        """Settle everything that is on its way."""
        self._settlement.settle_all()
        return web.json_response({"ok": True})


def _with_errors(handler: Handler) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ValidationError as exc:
            first = exc.errors()[0]
            return _error(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", 400)
        except Refusal as refusal:
            return _error(refusal.title, refusal.status)

    return handle


def _error(error: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)


def _in_short(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "status": NAMES[order.status_id],
        "status_id": order.status_id,
        "payment_status": order.payment_status,
        "customer": f"{order.billing.first_name} {order.billing.last_name}",
        "total": str(total(order).inc_tax),
        "currency": order.currency,
        "tags": order.tags,
    }


def _truth(order: Order) -> dict[str, Any]:
    refunds = [
        {
            "id": refund.id,
            "created_at": refund.created_at.isoformat(),
            "total": str(refund.total),
            "reason": refund.reason,
            "declined": refund.declined,
            "settled": refund.settled,
            "given_back": str(refund.given_back),
            "payments": [payment.provider_id for payment in refund.payments],
            "items": [item.model_dump(mode="json") for item in refund.items],
        }
        for refund in order.refunds
    ]
    return {
        "status_id": order.status_id,
        "payment_status": order.payment_status,
        "customer_id": order.customer_id,
        "email": order.billing.email,
        "total": str(total(order).inc_tax),
        "currency": order.currency,
        "is_deleted": order.is_deleted,
        "staff_notes": order.staff_notes,
        "refunds": refunds,
        "history": [change.model_dump(mode="json") for change in order.history],
    }
