"""Which scope of the access token a call needs, in the control panel's words."""

from __future__ import annotations

import re

# The most telling first. Source: the security sections of the specifications.
SCOPES = (
    (r"GET /v3/orders/\d+/transactions", "Order Transactions: read-only"),
    (r"GET /v[23]/orders", "Orders: read-only"),
    (r"\w+ /v[23]/orders", "Orders: modify"),
    (r"GET /v(2/coupons|3/promotions)", "Marketing: read-only"),
    (r"\w+ /v(2/coupons|3/promotions)", "Marketing: modify"),
    (r"GET /v3/channels", "Channel Settings: read-only"),
    (r"GET /v3/customers", "Customers: read-only"),
    (r"GET /v3/catalog", "Products: read-only"),
    (r"GET /v3/inventory", "Store Inventory: read-only"),
    (r"\w+ /v3/inventory", "Store Inventory: modify"),
    (r"GET /v(2/(store|time|currencies)|3/settings)", "Information & Settings: read-only"),
)


def scope_of(call: str) -> str:
    """Return the least scope for "GET /v2/orders/1042", or "" where none is known."""
    return next((scope for pattern, scope in SCOPES if re.match(pattern, call)), "")
