"""The fifteen order statuses, the same in every store; only their labels can be renamed."""

from __future__ import annotations

from typing import Any

NAMES = (
    *("Incomplete", "Pending", "Shipped", "Partially Shipped", "Refunded", "Cancelled"),
    *("Declined", "Awaiting Payment", "Awaiting Pickup", "Awaiting Shipment", "Completed"),
    *("Awaiting Fulfillment", "Manual Verification Required", "Disputed", "Partially Refunded"),
)


def status_json(status_id: int, label: str) -> dict[str, Any]:
    """Write a status; `label` is the shop's own name for it, if it has one."""
    name = NAMES[status_id]
    return {
        "id": status_id,
        "name": name,
        "system_label": name,
        "custom_label": label or name,
        "system_description": f"The order is {name.lower()}.",
    }
