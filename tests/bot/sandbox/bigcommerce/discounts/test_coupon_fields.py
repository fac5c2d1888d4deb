"""The fields of a coupon: what each may hold, and which one a refusal names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.discounts.coupon_fields import NEEDED, TYPES, read_coupon

COUPON: dict[str, Any] = {
    "name": "Sorry",
    "code": "SORRY-10",
    "type": "per_total_discount",
    "amount": "10",
    "applies_to": {"entity": "categories", "ids": [0]},
}


def refusal(body: dict[str, Any], *, needs_all: bool = True) -> str:
    with pytest.raises(StoreError) as caught:
        read_coupon(body, needs_all=needs_all)
    assert caught.value.status == 400
    return caught.value.title


def test_all_fields_are_read_by_the_names_of_the_books() -> None:
    read = read_coupon(
        COUPON
        | {
            "min_purchase": 25,
            "enabled": True,
            "expires": "Thu, 31 Dec 2026 23:59:59 -0600",
            "max_uses": 1,
            "max_uses_per_customer": 0,
            "restricted_to": {"countries": "US"},
            "shipping_methods": ["peritem"],
        },
        needs_all=True,
    )

    assert read == {
        "name": "Sorry",
        "code": "SORRY-10",
        "type": "per_total_discount",
        "amount": Decimal(10),
        "entity": "categories",
        "ids": [0],
        "min_purchase": Decimal(25),
        "enabled": True,
        "expires": "Fri, 01 Jan 2027 05:59:59 +0000",
        "max_uses": 1,
        "max_uses_per_customer": 0,
        "countries": "US",
        "shipping_methods": ["peritem"],
    }


@pytest.mark.parametrize("field", NEEDED)
def test_a_new_coupon_needs_some_a_change_does_not(field: str) -> None:
    less = {name: value for name, value in COUPON.items() if name != field}

    assert refusal(less) == f"The required field '{field}' was not supplied."
    read_coupon(less, needs_all=False)


@pytest.mark.parametrize("type_", TYPES)
def test_each_type_is_one(type_: str) -> None:
    assert read_coupon(COUPON | {"type": type_}, needs_all=True)["type"] == type_


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("name", value) for value in ("", "x" * 101, 5)],
        *[("code", value) for value in ("", "x" * 51, "50%", "É", None, 5)],
        *[("type", value) for value in ("promotion", "", None)],
        *[("amount", value) for value in (-1, "NaN", "Infinity", "ten", True, None)],
        *[("min_purchase", value) for value in (-1, "much")],
        *[("enabled", value) for value in (1, "true", None)],
        *[("expires", value) for value in ("tomorrow", 5, None)],
        *[("max_uses", value) for value in (-1, "1", 1.5, True, None)],
        *[("applies_to", value) for value in ([0], None, {}, {"entity": "brands", "ids": [1]})],
        *[
            ("applies_to", {"entity": "products", "ids": ids})
            for ids in (None, [-1], ["1"], [True])
        ],
        *[("restricted_to", value) for value in ("US", ["US"], 5)],
        *[("shipping_methods", value) for value in ("peritem", 5, {"a": 1})],
    ],
)
def test_a_wrong_value_is_named(field: str, value: Any) -> None:
    assert refusal({field: value}, needs_all=False) == f"The field '{field}' is invalid."


def test_a_percentage_ends_at_a_hundred() -> None:
    percent = {"type": "percentage_discount", "amount": "100"}

    assert read_coupon(percent, needs_all=False)["amount"] == 100
    assert refusal(percent | {"amount": "100.01"}, needs_all=False) == (
        "The field 'amount' is invalid."
    )


def test_what_cannot_be_written_is_said() -> None:
    assert refusal({"num_uses": 1}).startswith("The field 'num_uses' cannot be written to.")
    assert refusal({"colour": "green"}) == ("The field 'colour' is not supported by this resource.")
