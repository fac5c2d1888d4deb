"""What belongs to an order, as V2 lists it: lines, addresses, coupons."""

from __future__ import annotations

from typing import Any

from bot.sandbox.bigcommerce.answers import v2_money
from bot.sandbox.bigcommerce.books import Discount, Line, Order
from bot.sandbox.bigcommerce.orders.order_json import base, person_json, quantity_refunded, three
from bot.sandbox.bigcommerce.refunds.payments import ZERO
from bot.sandbox.bigcommerce.refunds.sums import NOTHING, Cost, cost, parts

PERCENTAGE_COUPON = 1


def lines_json(order: Order) -> list[dict[str, Any]]:
    """Write the order products. Totals are before discounts; the discounts stand beside them."""
    known = parts(order)
    return [_line_json(order, line, known["PRODUCT", line.id].cost) for line in order.lines]


def _line_json(order: Order, line: Line, paid: Cost) -> dict[str, Any]:
    piece = cost(order, line.price)
    whole = cost(order, line.price * line.quantity)
    wrapping = cost(order, line.wrapping_price) if line.wrapping_name else NOTHING
    gone = quantity_refunded(order, line.id)
    return {
        "id": line.id,
        "order_id": order.id,
        "product_id": line.product_id,
        "variant_id": line.product_id + 500,
        "order_pickup_method_id": 0,
        "order_address_id": line.address_id,
        "name": line.name,
        "name_customer": line.name,
        "name_merchant": line.name,
        "sku": line.sku,
        "upc": "",
        "type": line.type,
        "base_price": v2_money(base(order, piece)),
        **three("price", piece),
        "base_total": v2_money(base(order, whole)),
        **three("total", whole),
        "discounted_total_inc_tax": v2_money(paid.inc_tax),
        "quantity": line.quantity,
        "quantity_shipped": line.quantity_shipped,
        "quantity_refunded": gone,
        "is_refunded": gone == line.quantity,
        "refund_amount": "0.0000",  # deprecated: always 0
        "return_id": 0,
        "wrapping_id": 1 if line.wrapping_name else 0,
        "wrapping_name": line.wrapping_name,
        "base_wrapping_cost": v2_money(base(order, wrapping)),
        **three("wrapping_cost", wrapping),
        "wrapping_message": "",
        "parent_order_product_id": line.parent_id,
        "is_bundled_product": line.parent_id is not None,
        "gift_certificate_id": line.gift_certificate_id,
        "applied_discounts": [_discount_json(discount) for discount in line.discounts],
        "product_options": _options(line),
        **_unused(),
    }


def _discount_json(discount: Discount) -> dict[str, Any]:
    return {**discount.model_dump(mode="json"), "amount": v2_money(discount.amount)}


def _options(line: Line) -> list[dict[str, Any]]:
    return [
        {
            "id": line.id * 10 + index,
            "option_id": index,
            "order_product_id": line.id,
            "product_option_id": index,
            **dict.fromkeys(
                ("display_name", "display_name_customer", "display_name_merchant"), name
            ),
            **dict.fromkeys(
                ("display_value", "display_value_customer", "display_value_merchant"), value
            ),
            "value": value,
            "type": "Multiple choice",
            "name": name,
            "display_style": "Pick list",
        }
        for index, (name, value) in enumerate(line.options.items(), 1)
    ]


def _unused() -> dict[str, Any]:
    money = ("fixed_shipping_cost", "base_cost_price")
    text = ("ebay_item_id", "ebay_transaction_id", "bin_picking_number", "external_id", "brand")
    return {
        **dict.fromkeys(money, "0.0000"),
        **three("cost_price", NOTHING),
        **dict.fromkeys((*text, "fulfillment_source"), ""),
        **dict.fromkeys(("weight", "width", "height", "depth"), "1.0000"),
        **dict.fromkeys(("event_name", "event_date", "option_set_id"), None),
        "configurable_fields": [],
    }


def addresses_json(order: Order, api_url: str) -> list[dict[str, Any]]:
    """Write an order's shipping addresses with what sending there cost."""
    rows = []
    for address in order.addresses:
        lines = [line for line in order.lines if line.address_id == address.id]
        shipping, handling = cost(order, address.shipping), cost(order, address.handling)
        path = f"/orders/{order.id}/shipping_addresses/{address.id}/shipping_quotes"
        rows.append(
            {
                "id": address.id,
                "order_id": order.id,
                **person_json(address.to),
                "items_total": sum(line.quantity for line in lines),
                "items_shipped": sum(line.quantity_shipped for line in lines),
                "shipping_method": address.method,
                "base_cost": v2_money(address.shipping_base),
                **three("cost", shipping),
                "cost_tax_class_id": 0,
                "base_handling_cost": v2_money(address.handling_base),
                **three("handling_cost", handling),
                "handling_cost_tax_class_id": 0,
                "shipping_zone_id": 1,
                "shipping_zone_name": "United States",
                "form_fields": [],
                "shipping_quotes": {"url": f"{api_url}{path}", "resource": path},
            }
        )
    return rows


def coupons_json(order: Order) -> list[dict[str, Any]]:
    """Write the coupons that the order used."""
    off: dict[str, Any] = {}
    for line in order.lines:
        for discount in line.discounts:
            if discount.code is not None:
                off[discount.code] = off.get(discount.code, ZERO) + discount.amount
    return [
        {
            "id": order.id * 10 + index,
            "coupon_id": index,
            "order_id": order.id,
            "code": code,
            "amount": "10.0000",
            "type": PERCENTAGE_COUPON,
            "discount": float(amount),
        }
        for index, (code, amount) in enumerate(off.items(), 1)
    ]
