"""An order, and what the store keeps below it.

Shapes: the specification `orders.v2`. Lists below an order are answered 204 where there is none.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

from bot.bigcommerce import bodies
from bot.bigcommerce.answers import UNREADABLE, hold_against, read_list, read_model
from bot.bigcommerce.calls import StoreCalls
from bot.bigcommerce.errors import NotFound, OrderNotFound, UnusableAnswer
from bot.bigcommerce.models import Fee, Order, OrderLine, ShippingAddress
from bot.bigcommerce.paging import v2_pages
from bot.bigcommerce.transport import Call

M = TypeVar("M", bound=BaseModel)


class OrderCalls(StoreCalls):
    """The calls. What belongs to another order than the one asked for is WrongAnswer."""

    async def get_order(self, order_id: int) -> Order:
        """Return the order; OrderNotFound when the store has none of that number."""
        call = self._read(f"/v2/orders/{order_id}")
        try:
            answer = await self._caller.fetch(call)
        except NotFound as missing:
            raise OrderNotFound(call.name, missing.reason, missing.status_code) from missing
        return _order(call, answer, order_id)

    async def get_order_lines(self, order_id: int) -> list[OrderLine]:
        """Return every line of the order, whatever their number."""
        return await self._get_part(OrderLine, order_id, "products")

    async def get_shipping_addresses(self, order_id: int) -> list[ShippingAddress]:
        """Return where the order goes; none for a digital one."""
        return await self._get_part(ShippingAddress, order_id, "shipping_addresses")

    async def get_fees(self, order_id: int) -> list[Fee]:
        """Return the order's fees; none where the store does not know the resource."""
        call = self._read(f"/v2/orders/{order_id}/fees")
        try:
            answer = await self._caller.fetch(call)
        except NotFound:
            return []
        if answer is None:
            return []
        # The specification has an object around the list; elsewhere the list comes bare.
        return read_list(Fee, call, answer.get("fees") if isinstance(answer, dict) else answer)

    async def set_order_status(self, order_id: int, status_id: int, *, staff_notes: str) -> Order:
        """Set the status and replace the staff notes; moves no money. Returns the order as it is.

        Notes above BigCommerce's limit lose their beginning.
        """
        body = bodies.status_body(status_id, staff_notes)
        call = self._write("PUT", f"/v2/orders/{order_id}", body)
        return _order(call, await self._caller.fetch(call), order_id)

    async def _get_part(self, model: type[M], order_id: int, part: str) -> list[M]:
        call = self._read(f"/v2/orders/{order_id}/{part}")
        try:
            rows = await v2_pages(self._caller, call)
        except NotFound as missing:
            raise await self._part_missing(call, order_id) from missing
        hold_against(call, rows, "order_id", [order_id])
        return read_list(model, call, rows)

    async def _part_missing(self, call: Call, order_id: int) -> UnusableAnswer:
        """Return the error for a 404 below an order; raises OrderNotFound when it has gone itself.

        An empty part would be 204: a 404 does not say that the order has nothing of the kind.
        """
        await self.get_order(order_id)
        part = call.path.rsplit("/", 1)[-1].replace("_", " ")
        return UnusableAnswer(call.name, f"BigCommerce has the order, but did not find its {part}.")


def _order(call: Call, answer: Any, order_id: int) -> Order:
    if not isinstance(answer, dict):
        raise UnusableAnswer(call.name, UNREADABLE)
    hold_against(call, answer, "id", [order_id])
    return read_model(Order, call, answer)
