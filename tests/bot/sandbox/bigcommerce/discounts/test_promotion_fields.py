"""The fields of a promotion: what each may hold, and what goes together."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.discounts.promotion_fields import (
    NEEDED,
    check_together,
    read_promotion,
)


def rule(action: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"action": action, **more}]


def cart(**discount: Any) -> dict[str, Any]:
    return {"cart_value": {"discount": discount}}


def items(**what: Any) -> dict[str, Any]:
    usual = {"discount": {"percentage_amount": "10"}, "items": {"categories": [3]}}
    return {"cart_items": usual | what}


PROMOTION: dict[str, Any] = {
    "redemption_type": "COUPON",
    "name": "Sorry",
    "rules": rule(cart(percentage_amount="10")),
}


def read(body: dict[str, Any], *, needs_all: bool = False) -> dict[str, Any]:
    return read_promotion(body, needs_all=needs_all, currencies=["USD", "EUR"], channels=[1, 5])


def refusal(body: dict[str, Any], *, needs_all: bool = False) -> str:
    with pytest.raises(StoreError) as caught:
        read(body, needs_all=needs_all)
    assert (caught.value.status, caught.value.in_errors) == (422, True)
    return caught.value.title


@pytest.mark.parametrize("field", NEEDED)
def test_a_new_one_needs_some_fields(field: str) -> None:
    assert refusal(PROMOTION | {field: None}, needs_all=True) == f"{field} is required."


def test_channels_are_kept_by_number() -> None:
    found = read(PROMOTION | {"channels": [{"id": 5}], "currency_code": "EUR"}, needs_all=True)

    assert found == {
        "name": "Sorry",
        "rules": PROMOTION["rules"],
        "channels": [5],
        "currency_code": "EUR",
    }


@pytest.mark.parametrize(
    "rules",
    [
        rule(cart(fixed_amount="5.50")),
        rule(cart(percentage_amount="100"), apply_once=True, stop=False),
        rule({"cart_value": {**cart(fixed_amount="5")["cart_value"]}}, condition=None),
        rule(cart(fixed_amount="5"), condition={"cart": {"minimum_spend": "25"}}),
        rule(items()),
        rule(items(items={"products": [104]}, as_total=True)),
        rule(items(maximum_allowed_discount_amount="10000000")),
        rule({"shipping": {"free_shipping": True, "zone_ids": "*"}}),
    ],
)
def test_rules_that_hold(rules: Any) -> None:
    assert read({"rules": rules})["rules"] == rules


@pytest.mark.parametrize(
    "rules",
    [
        *(None, [], {}, ["rule"], [{}]),
        rule({}),
        rule(cart(percentage_amount="10"), colour="green"),
        rule({**cart(percentage_amount="10"), **items()}),
        rule({"cart_gift": {}}),
        *(rule(cart(percentage_amount=amount)) for amount in ("100.01", "0", "-1", "ten", 10)),
        rule(cart(fixed_amount="5", percentage_amount="5")),
        rule(cart(free="5")),
        rule({"cart_value": {"discount": {"fixed_amount": "5"}, "items": {"products": [1]}}}),
        rule(cart(fixed_amount="5"), condition={"cart": {}}),
        rule(cart(fixed_amount="5"), condition="none"),
        rule(items(items={})),
        rule(items(items={"categories": []})),
        rule(items(items={"categories": [0]})),
        rule(items(items={"categories": [True]})),
        rule(items(items={"categories": [3], "products": [4]})),
        rule(items(items={"colours": [3]})),
        rule(items(colour="green")),
        rule(items(maximum_allowed_discount_amount="0.99")),
        rule(items(maximum_allowed_discount_amount="10000000.01")),
        rule({"shipping": {"free_shipping": True}}),
    ],
)
def test_rules_that_do_not(rules: Any) -> None:
    assert refusal({"rules": rules}) == "rules is invalid."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("redemption_type", "AUTOMATIC"),
        *[("name", value) for value in ("", "x" * 256, 5)],
        ("display_name", None),
        *[("channels", value) for value in ([1], {"id": 1}, [{"id": 1, "name": "x"}])],
        ("channels", [{"id": 2}]),
        ("coupon_type", "MANY"),
        ("status", "INVALID"),
        *[("start_date", value) for value in ("2026-11-27", "2026-11-27T10:00:00", "soon", 5)],
        *[("max_uses", value) for value in (0, -1, True, "1")],
        ("stop", "no"),
        ("colour", "green"),
    ],
)
def test_a_wrong_value_is_named(field: str, value: Any) -> None:
    assert refusal({field: value}) == f"{field} is invalid."


def test_a_currency_must_be_one_that_is_paid_in() -> None:
    assert refusal({"currency_code": "AUD"}) == "currency_code is not a transactional currency."
    assert read({"currency_code": "*"}) == {"currency_code": "*"}


@pytest.mark.parametrize(
    "rules",
    [
        rule(cart(fixed_amount="5")),
        rule(cart(percentage_amount="5"), condition={"cart": {"minimum_spend": "25"}}),
        rule(items(maximum_allowed_discount_amount="20")),
    ],
)
def test_money_has_one_currency(rules: Any) -> None:
    check_together({"currency_code": "USD", "rules": rules})

    with pytest.raises(StoreError, match="Only percentage discounts"):
        check_together({"currency_code": "*", "rules": rules})


def test_a_percentage_may_be_for_all_currencies() -> None:
    check_together({"currency_code": "*", "rules": PROMOTION["rules"]})


def test_overriding_and_combining_exclude_each_other() -> None:
    fields = {"currency_code": "USD", "rules": [], "coupon_overrides_other_promotions": True}

    check_together(fields | {"can_be_used_with_other_promotions": False})
    with pytest.raises(StoreError, match="cannot be set"):
        check_together(fields)
