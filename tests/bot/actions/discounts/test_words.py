"""What is said about a discount code, to the team and to the customer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.actions.action import RuleBroken
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.discounts.words import (
    describe_categories,
    describe_expiry,
    describe_reach,
    discount_of,
    reply,
    summary,
)
from bot.bigcommerce.models import Category, Currency, Store
from bot.bigcommerce.promotions import EVERY_CURRENCY

SHOP = Store.model_validate(
    {"id": "h", "name": "Fern & Fable", "currency": "USD", "timezone": {"name": "America/Chicago"}}
)
LAST = datetime(2027, 1, 1, 5, 59, 59, tzinfo=UTC)
CATEGORIES = [Category(id=n, name=f"C{n}", path=f"Garden › C{n}") for n in range(1, 30)]
CURRENCIES = [
    Currency.model_validate({"currency_code": code, "currency_exchange_rate": "1"})
    for code in ("USD", "EUR")
]


def code(kind: str = "percentage_discount", value: str = "10", **fields: Any) -> CreateDiscountCode:
    given = {"code": "SORRY-7F3K2Q", "type": kind, "value": value}
    return CreateDiscountCode.model_validate(given | fields)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (code(value="12.50"), "12.5% off"),
        (code(value="10", ceiling="50"), "10% off, 50.00 USD at most"),
        (code("per_total_discount", "1000"), "1,000.00 USD off the order total"),
        (code("per_total_discount", "5", currency="EUR"), "5.00 EUR off the order total"),
        (
            code("per_total_discount", "5", category_ids=[1]),
            "5.00 USD off these items together",
        ),
        (code("free_shipping", "0"), "free shipping"),
    ],
)
def test_what_a_code_gives_is_told_with_its_currency(
    request_: CreateDiscountCode, said: str
) -> None:
    assert discount_of(request_, "USD") == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (None, "Never"),
        (LAST, "31 December 2026, end of day (America/Chicago)"),
        (datetime(2026, 12, 31, 21, 5, tzinfo=UTC), "31 December 2026, 15:05 (America/Chicago)"),
    ],
)
def test_an_end_is_told_in_the_stores_own_time(at: datetime | None, said: str) -> None:
    assert describe_expiry(at, "America/Chicago") == said


def test_categories_are_told_by_their_paths() -> None:
    assert describe_categories([], CATEGORIES) == "All categories"
    assert describe_categories([2, 1], CATEGORIES) == "Garden › C2, Garden › C1"
    assert describe_categories([1, 2, 3, 4, 5], CATEGORIES, most=3).endswith("C3 and 2 more")
    with pytest.raises(RuleBroken, match="A category is no longer there"):
        describe_categories([1, 99], CATEGORIES)


def test_of_a_long_path_the_end_is_told() -> None:
    long = Category(id=1, name="x", path=f"{'Garden › ' * 30}Pots")

    said = describe_categories([1], [long])

    assert said.startswith("…")
    assert said.endswith(" › Pots")
    assert len(said) == 81


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "The code works for orders in USD only."),
        ({"currency": "EUR", "ceiling": "5"}, "The code works for orders in EUR only."),
        (
            {"currency": EVERY_CURRENCY},
            "The code works for orders in every currency of the store.",
        ),
        ({"as_coupon": True}, "The code works for orders in USD only."),
    ],
)
def test_where_several_currencies_are_paid_in_it_is_told_in_which(
    fields: dict[str, Any], said: str
) -> None:
    request = code(**fields) if fields else code("per_total_discount", "5")

    assert describe_reach(request, CURRENCIES, "USD") == said
    assert describe_reach(request, CURRENCIES[:1], "USD") == ""


def test_the_terms_stand_in_one_line() -> None:
    request = code(
        ceiling="50",
        minimum_spend="20",
        max_uses=5,
        max_uses_per_customer=1,
        channel_id=2,
        channel_name="Outlet",
        stacking="alone",
        expires_at=LAST,
    )

    assert summary(request, SHOP, "All categories") == (
        "10% off, 50.00 USD at most, for All categories, on orders of 20.00 USD or more, "
        "to be used 5 times, once by each customer, in the storefront Outlet, "
        "not valid where another promotion applies already, "
        "valid until 31 December 2026, end of day (America/Chicago)"
    )
    assert summary(code("free_shipping", "0"), SHOP, "x") == "free shipping, never expires"


def test_the_reply_says_all_that_bounds_the_code() -> None:
    request = code(
        "per_total_discount",
        "5",
        category_ids=[1],
        minimum_spend="20",
        max_uses=1,
        expires_at=LAST,
        order_id=1042,
    )

    assert reply(request, SHOP, "Garden › C1") == (
        "We are sorry for the trouble with your order 1042. Here is a code for your next order at "
        "Fern & Fable:\n\nSORRY-7F3K2Q\n\n"
        "It gives you 5.00 USD off these items together. It is for Garden › C1. Your order has to "
        "come to 20.00 USD or more. It is for orders in USD. It is valid together with other "
        "promotions that allow it. It can be used once. It is valid until 31 December 2026. "
        "Enter it at checkout."
    )


def test_a_reply_without_bounds_promises_no_more_than_the_code() -> None:
    assert reply(code(value="10", currency=EVERY_CURRENCY), SHOP, "x") == (
        "Here is a code for your next order at Fern & Fable:\n\nSORRY-7F3K2Q\n\n"
        "It gives you 10% off. It is valid together with other promotions that allow it. "
        "Enter it at checkout."
    )
    assert Decimal(code().value) == 10
