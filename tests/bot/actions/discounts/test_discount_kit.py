"""Caps, limits and the words of a discount code, without a store."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.actions.discounts.caps import (
    amount_cap,
    beyond_caps,
    describe_caps,
    last_moment,
    missing_worth,
    worth_cap,
)
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.discounts.words import describe_products, describe_uses, reply
from bot.bigcommerce.catalogue import Product
from bot.bigcommerce.coupons import CouponType
from bot.bigcommerce.models import Store
from bot.bigcommerce.promotions import Stacking
from bot.config.configuration import DiscountRules

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
ZONE = "America/Chicago"
SHOP = Store.model_validate(
    {"id": "h", "name": "Fern & Fable", "currency": "USD", "timezone": {"name": ZONE}}
)
RULES = DiscountRules(most_percent=Decimal(20), most_amount=Decimal(50), most_days=30)


def request(**fields: Any) -> CreateDiscountCode:
    kept = {"code": "SORRY10", "type": CouponType.PERCENTAGE, "value": "10"}
    return CreateDiscountCode.model_validate(kept | fields)


def beyond(asked: CreateDiscountCode, rules: DiscountRules = RULES, rate: str = "1") -> list[str]:
    currency = asked.currency or "USD"
    amount = amount_cap(rules, currency, Decimal(rate))
    worth = worth_cap(rules, currency, Decimal(rate))
    wrong = beyond_caps(asked, rules, amount=amount, worth=worth, now=NOW, timezone_name=ZONE)
    return list(wrong)


def test_a_form_of_before_the_rules_were_set_is_held_against_them() -> None:
    alone, coupons = DiscountRules(stacking="alone"), DiscountRules(as_coupons=True)
    assert beyond(request(stacking=Stacking.TOGETHER), alone) == ["type"]
    assert beyond(request(stacking=Stacking.ALONE), alone) == []
    assert beyond(request(stacking=Stacking.ALONE), DiscountRules()) == []
    assert beyond(request(as_coupon=True), DiscountRules()) == ["type"]
    assert beyond(request(as_coupon=True), coupons) == []
    assert beyond(request(), coupons) == []


MOST = DiscountRules(most_worth=Decimal(100))
SHIPPING = {"type": CouponType.FREE_SHIPPING, "max_uses": 1}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"ceiling": "50", "max_uses": 2}, []),
        ({"ceiling": "50", "max_uses": 3}, ["max_uses"]),
        ({"ceiling": "100.01", "max_uses": 1}, ["max_uses"]),
        ({"type": CouponType.FIXED_AMOUNT, "value": "25", "max_uses": 4}, []),
        ({"type": CouponType.FIXED_AMOUNT, "value": "25", "max_uses": 5}, ["max_uses"]),
        ({"max_uses": 1}, ["ceiling"]),
        ({"ceiling": "5"}, ["max_uses"]),
        ({}, ["ceiling", "max_uses"]),
        ({"as_coupon": True, "max_uses": 1}, ["type"]),
        (SHIPPING, ["type"]),
    ],
)
def test_a_code_is_worth_its_ceiling_times_its_uses(
    fields: dict[str, Any], wrong: list[str]
) -> None:
    assert beyond(request(**fields), MOST) == wrong


def test_a_code_of_unknown_worth_may_be_worth_what_the_admins_say() -> None:
    said = MOST.model_copy(update={"unknown_counts_as": Decimal(100)})
    assert beyond(request(**SHIPPING), said) == []
    more = MOST.model_copy(update={"unknown_counts_as": Decimal("100.01")})
    assert beyond(request(**SHIPPING), more) == ["type"]
    assert missing_worth(request(ceiling="5", max_uses=1)) == {}


LAST = last_moment(RULES, NOW, ZONE)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"value": "20"}, []),
        ({"value": "20.01"}, ["value"]),
        ({"type": CouponType.FIXED_AMOUNT, "value": "50"}, []),
        ({"type": CouponType.FIXED_AMOUNT, "value": "50.01"}, ["value"]),
        ({"type": CouponType.FREE_SHIPPING, "value": "0"}, []),
        ({"expires_at": None}, ["expires_at"]),
        ({"expires_at": "2027-06-01T00:00:00+00:00"}, ["expires_at"]),
    ],
)
def test_a_cap_holds_at_its_last_cent(fields: dict[str, Any], wrong: list[str]) -> None:
    assert beyond(request(**{"expires_at": LAST, **fields})) == wrong


def test_without_caps_everything_goes() -> None:
    assert beyond(request(value="100"), DiscountRules()) == []
    assert describe_caps(DiscountRules(), None) == ""


def test_the_caps_are_told() -> None:
    amount = amount_cap(RULES, "USD", Decimal(1))

    assert describe_caps(RULES, amount) == (
        "At most 20% or 50.00 USD, valid for at most 30 days. Free shipping has no such cap."
    )
    assert "Free" not in describe_caps(DiscountRules(most_days=30), None)


@given(
    cap=st.decimals("0.01", "1000", places=2),
    rate=st.decimals("0", "200", places=6),
    value=st.decimals("0.01", "200000", places=2),
)
def test_a_cap_in_another_currency_is_never_above_what_was_set(
    cap: Decimal, rate: Decimal, value: Decimal
) -> None:
    rules = DiscountRules(most_amount=cap)
    amount = amount_cap(rules, "EUR", rate)
    asked = request(type=CouponType.FIXED_AMOUNT, value=value, currency="EUR")

    wrong = beyond_caps(asked, rules, amount=amount, worth=None, now=NOW, timezone_name=ZONE)

    assert amount is not None
    assert amount.amount <= cap * rate
    assert ("value" in wrong) == (value > amount.amount)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"category_ids": (1,), "product_ids": (2,)}, "product_ids"),
        ({"type": CouponType.FREE_SHIPPING, "category_ids": (1,)}, "category_ids"),
        ({"type": CouponType.FREE_SHIPPING, "product_ids": (1,)}, "product_ids"),
        ({"max_uses": -1}, "max_uses"),
        ({"max_uses": 1, "max_uses_per_customer": 2}, "max_uses_per_customer"),
        ({"minimum_spend": "0"}, "minimum_spend"),
        ({"minimum_spend": "1.234"}, "minimum_spend"),
        ({"type": CouponType.FIXED_AMOUNT, "currency": "*"}, "currency"),
        ({"minimum_spend": "5", "currency": "*"}, "currency"),
    ],
)
def test_what_does_not_go_together_is_told_at_a_field(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as invalid:
        request(**fields)

    assert [error["loc"] for error in invalid.value.errors()] == [(field,)]


def test_free_shipping_has_no_value() -> None:
    assert request(type=CouponType.FREE_SHIPPING, value="12").value == 0


def test_a_request_of_an_older_version_can_still_be_read() -> None:
    old = {
        "order_id": None,
        "reason": "",
        "code": "SORRY10",
        "type": "per_total_discount",
        "value": "10",
        "category_ids": [21],
        "expires_at": None,
    }

    read = CreateDiscountCode.model_validate(old)

    assert (read.ceiling, read.stacking, read.as_coupon) == (None, Stacking.TOGETHER, False)


@pytest.mark.parametrize(
    ("total", "each", "said"),
    [
        (0, 0, ""),
        (1, 0, "once"),
        (1, 1, "once"),
        (5, 1, "5 times, once by each customer"),
        (0, 2, "twice by each customer"),
    ],
)
def test_the_uses_in_words(total: int, each: int, said: str) -> None:
    assert describe_uses(request(max_uses=total, max_uses_per_customer=each)) == said


def test_the_reply_says_all_that_the_code_gives_and_all_that_bounds_it() -> None:
    asked = request(
        order_id=1042,
        currency="EUR",
        ceiling="46",
        category_ids=(21,),
        channel_id=2,
        channel_name="Outlet",
        stacking=Stacking.ALONE,
        max_uses=5,
        max_uses_per_customer=1,
        minimum_spend="50",
        expires_at="2026-11-30T23:59:59-06:00",
    )

    assert reply(asked, SHOP, "Garden › Bath") == (
        "We are sorry for the trouble with your order 1042. Here is a code for your next order at "
        "Fern & Fable:\n\nSORRY10\n\nIt gives you 10% off, 46.00 EUR at most. It is for Garden › "
        "Bath. Your order has to come to 50.00 EUR or more. It is for orders in EUR. It works at "
        "Outlet. It is not valid where another promotion applies already. It can be used 5 times, "
        "once by each customer. It is valid until 30 November 2026. Enter it at checkout."
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "10% off. It is valid together with other promotions that allow it. Enter"),
        ({"stacking": Stacking.REPLACES}, "off. It is valid in place of all other promotions."),
        ({"as_coupon": True}, "It gives you 10% off. It is for orders in USD. Enter it"),
        (
            {"type": CouponType.FIXED_AMOUNT, "max_uses": 1},
            "10.00 USD off the order total. It is for orders in USD. It is valid together with "
            "other promotions that allow it. It can be used once. Enter",
        ),
        ({"currency": "*", "type": CouponType.FREE_SHIPPING}, "It gives you free shipping. It is "),
    ],
)
def test_the_reply_says_nothing_that_does_not_hold(fields: dict[str, Any], said: str) -> None:
    assert said in reply(request(**fields), SHOP, "all categories")


def test_a_long_list_is_cut_to_what_a_message_holds() -> None:
    products = [Product(id=number, name="Fern " * 50, sku="F") for number in range(100)]

    text = describe_products(range(100), products)
    short = describe_products(range(100), products, most=3)

    assert len(text) < 1900
    assert text.endswith("… (F) and 80 more")
    assert len(short) < 300
    assert short.endswith("… (F) and 97 more")


def test_the_reply_names_what_it_is_for() -> None:
    text = reply(request(category_ids=(21,)), SHOP, "Garden › Bath")

    assert text.startswith("Here is a code")
    assert "It gives you 10% off. It is for Garden › Bath." in text
