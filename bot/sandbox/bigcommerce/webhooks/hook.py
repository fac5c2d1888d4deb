"""A webhook as the store keeps it."""

from __future__ import annotations

from pydantic import BaseModel

SCOPES = (
    *("store/order/*", "store/order/created", "store/order/updated", "store/order/archived"),
    *("store/order/statusUpdated", "store/order/message/created", "store/order/refund/created"),
    *("store/order/transaction/created", "store/order/transaction/updated"),
    *("store/customer/*", "store/product/*", "store/shipment/*"),
)


class Hook(BaseModel):
    """`client_id` is the API account's that made it: no other account sees it."""

    id: int
    client_id: str
    scope: str
    destination: str
    headers: dict[str, str] | None = None
    is_active: bool = True
    created_at: int
    updated_at: int

    def fits(self, scope: str) -> bool:
        """Tell whether an event of this scope goes there."""
        wanted = self.scope
        covers = wanted.endswith("/*") and scope.startswith(wanted.removesuffix("*"))
        return self.is_active and (wanted == scope or covers)
