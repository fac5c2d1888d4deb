"""Shipments and coupons as stores write them: nulls, two links, providers by their small names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.bigcommerce.order_parts import Shipment, UsedCoupon


@pytest.mark.parametrize(
    ("fields", "carrier"),
    [
        ({"shipping_provider": "fedex"}, "FedEx"),
        ({"shipping_provider": "carrier_9", "shipping_provider_display_name": "Bike"}, "Bike"),
        ({"shipping_provider": "", "tracking_carrier": "dpd"}, "dpd"),
        ({"shipping_provider": None, "shipping_method": "By weight"}, "By weight"),
        ({}, ""),
    ],
)
def test_the_carrier_is_named_as_well_as_the_store_can(fields: Any, carrier: str) -> None:
    assert Shipment.model_validate({"id": 1, **fields}).carrier == carrier


@pytest.mark.parametrize(
    ("own", "generated", "link"),
    [("https://own", "https://made", "https://own"), ("", "https://made", "https://made"),
     (None, None, "")],
)  # fmt: skip
def test_the_merchants_link_goes_first(own: str | None, generated: str | None, link: str) -> None:
    row = {"id": 1, "tracking_link": own, "generated_tracking_link": generated, "items": None}

    shipment = Shipment.model_validate(row)

    assert (shipment.link, shipment.quantity) == (link, 0)


@pytest.mark.parametrize("discount", [2.7, "2.7000", Decimal("2.7")])
def test_a_coupons_discount_is_money_however_it_is_written(discount: Any) -> None:
    coupon = UsedCoupon.model_validate({"code": None, "discount": discount})

    assert (coupon.code, coupon.discount) == ("", Decimal("2.7"))
