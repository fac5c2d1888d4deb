"""More of the control API: what happens in the control panel and at gateways, and webhooks.

POST /control/store/shipment    {"order_id": 1042, ...}: a parcel is sent: number, provider (usps,
                                ups, fedex ...), carrier, link, and how many pieces of the first
                                line it holds (default 1)
POST /control/store/refund      {"order_id": 1042, "amount": "5.00", ...}: another app gives money
                                back through the gateway, which refuses it where "declined" is true
POST /control/store/delete      {"order_id": 1042}: the order is deleted for good. Which webhook
                                that sends is not documented: "scope" names one, default none
POST /control/store/decline     {"order_id": 1042}: a payment of the order is declined
POST /control/store/hook-hosts  {"hooks.example": "http://127.0.0.1:8801"}: where the host of a
                                webhook's destination is really reached; no other host ever is
POST /control/store/hooks-off   {}: all webhooks are switched off, as after two days of failing
GET  /control/store/deliveries  what was delivered to webhooks: scope, attempt, status
"""

from __future__ import annotations

from decimal import Decimal

from aiohttp import web
from pydantic import BaseModel, Field, TypeAdapter

from bot.sandbox.bigcommerce.answers import Refusal, json_object
from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.faults import Fault
from bot.sandbox.bigcommerce.orders.shipments import send
from bot.sandbox.bigcommerce.refunds.payments import RefundItem
from bot.sandbox.bigcommerce.refunds.quotes import quote
from bot.sandbox.bigcommerce.refunds.refunds import record
from bot.sandbox.bigcommerce.refunds.settlement import Settlement
from bot.sandbox.bigcommerce.shop import Handler, Shop
from bot.sandbox.bigcommerce.webhooks.hook_deliveries import HookDeliveries

HOSTS = TypeAdapter(dict[str, str])


class Parcel(BaseModel, extra="forbid"):
    """What is sent."""

    order_id: int
    pieces: int = Field(default=1, ge=0)
    number: str = ""
    provider: str = ""
    carrier: str = ""
    link: str = ""


class Decline(BaseModel, extra="forbid"):
    """Whose payment is declined."""

    order_id: int


class RefundElsewhere(BaseModel, extra="forbid"):
    """What another app gives back."""

    order_id: int
    amount: Decimal = Field(gt=0, decimal_places=2)
    reason: str = "Refunded by another app"
    declined: bool = False


class Deletion(BaseModel, extra="forbid"):
    """Which order is deleted, and the webhook that tells of it."""

    order_id: int
    scope: str = ""


class OutsideControl:
    """The handlers."""

    def __init__(self, shop: Shop, settlement: Settlement, hooks: HookDeliveries) -> None:
        self._shop = shop
        self._settlement = settlement
        self._hooks = hooks

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Return method, name and handler of each."""
        return [
            ("POST", "shipment", self.ship),
            ("POST", "refund", self.refund),
            ("POST", "delete", self.delete),
            ("POST", "decline", self.decline),
            ("POST", "hook-hosts", self.hook_hosts),
            ("POST", "hooks-off", self.hooks_off),
            ("GET", "deliveries", self.deliveries),
        ]

    async def ship(self, request: web.Request) -> web.Response:
        """Send a parcel."""
        parcel = Parcel.model_validate(await json_object(request))
        order = self._order(parcel.order_id)
        line = order.lines[0]
        fields = parcel.model_dump(exclude={"order_id", "pieces"})
        quantities = {line.id: parcel.pieces}
        send(self._shop.books, order, quantities, sent_at=self._shop.now(), **fields)
        line.quantity_shipped = min(line.quantity, line.quantity_shipped + parcel.pieces)
        self._shop.happened("store/order/updated", order.id)
        self._shop.changed()
        return web.json_response({"ok": True})

    async def refund(self, request: web.Request) -> web.Response:
        """Give money back as another app does."""
        wanted = RefundElsewhere.model_validate(await json_object(request))
        order = self._order(wanted.order_id)
        items = [RefundItem(item_type="ORDER", item_id=order.id, amount=wanted.amount)]
        found = quote(order, items, in_flight=True)
        ways = next(ways for ways in found.methods if not any(way.offline for way in ways))
        paid = [(way.provider_id, way.amount, way.offline) for way in ways]
        fault = Fault(kind="decline") if wanted.declined else None
        refund = record(self._shop, order, items, paid, found, reason=wanted.reason, fault=fault)
        self._settlement.expect_refund(order, refund)
        return web.json_response({"ok": True, "refund_id": refund.id})

    async def delete(self, request: web.Request) -> web.Response:
        """Delete an order for good."""
        deletion = Deletion.model_validate(await json_object(request))
        del self._shop.books.orders[self._order(deletion.order_id).id]
        if deletion.scope:
            self._shop.happened(deletion.scope, deletion.order_id)
        self._shop.changed()
        return web.json_response({"ok": True})

    async def decline(self, request: web.Request) -> web.Response:
        """Decline a payment."""
        decline = Decline.model_validate(await json_object(request))
        self._settlement.decline(self._order(decline.order_id))
        return web.json_response({"ok": True})

    async def hook_hosts(self, request: web.Request) -> web.Response:
        """Say where hosts are reached."""
        self._hooks.reach.update(HOSTS.validate_python(await json_object(request)))
        return web.json_response({"ok": True})

    async def hooks_off(self, request: web.Request) -> web.Response:
        """Switch all webhooks off."""
        for hook in self._shop.books.hooks.values():
            hook.is_active = False
        self._shop.changed()
        return web.json_response({"ok": True})

    async def deliveries(self, request: web.Request) -> web.Response:
        """Return what was delivered."""
        return web.json_response({"deliveries": list(self._hooks.sent)})

    def _order(self, order_id: int) -> Order:
        order = self._shop.books.orders.get(order_id)
        if order is None:
            raise Refusal(404, "order_not_found")
        return order
