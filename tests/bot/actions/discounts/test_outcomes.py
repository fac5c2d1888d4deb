"""How creating a discount code ends, in words."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions.discounts.outcomes import (
    code_created,
    code_taken,
    code_unknown,
    stands_differently,
    taken_back,
)
from bot.actions.discounts.request import CreateDiscountCode
from bot.bigcommerce.http import errors
from bot.bigcommerce.models import Store
from bot.values.outcome import Status

SHOP = Store.model_validate({"id": "h", "name": "Fern & Fable", "currency": "USD"})


def code(**fields: Any) -> CreateDiscountCode:
    given = {"code": "SORRY10", "type": "percentage_discount", "value": "10"}
    return CreateDiscountCode.model_validate(given | fields)


def test_a_code_that_was_created_works_at_once() -> None:
    outcome = code_created(code(), SHOP, "All categories")

    assert outcome.status is Status.SUCCEEDED
    assert outcome.message == (
        "Created discount code SORRY10: 10% off, for All categories, never expires."
    )
    assert outcome.next_step == "Give the code to the customer: it works at once."
    assert (outcome.amount, outcome.was_there) == (None, False)
    assert [(each.field, each.after) for each in outcome.changes] == [("discount code", "SORRY10")]
    assert "\n\nSORRY10\n\n" in outcome.reply


def test_a_code_that_was_there_is_not_given_away_unseen() -> None:
    money = code(type="per_total_discount", value="7.5", currency="EUR")

    outcome = code_created(money, SHOP, "x", was_there=True)

    assert outcome.message.startswith("BigCommerce has discount code SORRY10: 7.50 EUR off")
    assert outcome.next_step == (
        "It was there before. See with “Was it used?” how it stands before you give it to the "
        "customer."
    )
    assert str(outcome.amount) == "7.50 EUR"
    assert outcome.was_there


def test_a_code_that_somebody_else_has_asks_for_another() -> None:
    outcome = code_taken(code())

    assert outcome.status is Status.REJECTED
    assert outcome.message == "The code SORRY10 is already taken. Choose another one."
    assert outcome.next_step == "Choose another code with /discount-code."


def test_what_is_not_known_says_what_came_back() -> None:
    outcome = code_unknown(code(), errors.NoAnswer("POST /v2/coupons", "x"))

    assert outcome.status is Status.UNKNOWN
    assert outcome.message == (
        "It is not known whether the discount code SORRY10 was created. BigCommerce did not answer."
    )


def test_a_code_that_was_made_otherwise_is_gone_again() -> None:
    outcome = taken_back(code(), "50% instead of 10%")

    assert outcome.status is Status.REJECTED
    assert outcome.message == (
        "The discount code SORRY10 was not created: BigCommerce made it with 50% instead of 10%, "
        "so Makegood deleted it again."
    )


@pytest.mark.parametrize(
    ("is_off", "works"),
    [
        (True, "Makegood switched it off, so nobody can use it."),
        (False, "It may work as it stands there."),
    ],
)
def test_a_code_that_stands_otherwise_says_whether_it_works(is_off: bool, works: str) -> None:
    outcome = stands_differently(code(), "MG code", "5% instead of 10%", is_off=is_off)

    assert outcome.status is Status.UNKNOWN
    assert outcome.message == (
        f"The discount code SORRY10 is not as asked: BigCommerce has 5% instead of 10%. {works}"
    )
    assert "Do not give it to the customer. Look at “MG code”" in outcome.next_step
