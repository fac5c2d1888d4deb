"""What a code in the store gives, held against what was asked for: each field by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.discounts.difference import (
    code_difference,
    coupon_difference,
    promotion_difference,
)
from bot.bigcommerce.coupons import Coupon, CouponType, NewCoupon, coupon_body
from bot.bigcommerce.promotions import (
    NewPromotion,
    Promotion,
    PromotionCode,
    Stacking,
    promotion_body,
)

ZONE = "America/Chicago"
ENDS = datetime.fromisoformat("2030-12-31T23:59:59-06:00")
COUPON = NewCoupon(
    name="Sorry",
    code="SORRY-10",
    type=CouponType.PERCENTAGE,
    amount=Decimal(10),
    category_ids=(21, 23),
    expires_at=ENDS,
    max_uses=1,
    max_uses_per_customer=1,
    minimum_spend=Decimal(50),
)
PROMOTION = NewPromotion(
    name="Sorry",
    type=CouponType.PERCENTAGE,
    amount=Decimal(10),
    ceiling=Decimal(50),
    currency="USD",
    channel_id=1,
    category_ids=(21, 23),
    expires_at=ENDS,
    max_uses=1,
    minimum_spend=Decimal(50),
)


def coupon(**fields: Any) -> str:
    """Return in what the coupon differs when the store shows it with these fields."""
    there = Coupon.model_validate({**coupon_body(COUPON), "id": 13, **fields})
    return coupon_difference(COUPON, there, ZONE)


def promotion(asked: NewPromotion = PROMOTION, **fields: Any) -> str:
    """Return in what the promotion differs when the store shows it with these fields."""
    there = Promotion.model_validate({**promotion_body(asked), "id": 7, **fields})
    return promotion_difference(asked, there, ZONE)


def rules(rule: dict[str, Any] | None = None, **action: Any) -> list[dict[str, Any]]:
    """Return the promotion's rules with the action's fields changed."""
    [made] = promotion_body(PROMOTION)["rules"]
    cart_items = {**made["action"]["cart_items"], **action}
    return [{**made, "action": {"cart_items": cart_items}, **(rule or {})}]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": "10.0000", "min_purchase": "50.0000", "code": "sorry-10"}, ""),
        ({"expires": "Wed, 01 Jan 2031 05:59:59 +0000"}, ""),
        ({"expires": "Tue, 31 Dec 2030 00:00:00 +0000"}, ""),  # only the date was kept
        ({"applies_to": {"entity": "categories", "ids": [23, 21]}}, ""),
        ({"restricted_to": [], "shipping_methods": None, "num_uses": 1}, ""),
        ({"num_uses": None}, ""),
        ({"enabled": False}, "status off instead of on"),
        (
            {"max_uses": None},
            "uses no limit instead of 1; not readable: max_uses instead of nothing",
        ),
        ({"amount": "20.0000"}, "amount 20 instead of 10"),
        ({"type": "per_item_discount"}, "type per item discount instead of percentage discount"),
        ({"code": "SORRY-11"}, "code SORRY-11 instead of SORRY-10"),
        ({"name": "Autumn"}, "name “Autumn” instead of “Sorry”"),
        ({"max_uses": 0}, "uses no limit instead of 1"),
        ({"max_uses_per_customer": 5}, "uses by each customer 5 instead of 1"),
        ({"min_purchase": "0.0000"}, "minimum spend 0 instead of 50"),
        ({"expires": ""}, "last day never instead of 31 December 2030"),
        ({"expires": "soon"}, "last day “soon” instead of 31 December 2030"),
        (
            {"expires": "Thu, 31 Dec 2031 23:59:59 -0600"},
            "last day 31 December 2031 instead of 31 December 2030",
        ),
        (
            {"applies_to": {"entity": "categories", "ids": [0]}},
            "for categories 0 instead of categories 21, 23",
        ),
        ({"applies_to": []}, "for None None instead of categories 21, 23"),
        ({"restricted_to": {"countries": "AU"}}, "countries AU instead of all"),
        ({"shipping_methods": ["fedex"]}, "shipping methods fedex instead of all"),
        ({"amount": "5", "enabled": False}, "amount 5 instead of 10; status off instead of on"),
    ],
)
def test_a_coupon_is_held_against_what_was_asked_for(fields: dict[str, Any], said: str) -> None:
    assert coupon(**fields) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current_uses": 1, "display_name": "", "notifications": [], "stop": False}, ""),
        ({"end_date": "2031-01-01T05:59:59+00:00", "start_date": "2026-01-01T00:00:00Z"}, ""),
        ({"customer": {"group_ids": [], "minimum_order_count": 0}, "schedule": None}, ""),
        ({"rules": rules(maximum_allowed_discount_amount="50", strategy=None)}, ""),
        ({"rules": rules({"condition": {"cart": {"minimum_spend": 50, "items": None}}})}, ""),
        ({"status": "DISABLED"}, "status DISABLED instead of on"),
        ({"status": "INVALID"}, "status INVALID instead of on"),
        (
            {"can_be_used_with_other_promotions": None},
            "not readable: can_be_used_with_other_promotions instead of nothing",
        ),
        ({"currency_code": "EUR"}, "currency EUR instead of USD"),
        ({"channels": []}, "channels all instead of 1"),
        ({"channels": [{"id": 1}, {"id": 2}]}, "channels 1, 2 instead of 1"),
        ({"max_uses": None}, "uses no limit instead of 1"),
        ({"end_date": None}, "last day never instead of 31 December 2030"),
        (
            {"end_date": "2031-01-02T05:59:59+00:00"},
            "last day 1 January 2031 instead of 31 December 2030",
        ),
        ({"start_date": "2099-01-01T12:00:00Z"}, "first day 1 January 2099 instead of today"),
        ({"redemption_type": "AUTOMATIC"}, "kind automatic instead of coupon"),
        (
            {"can_be_used_with_other_promotions": False},
            "other promotions not allowed instead of allowed",
        ),
        ({"customer": {"group_ids": [3]}}, "customers some instead of all"),
        ({"schedule": {"week_frequency": 2}}, "customers some instead of all"),
        (
            {"rules": rules(discount={"percentage_amount": "20"})},
            "percentage 20 instead of 10",
        ),
        (
            {"rules": rules(discount={"fixed_amount": "10"})},
            "percentage nothing instead of 10; amount 10 instead of nothing",
        ),
        (
            {"rules": rules(maximum_allowed_discount_amount=None)},
            "ceiling nothing instead of 50",
        ),
        (
            {"rules": rules(items={"categories": [21]})},
            "categories 21 instead of 21, 23",
        ),
        (
            {"rules": rules({"condition": None})},
            "minimum spend nothing instead of 50",
        ),
        (
            {
                "rules": rules(
                    {"condition": {"cart": {"minimum_spend": "50", "items": {"categories": [21]}}}},
                    items={"categories": None},
                )
            },
            "categories nothing instead of 21, 23; "
            "condition cart items categories 21 instead of nothing",
        ),
        ({"rules": rules({"apply_once": False})}, "apply once nothing instead of yes"),
        (
            {"rules": rules(strategy="LEAST_EXPENSIVE")},
            "action cart items strategy LEAST_EXPENSIVE instead of nothing",
        ),
        (
            {"rules": [*rules(), {"action": {"gift_item": {"quantity": 1}}}]},
            "off gift item instead of cart items; apply once of rule 2 yes instead of nothing; "
            "action gift item quantity of rule 2 1 instead of nothing",
        ),
    ],
)
def test_a_promotion_is_held_against_what_was_asked_for(fields: dict[str, Any], said: str) -> None:
    assert promotion(**fields) == said


def test_a_promotion_without_rules_says_each_that_is_missing() -> None:
    assert "percentage nothing instead of 10" in promotion(rules=None)


@pytest.mark.parametrize("stacking", Stacking)
def test_each_way_of_stacking_is_told_apart(stacking: Stacking) -> None:
    asked = PROMOTION.model_copy(update={"stacking": stacking})
    others = {
        Stacking.TOGETHER: (False, True),
        Stacking.ALONE: (False, True),
        Stacking.REPLACES: (False, False),
    }
    together, overrides = others[stacking]

    assert promotion(asked) == ""
    assert "other promotions" in promotion(
        asked,
        can_be_used_with_other_promotions=together,
        coupon_overrides_other_promotions=overrides,
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"code": "OTHER"}, "code OTHER instead of SORRY-10"),
        ({"max_uses": 0}, "uses no limit instead of 1"),
        ({"max_uses_per_customer": 3}, "uses by each customer 3 instead of no limit"),
    ],
)
def test_a_code_is_held_against_what_was_asked_for(fields: dict[str, Any], said: str) -> None:
    asked = PromotionCode(id=0, code="SORRY-10", max_uses=1)
    there = PromotionCode.model_validate({"id": 5, "code": "sorry-10", "max_uses": 1, **fields})

    assert code_difference(asked, there) == said


@given(
    amount=st.decimals("0.01", "99.99", places=2),
    other=st.decimals("0.01", "99.99", places=2),
    places=st.integers(2, 6),
)
def test_amounts_are_numbers_however_they_are_written(
    amount: Decimal, other: Decimal, places: int
) -> None:
    asked = COUPON.model_copy(update={"amount": amount})
    shown = {**coupon_body(asked), "id": 1, "amount": f"{other:.{places}f}"}

    said = coupon_difference(asked, Coupon.model_validate(shown), ZONE)

    assert (said == "") == (amount == other)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=6,
    )
)
def test_whatever_a_rule_holds_it_is_read(value: Any) -> None:
    assert promotion(rules=[{"action": value}]) != ""


def test_the_day_is_the_stores() -> None:
    ends = datetime(2031, 1, 1, 5, 59, 59, tzinfo=UTC)  # still the last of December in Chicago
    asked = PROMOTION.model_copy(update={"expires_at": ends})

    assert promotion(asked, end_date="2030-12-31T23:59:59-06:00") == ""
    assert promotion(asked, end_date="2031-01-01T06:00:00Z") != ""
