"""More of the control API: what a merchant does in the control panel, beyond changing a field.

POST /control/store/shipment   {"order_id": 1042, ...}: a parcel is sent: number, provider (usps,
                               ups, fedex ...), carrier, link, and how many pieces of the first line
                               it holds (default 1)
"""

from __future__ import annotations

from aiohttp import web
from pydantic import BaseModel, Field

from bot.sandbox.store.answers import json_object
from bot.sandbox.store.shipments import send
from bot.sandbox.store.shop import Handler, Shop


class Parcel(BaseModel, extra="forbid"):
    """What is sent."""

    order_id: int
    pieces: int = Field(default=1, ge=0)
    number: str = ""
    provider: str = ""
    carrier: str = ""
    link: str = ""


class OutsideControl:
    """The handlers."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Return method, name and handler of each."""
        return [("POST", "shipment", self.ship)]

    async def ship(self, request: web.Request) -> web.Response:
        """Send a parcel."""
        parcel = Parcel.model_validate(await json_object(request))
        order = self._shop.books.orders.get(parcel.order_id)
        if order is None or not order.lines:
            return web.json_response({"ok": False, "error": "order_not_found"}, status=404)
        line = order.lines[0]
        fields = parcel.model_dump(exclude={"order_id", "pieces"})
        quantities = {line.id: parcel.pieces}
        send(self._shop.books, order, quantities, sent_at=self._shop.now(), **fields)
        line.quantity_shipped = min(line.quantity, line.quantity_shipped + parcel.pieces)
        self._shop.changed()
        return web.json_response({"ok": True})
