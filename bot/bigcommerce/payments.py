"""What the payment gateway did for an order, and its hold on money (`orders.v3`)."""

from __future__ import annotations

from bot.bigcommerce.http.answers import hold_against, read_list
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.errors import NotFound
from bot.bigcommerce.http.paging import v3_pages
from bot.bigcommerce.models import Transaction


class Payments(Resource):
    """Payments of orders. What belongs to another order than the one asked for is WrongAnswer."""

    async def transactions(self, order_id: int) -> list[Transaction]:
        """Return what the payment gateway did, if anything; needs the transactions scope."""
        call = self._api.read(f"/v3/orders/{order_id}/transactions")
        try:
            rows = await v3_pages(self._api, call, may_be_204=True)
        except NotFound:  # documented, as 204 is, for an order without payments
            return []
        hold_against(call, rows, "order_id", [order_id])
        return read_list(Transaction, call, rows)

    async def void(self, order_id: int) -> None:
        """Ask for the hold on the customer's money to be lifted; it happens later."""
        path = f"/v3/orders/{order_id}/payment_actions/void"
        await self._api.fetch(self._api.write("POST", path, None))
