"""The fifteen order statuses, the same in every store; only their labels can be renamed."""

from __future__ import annotations

NAMES = (
    *("Incomplete", "Pending", "Shipped", "Partially Shipped", "Refunded", "Cancelled"),
    *("Declined", "Awaiting Payment", "Awaiting Pickup", "Awaiting Shipment", "Completed"),
    *("Awaiting Fulfillment", "Manual Verification Required", "Disputed", "Partially Refunded"),
)
