"""Bodies in the shapes that live stores send, as small as they can be."""

from __future__ import annotations

from typing import Any

ORDER: dict[str, Any] = {
    "id": 1042,
    "customer_id": 0,
    "date_created": "Thu, 18 Jun 2026 12:05:04 +0000",
    "date_modified": "Thu, 18 Jun 2026 07:05:43 -0500",
    "date_shipped": "",
    "status_id": 11,
    "status": "Awaiting Fulfillment",
    "custom_status": "Packing",
    "total_inc_tax": "154.1000",
    "subtotal_inc_tax": "144.1000",
    "payment_status": "captured",
    "payment_method": "Braintree",
    "payment_provider_id": None,
    "currency_code": "AUD",
    "default_currency_code": "USD",
    "staff_notes": None,
    "is_deleted": False,
    "channel_id": 1,
    "store_credit_amount": "0.0000",
    "gift_certificate_amount": "0.0000",
    "billing_address": {"first_name": "Ada", "last_name": "King", "email": "ada@example.com"},
    "fees": {"url": "https://api.bigcommerce.com/x", "resource": "/orders/1042/fees"},
}

LINE: dict[str, Any] = {
    "id": 7,
    "order_id": 1042,
    "product_id": 80,
    "name": "Orbit Terrarium",
    "sku": "OTL",
    "type": "physical",
    "quantity": 2,
    "quantity_shipped": 0,
    "quantity_refunded": 1,
    "total_inc_tax": "109.0000",
    "discounted_total_inc_tax": "99.0000",
    "wrapping_id": 0,
    "wrapping_name": "",
    "base_wrapping_cost": "0.0000",
    "parent_order_product_id": None,
    "applied_discounts": [],
    "product_options": [{"display_name": "Size", "display_value": "L"}],
}

FEE: dict[str, Any] = {
    "id": 3,
    "type": "custom_fee",
    "display_name_customer": "Fee",
    "display_name_merchant": "Assembly",
    "base_cost": "5.0000",
    "cost_exc_tax": "5.0000",
    "cost_inc_tax": "5.5000",
}

QUOTE: dict[str, Any] = {
    "order_id": 1042,
    "total_refund_amount": 20.83,
    "total_refund_tax_amount": 0.83,
    "adjustment": -1.5,
    "rounding": 0,
    "tax_inclusive": False,
    "refund_methods": [
        [{"provider_id": "storecredit", "provider_description": "Store Credit", "amount": 20.83,
          "offline": False, "offline_provider": False, "offline_reason": ""}],
        [{"provider_id": "braintree", "provider_description": "Braintree", "amount": 15.83,
          "offline": False, "offline_provider": False, "offline_reason": ""},
         {"provider_id": "giftcertificate", "provider_description": None, "amount": 5,
          "offline": True, "offline_provider": True, "offline_reason": "Offline."}],
    ],
}  # fmt: skip

REFUND: dict[str, Any] = {
    "id": 1,
    "order_id": 1042,
    "user_id": 0,
    "created": "2026-06-16T16:44:15+02:00",
    "reason": "Damaged (MG-7F3K-2Q9D)",
    "total_amount": 20.83,
    "total_tax": -0.83,
    "items": [
        {"item_type": "PRODUCT", "item_id": 8, "reason": "", "quantity": 1,
         "requested_amount": None, "adjustments": []},
        {"item_type": "SHIPPING", "item_id": 9, "reason": None, "requested_amount": "10.11"},
    ],
    "payments": [
        {"id": 1, "provider_id": "braintree", "amount": 20.83, "offline": False,
         "is_declined": True, "declined_message": "Declined.", "transaction_id": "1234"}],
}  # fmt: skip

COUPON: dict[str, Any] = {
    "id": 13, "name": "Sorry", "type": "percentage_discount", "amount": "10.0000",
    "min_purchase": "0.0000", "expires": "", "enabled": True, "code": "SORRY-10",
    "applies_to": {"entity": "categories", "ids": [0]}, "num_uses": 0, "max_uses": 0,
    "max_uses_per_customer": 0, "restricted_to": [], "shipping_methods": None,
    "date_created": "Thu, 18 Jun 2026 14:38:44 +0000",
}  # fmt: skip

STORE: dict[str, Any] = {
    "id": "fern42", "name": "Fern & Fable", "domain": "fern.example", "currency": "USD",
    "control_panel_base_url": "https://store-fern42.mybigcommerce.com", "logo": [],
    "timezone": {"name": "America/Chicago", "raw_offset": -21600},
}  # fmt: skip


def envelope(data: Any, total_pages: int | None = None) -> dict[str, Any]:
    """What V3 wraps around `data`."""
    if total_pages is None:
        return {"data": data, "meta": {}}
    return {"data": data, "meta": {"pagination": {"total_pages": total_pages}}}
