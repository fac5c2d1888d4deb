"""Lists over orders: a customer's or a guest's latest, and the refunds of several at once.

Shapes: the specifications `orders.v2` and `orders.v3`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.bigcommerce.answers import data_of, hold_against, read_list, rows_of
from bot.bigcommerce.calls import StoreCalls
from bot.bigcommerce.models import Order, Refund
from bot.bigcommerce.paging import V2_LIMIT, endless

# A bound for who looks: ten pages of refunds are no customer's.
MOST_PAGES = 10


class OrderListCalls(StoreCalls):
    """The calls."""

    async def get_customer_orders(self, customer_id: int, *, pages: int = 1) -> list[Order]:
        """Return the customer's newest orders, `pages` of `V2_LIMIT` at most; no archived ones."""
        if customer_id <= 0:  # 0 is every guest of the store
            raise ValueError("a guest has no customer id")
        return await self._newest({"customer_id": str(customer_id)}, pages)

    async def get_orders_by_email(self, email: str, *, pages: int = 1) -> list[Order]:
        """Return the newest orders with this e-mail, guests' too; no archived ones."""
        if not email.strip():
            raise ValueError("an empty filter would find every order")
        return await self._newest({"email": email.strip()}, pages)

    async def get_latest_orders(self) -> list[Order]:
        """Return the store's newest orders, `V2_LIMIT` at most; no archived ones."""
        return await self._newest({}, 1)

    async def get_refunds_of(self, order_ids: Sequence[int]) -> list[Refund]:
        """Return the refunds of these orders, oldest first; made does not mean paid."""
        if not order_ids:
            return []
        path = "/v3/orders/payment_actions/refunds"
        rows: list[Any] = []
        for page in range(1, MOST_PAGES + 1):
            ids = ",".join(map(str, order_ids))
            query = {"order_id:in": ids, "page": str(page), "limit": str(V2_LIMIT)}
            call = self._read(path, query)
            found = rows_of(call, data_of(call, await self._caller.fetch(call)))
            rows += found
            # The list's `meta` is documented as empty: a page that is not full is the last one.
            if len(found) < V2_LIMIT:
                break
        else:
            raise endless(call)
        hold_against(call, rows, "order_id", order_ids)
        return read_list(Refund, call, rows)

    async def _newest(self, wanted: dict[str, str], pages: int) -> list[Order]:
        rows: list[Any] = []
        for page in range(1, pages + 1):
            query = {
                **wanted,
                "sort": "date_created:desc",
                "page": str(page),
                "limit": str(V2_LIMIT),
            }
            call = self._read("/v2/orders", query)
            answer = await self._caller.fetch(call)
            found = [] if answer is None else rows_of(call, answer)  # nothing found is a 204
            rows += found
            if len(found) < V2_LIMIT:
                break
        # Whether `email` means the billing address or the customer's own is not documented: only
        # the customer's number can be compared.
        if "customer_id" in wanted:
            hold_against(call, rows, "customer_id", [wanted["customer_id"]])
        return read_list(Order, call, rows)
