"""An order, and what the store keeps below it.

Shapes: the specification `orders.v2`. Lists below an order are answered 204 where there is none.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

from bot.bigcommerce.http.answers import UNREADABLE, hold_against, read_list, read_model, rows_of
from bot.bigcommerce.http.calls import Api, Resource
from bot.bigcommerce.http.errors import NotFound, OrderNotFound, UnusableAnswer
from bot.bigcommerce.http.paging import V2_LIMIT, v2_pages
from bot.bigcommerce.http.transport import Call
from bot.bigcommerce.models import Fee, Order, OrderLine, ShippingAddress
from bot.bigcommerce.order_parts import Shipment, UsedCoupon
from bot.values.clean_text import clean_text

STAFF_NOTES_MAX = 65_535
M = TypeVar("M", bound=BaseModel)


class Orders(Resource):
    """Orders, and what is below them. What belongs to another than was asked for is WrongAnswer."""

    async def get(self, order_id: int) -> Order:
        """Return the order; OrderNotFound when the store has none of that number."""
        call = self._api.read(f"/v2/orders/{order_id}")
        try:
            answer = await self._api.fetch(call)
        except NotFound as missing:
            raise OrderNotFound(call.name, missing.reason, missing.status_code) from missing
        return _order(call, answer, order_id)

    async def lines(self, order_id: int) -> list[OrderLine]:
        """Return every line of the order, whatever their number."""
        return await self._get_part(OrderLine, order_id, "products")

    async def shipping_addresses(self, order_id: int) -> list[ShippingAddress]:
        """Return where the order goes; none for a digital one."""
        return await self._get_part(ShippingAddress, order_id, "shipping_addresses")

    async def fees(self, order_id: int) -> list[Fee]:
        """Return the order's fees; none where the store does not know the resource."""
        call = self._api.read(f"/v2/orders/{order_id}/fees")
        try:
            answer = await self._api.fetch(call)
        except NotFound:
            return []
        if answer is None:
            return []
        # The specification has an object around the list; elsewhere the list comes bare.
        return read_list(Fee, call, answer.get("fees") if isinstance(answer, dict) else answer)

    async def shipments(self, order_id: int) -> list[Shipment]:
        """Return what has been sent so far."""
        return await self._get_part(Shipment, order_id, "shipments")

    async def used_coupons(self, order_id: int) -> list[UsedCoupon]:
        """Return the coupons that the order used."""
        return await self._get_part(UsedCoupon, order_id, "coupons")

    async def set_status(self, order_id: int, status_id: int, *, staff_notes: str) -> Order:
        """Set the status and replace the staff notes; moves no money. Returns the order as it is.

        Notes above BigCommerce's limit lose their beginning.
        """
        body = status_body(status_id, staff_notes)
        call = self._api.write("PUT", f"/v2/orders/{order_id}", body)
        return _order(call, await self._api.fetch(call), order_id)

    async def _get_part(self, model: type[M], order_id: int, part: str) -> list[M]:
        call = self._api.read(f"/v2/orders/{order_id}/{part}")
        try:
            rows = await v2_pages(self._api, call)
        except NotFound as missing:
            raise await part_missing(self._api, call, order_id) from missing
        hold_against(call, rows, "order_id", [order_id])
        return read_list(model, call, rows)

    async def of_customer(self, customer_id: int, *, pages: int = 1) -> list[Order]:
        """Return the customer's newest orders, `pages` of `V2_LIMIT` at most; no archived ones."""
        if customer_id <= 0:  # 0 is every guest of the store
            raise ValueError("a guest has no customer id")
        return await self._newest({"customer_id": str(customer_id)}, pages)

    async def by_email(self, email: str, *, pages: int = 1) -> list[Order]:
        """Return the newest orders with this e-mail, guests' too; no archived ones."""
        if not email.strip():
            raise ValueError("an empty filter would find every order")
        return await self._newest({"email": email.strip()}, pages)

    async def latest(self) -> list[Order]:
        """Return the store's newest orders, `V2_LIMIT` at most; no archived ones."""
        return await self._newest({}, 1)

    async def _newest(self, wanted: dict[str, str], pages: int) -> list[Order]:
        rows: list[Any] = []
        for page in range(1, pages + 1):
            query = {
                **wanted,
                "sort": "date_created:desc",
                "page": str(page),
                "limit": str(V2_LIMIT),
            }
            call = self._api.read("/v2/orders", query)
            answer = await self._api.fetch(call)
            found = [] if answer is None else rows_of(call, answer)  # nothing found is a 204
            rows += found
            if len(found) < V2_LIMIT:
                break
        # Whether `email` means the billing address or the customer's own is not documented: only
        # the customer's number can be compared.
        if "customer_id" in wanted:
            hold_against(call, rows, "customer_id", [wanted["customer_id"]])
        return read_list(Order, call, rows)


async def part_missing(api: Api, call: Call, order_id: int) -> UnusableAnswer:
    """Return the error for a 404 below an order; raises OrderNotFound when it has gone itself.

    An empty part would be 204: a 404 does not say that the order has nothing of the kind.
    """
    await Orders(api).get(order_id)
    part = call.path.rsplit("/", 1)[-1].replace("_", " ")
    return UnusableAnswer(call.name, f"BigCommerce has the order, but did not find its {part}.")


def status_body(status_id: int, staff_notes: str) -> dict[str, Any]:
    """Only these two: every further field of an order PUT can change money or discounts."""
    return {"status_id": status_id, "staff_notes": _newest_notes(staff_notes)}


def _order(call: Call, answer: Any, order_id: int) -> Order:
    if not isinstance(answer, dict):
        raise UnusableAnswer(call.name, UNREADABLE)
    hold_against(call, answer, "id", [order_id])
    return read_model(Order, call, answer)


def _newest_notes(notes: str) -> str:
    """Return notes that fit; of longer ones whole lines go from the beginning, the oldest."""
    # The limit is given as a string's length; whether that is characters or bytes is not said, so
    # bytes, the smaller of the two.
    raw = clean_text(notes).encode()
    if len(raw) <= STAFF_NOTES_MAX:
        return notes
    kept = raw[-STAFF_NOTES_MAX:].decode(errors="ignore")
    return kept.partition("\n")[2] or kept
