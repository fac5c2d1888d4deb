"""The partial update of an order: which fields may be written, and what the others answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.orders.statuses import NAMES
from bot.sandbox.bigcommerce.shop import Shop

LONGEST_NOTES = 65_535
TEXTS = ("staff_notes", "customer_message", "external_order_id")
# Documented as writable, but this store does not carry them out: refused rather than ignored.
NOT_CARRIED_OUT = frozenset(
    {
        *("base_handling_cost", "base_shipping_cost", "base_wrapping_cost", "billing_address"),
        *("channel_id", "consignments", "customer_id", "date_created", "discount_amount", "fees"),
        *("order_source", "ebay_order_id", "geoip_country", "geoip_country_iso2"),
        *("handling_cost_ex_tax", "handling_cost_inc_tax", "ip_address", "ip_address_v6"),
        *("items_shipped", "items_total", "order_is_digital", "payment_method"),
        *("payment_provider_id", "products", "refunded_amount", "shipping_cost_ex_tax"),
        *("shipping_cost_inc_tax", "shipping_addresses", "subtotal_ex_tax", "subtotal_inc_tax"),
        *("tax_provider_id", "customer_locale", "total_ex_tax", "total_inc_tax"),
        *("wrapping_cost_ex_tax", "wrapping_cost_inc_tax"),
        "custom_status",  # shown on an order, but "not supported" in a body
    }
)


def update(shop: Shop, order: Order, body: Mapping[str, Any], *, known: frozenset[str]) -> None:
    """Write the fields of a body, all or none; `known` are those that an order shows."""
    for field, value in body.items():
        _check(field, value, known)
    for field, value in body.items():
        shop.change(order, "api", field, value)


def _check(field: str, value: Any, known: frozenset[str]) -> None:
    valid = _validity(field, value)
    if valid is not None:
        if not valid:
            raise StoreError(400, f"The field '{field}' is invalid.")
        return
    if field in known and field not in NOT_CARRIED_OUT:
        raise StoreError(
            400,
            f"The field '{field}' cannot be written to. "
            "Please remove it from your request before trying again.",
        )
    raise StoreError(400, f"The field '{field}' is not supported by this resource.")


def _validity(field: str, value: Any) -> bool | None:
    """Tell whether a value is good for a field; None for fields that are not written here."""
    if field == "status_id":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return is_number and 0 <= value < len(NAMES)
    if field in TEXTS:
        return value is None or (isinstance(value, str) and len(value) <= LONGEST_NOTES)
    if field == "is_deleted":
        return isinstance(value, bool)
    return None
