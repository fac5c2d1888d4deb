"""What the control API's functions are lent, and how they look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.refunds.settlement import Settlement
from bot.sandbox.bigcommerce.shop import Shop
from bot.sandbox.bigcommerce.webhooks.hook_deliveries import HookDeliveries
from bot.sandbox.control import Refusal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Behind:
    """The store from behind its API."""

    shop: Shop
    settlement: Settlement
    hooks: HookDeliveries

    def order(self, order_id: int) -> Order:
        """Return an order, or raise Refusal."""
        order = self.shop.books.orders.get(order_id)
        if order is None:
            raise Refusal("order_not_found", 404)
        return order


Answer = Callable[[Behind, Json], Awaitable[Any]]
