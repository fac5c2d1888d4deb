"""How V2 writes an order: strings with four decimals, RFC 2822 dates, nulls, links to the rest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.sandbox.bigcommerce.answers import v2_date, v2_money
from bot.sandbox.bigcommerce.books import Order, Person
from bot.sandbox.bigcommerce.orders.statuses import NAMES
from bot.sandbox.bigcommerce.refunds.payments import ZERO
from bot.sandbox.bigcommerce.refunds.sums import (
    NOTHING,
    Cost,
    cost,
    paid_by,
    refunds_that_count,
    total,
    total_of,
)

STORE_CURRENCY = "USD"
CURRENCY_IDS = {"USD": 1, "EUR": 2, "AUD": 3}


def order_json(
    order: Order, api_url: str, *, with_fees: bool = False, custom_status: str = ""
) -> dict[str, Any]:
    """Write an order; `api_url` ends with the version, for the links.

    `custom_status` is the shop's own label of the status, if it has one.

    `total_inc_tax` is what was left to pay after store credit and gift certificates, which is what
    merchants' tools take it for; the specification does not say.
    """
    credit, certificates = paid_by(order, "store_credit"), paid_by(order, "gift_certificate")
    whole = total(order)
    to_pay = Cost(whole.ex_tax - credit - certificates, whole.tax)
    gross = sum((cost(order, line.price * line.quantity) for line in order.lines), NOTHING)
    wrapping = total_of(order, "GIFT_WRAPPING")
    base_shipping = sum((a.shipping_base for a in order.addresses), order.loose_shipping)
    base_handling = sum((a.handling_base for a in order.addresses), ZERO)
    row = {
        "id": order.id,
        "customer_id": order.customer_id,
        "date_created": v2_date(order.created_at),
        "date_modified": v2_date(order.modified_at),
        "date_shipped": v2_date(order.shipped_at),
        "is_tax_inclusive_pricing": order.tax_inclusive,
        "status_id": order.status_id,
        "status": NAMES[order.status_id],
        "custom_status": custom_status or NAMES[order.status_id],
        **three("subtotal", gross),
        **_charge("shipping", total_of(order, "SHIPPING"), base_shipping),
        **_charge("handling", total_of(order, "HANDLING"), base_handling),
        **_charge("wrapping", wrapping, base(order, wrapping)),
        **three("total", to_pay),
        "items_total": sum(line.quantity for line in order.lines),
        "items_shipped": sum(line.quantity_shipped for line in order.lines),
        "discount_amount": v2_money(_off(order, coupons=False)),
        "coupon_discount": v2_money(_off(order, coupons=True)),
        "store_credit_amount": v2_money(credit),
        "gift_certificate_amount": v2_money(certificates),
        **_payment(order),
        **_currencies(order),
        **_rest(order),
        "billing_address": {**person_json(order.billing), "form_fields": []},
        **{
            name: {
                "url": f"{api_url}/orders/{order.id}/{name}",
                "resource": f"/orders/{order.id}/{name}",
            }
            for name in ("fees", "consignments", "products", "shipping_addresses", "coupons")
        },
    }
    if with_fees:
        row["fees"] = fees_json(order)
    return row


def three(name: str, amount: Cost) -> dict[str, str]:
    """Write an amount without tax, with tax, and the tax."""
    return {
        f"{name}_ex_tax": v2_money(amount.ex_tax),
        f"{name}_inc_tax": v2_money(amount.inc_tax),
        f"{name}_tax": v2_money(amount.tax),
    }


def base(order: Order, amount: Cost) -> Decimal:
    """Return an amount as the order's prices are meant: with or without tax."""
    return amount.inc_tax if order.tax_inclusive else amount.ex_tax


def _charge(name: str, amount: Cost, before: Decimal) -> dict[str, Any]:
    return {
        f"base_{name}_cost": v2_money(before),
        **three(f"{name}_cost", amount),
        f"{name}_cost_tax_class_id": 0,
    }


def _off(order: Order, *, coupons: bool) -> Decimal:
    return sum(
        (
            d.amount
            for line in order.lines
            for d in line.discounts
            if (d.code is not None) == coupons
        ),
        ZERO,
    )


def _payment(order: Order) -> dict[str, Any]:
    return {
        "payment_method": order.payment_method,
        "payment_provider_id": None,
        "payment_status": order.payment_status,
        "refunded_amount": "0.0000",  # deprecated: always 0, whatever was refunded
        "order_is_digital": all(line.type == "digital" for line in order.lines),
        "credit_card_type": None,
    }


def _currencies(order: Order) -> dict[str, Any]:
    return {
        "currency_id": CURRENCY_IDS[order.shown_currency],
        "currency_code": order.shown_currency,
        "currency_exchange_rate": f"{order.shown_rate:.10f}",
        "default_currency_id": CURRENCY_IDS[order.currency],
        "default_currency_code": order.currency,
        "store_default_currency_code": STORE_CURRENCY,
        "store_default_to_transactional_exchange_rate": (
            "1.0000000000" if order.currency == STORE_CURRENCY else "0.9200000000"
        ),
    }


def _rest(order: Order) -> dict[str, Any]:
    empty = ("ip_address", "ip_address_v6", "geoip_country", "geoip_country_iso2")
    absent = ("cart_id", "external_merchant_id")
    return {
        **dict.fromkeys(empty, ""),
        **dict.fromkeys(absent, None),
        "staff_notes": order.staff_notes,
        "customer_message": order.customer_message,
        "shipping_address_count": len(order.addresses),
        "is_deleted": order.is_deleted,
        **order.origin.model_dump(),
        "is_email_opt_in": False,
        "tax_provider_id": "",
        "customer_locale": "en",
        "external_order_id": order.external_order_id,
    }


def person_json(person: Person) -> dict[str, Any]:
    """Write a name with its address."""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": "",
        "street_1": person.street,
        "street_2": "",
        "city": person.city,
        "state": person.state,
        "zip": person.zip,
        "country": person.country,
        "country_iso2": person.country_iso2,
        "phone": person.phone,
        "email": person.email,
    }


def fees_json(order: Order) -> list[dict[str, Any]]:
    """Write an order's fees."""
    return [
        {
            "id": fee.id,
            "type": "custom_fee",
            "display_name_customer": fee.name,
            "display_name_merchant": fee.name,
            "source": "",
            "base_cost": v2_money(fee.price if fee.base_price is None else fee.base_price),
            **three("cost", cost(order, fee.price)),
            "tax_class_id": None,
        }
        for fee in order.fees
    ]


def quantity_refunded(order: Order, line_id: int) -> int:
    """Return how many pieces of a line have come back and been settled."""
    return sum(
        item.quantity or 0
        for refund in refunds_that_count(order, in_flight=False)
        for item in refund.items
        if (item.item_type, item.item_id) == ("PRODUCT", line_id)
    )
