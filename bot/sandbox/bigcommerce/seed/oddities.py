"""Orders that are not as one would think: costs, payments, origins and names of the odd kind.

They are numbered after all others and belong to guests of their own, so that they change nothing
about the shop's customers.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.sandbox.bigcommerce.books import Order, Origin, Person
from bot.sandbox.bigcommerce.refunds.payments import Tender
from bot.sandbox.bigcommerce.seed.orders import (
    AWAITING_PAYMENT,
    FULFILLMENT,
    LAST_ID,
    PENDING,
    PICKUP,
    SHIPMENT,
    SHIPPED,
    Clerk,
)

EBAY, AMAZON = 2, 3  # their channels
EMOJI = "Maidenhair Fern 🌿🪴 “Lucky 🍀”"
FAMILY = "Ana 👩‍👩‍👧"


def odd_orders(clerk: Clerk) -> None:
    """Take down all of them."""
    _costs(clerk)
    _goods(clerk)
    _payments(clerk)
    _origins(clerk)


def _costs(clerk: Clerk) -> None:
    # The figures are those of the specification's example: base 5.00, 4.00 without tax, 4.32 with.
    less = _order(
        clerk,
        1061,
        "shipping_discounted",
        goods=[(0, 1)],
        shipping="4.00",
        tax_rate=Decimal("0.08"),
    )
    less.addresses[0].base_shipping = Decimal("5.00")
    clerk.pay(less)
    free = _order(clerk, 1062, "free_shipping", goods=[(9, 2)], shipping="0.00")
    free.addresses[0].base_shipping = Decimal("8.50")
    clerk.pay(free)
    costs = _order(clerk, 1063, "discounted_costs", "fee", goods=[(13, 1)], handling="2.50")
    costs.addresses[0].base_handling = Decimal("3.00")
    clerk.fee(costs, "Frost protection", "4.00")
    costs.fees[0].base_price = Decimal("4.80")
    clerk.fee(costs, "Carbon-neutral delivery", "1.95")
    clerk.pay(costs)
    loose = _order(clerk, 1064, "shipping_not_in_addresses", goods=[(0, 1), (1, 1)], shipping=None)
    loose.loose_shipping = Decimal("12.35")
    clerk.pay(loose)


def _goods(clerk: Clerk) -> None:
    sold = _order(clerk, 1065, "sold_gift_certificate", goods=[(4, 1)], tax_rate=Decimal(0))
    clerk.line(
        sold,
        0,
        type="giftcertificate",
        product_id=0,
        name="Gift Certificate",
        sku="",
        price="50.00",
        address_id=0,
        gift_certificate_id=52,
    )
    clerk.line(sold, 7, type="digital", address_id=0)
    clerk.pay(sold)
    named = _order(clerk, 1074, "emoji", goods=[], status_id=SHIPPED, billing=_guest(1074, FAMILY))
    clerk.line(named, 14, name=EMOJI)
    clerk.pay(named)
    for order_id, status_id in ((1075, SHIPMENT), (1076, PICKUP)):
        nothing = _order(
            clerk,
            order_id,
            "free_ready",
            status_id=status_id,
            payment_status="",
            goods=[],
            shipping="0.00",
        )
        clerk.line(nothing, 15, price="0.00")
        nothing.payment_method = ""
        clerk.pay(nothing)


def _payments(clerk: Clerk) -> None:
    for order_id, tag, status_id, payment_status in (
        (1066, "authorised_ready", FULFILLMENT, "authorized"),
        (1067, "authorised_ready", SHIPMENT, "authorized"),
        (1068, "authorised_ready", PICKUP, "authorized"),
        (1069, "captured_early", PENDING, "captured"),
        (1070, "captured_early", AWAITING_PAYMENT, "captured"),
    ):
        clerk.pay(_basket(clerk, order_id, tag, status_id, payment_status))
    edited = _basket(clerk, 1071, "edited_after_payment", FULFILLMENT, "captured")
    clerk.pay(edited)
    clerk.line(edited, 17, name="Macramé Hanger, added by phone", price="46.19")
    edited.withheld = Decimal("50.00")  # never taken: 46.19 with its tax


def _basket(clerk: Clerk, order_id: int, tag: str, status_id: int, payment_status: str) -> Order:
    """Take down an order of 154.10, the same goods as the plain order 1042."""
    return _order(
        clerk,
        order_id,
        tag,
        status_id=status_id,
        payment_status=payment_status,
        goods=[(0, 2), (1, 1), (2, 1)],
        shipping="12.35",
    )


def _origins(clerk: Clerk) -> None:
    for order_id, tag, name, origin in (
        (
            1072,
            "ebay",
            "eBay",
            Origin(
                channel_id=EBAY,
                order_source="ebay",
                external_source="eBay",
                ebay_order_id="26-09431-55821",
            ),
        ),
        (
            1073,
            "amazon",
            "Amazon",
            Origin(
                channel_id=AMAZON,
                order_source="amazon",
                external_source="Amazon",
                external_id="113-4470822-9903455",
            ),
        ),
    ):
        order = _order(clerk, order_id, tag, payment_status="", goods=[(10, 2)], origin=origin)
        order.payment_method = name
        paid = Tender(
            provider_id=tag,
            description=name,
            amount=Decimal(0),
            kind="external",
            method="offsite",
        )
        clerk.pay(order, last=paid)


def _order(
    clerk: Clerk, order_id: int, *tags: str, status_id: int = FULFILLMENT, **fields: Any
) -> Order:
    billing = fields.pop("billing", None) or _guest(order_id, "Guest")
    return clerk.order(order_id, *tags, customer=0, status_id=status_id, billing=billing, **fields)


def _guest(order_id: int, first_name: str) -> Person:
    number = order_id - LAST_ID
    return Person(
        first_name=first_name, last_name=f"No. {number}", email=f"guest{number}@mail.example"
    )
