"""The amounts to begin with, by what the last orders came to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.configuration import DiscountRules
from handlers.settings.names import Wording
from handlers.settings.suggesting import rounded_up, suggest, suggested_ceiling, unit_of

WORDING = Wording("USD")
CEILING = Decimal("50.00")


def test_the_last_orders_say_what_is_usual() -> None:
    totals = [Decimal(f"{number}.30") for number in range(100, 600, 10)]  # 50 of them

    found = suggest(totals, CEILING, WORDING)

    assert found.approval_above.amount == Decimal("550.00")
    assert found.approval_above.why == (
        "9 in 10 of the last 50 orders cost 540.30 USD or less, rounded up."
    )
    assert found.day_limit.amount == Decimal("2750.00")
    assert found.day_limit.why == "5 times the amount that needs approval."
    assert found.hour_limit.amount == Decimal("5500.00")
    assert found.hour_limit.why == "10 times the amount that needs approval."
    assert found.most_worth.amount == Decimal("88.00")
    assert found.most_worth.why == "A quarter of the middle order, 350.30 USD, rounded up."


def test_too_few_orders_leave_fixed_figures() -> None:
    found = suggest([Decimal(7)] * 9, CEILING, WORDING)

    assert found.approval_above.amount == Decimal(100)
    assert found.approval_above.why == "Fewer than 10 orders to go by, so a fixed figure."
    assert (found.day_limit.amount, found.hour_limit.amount) == (Decimal(500), Decimal(1000))
    assert found.most_worth.amount == Decimal(50)


def test_a_currency_without_a_smaller_unit_has_larger_ones() -> None:
    found = suggest([], None, WORDING, unit=unit_of("JPY"))

    assert (found.approval_above.amount, found.most_worth.amount) == (Decimal(10000), Decimal(5000))


def test_the_ceiling_that_nobody_set_is_in_the_stores_currency() -> None:
    assert suggested_ceiling(DiscountRules(), "USD") == Decimal(50)
    assert suggested_ceiling(DiscountRules(), "JPY") == Decimal(5000)
    assert suggested_ceiling(DiscountRules(ceiling=Decimal(800)), "JPY") == Decimal(800)
    assert suggested_ceiling(DiscountRules(ceiling=None), "JPY") is None


def test_an_ordinary_code_is_never_above_what_is_suggested() -> None:
    found = suggest([Decimal(8)] * 10, CEILING, WORDING)

    assert found.approval_above.amount == CEILING
    assert found.most_worth.amount == CEILING
    assert found.most_worth.why == "50.00 USD, the usual ceiling of a code."


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("187.30", "190"), ("1204", "1300"), ("54.10", "55"), ("5.01", "6"), ("100", "100")],
)
def test_amounts_are_rounded_up_to_two_digits(amount: str, rounded: str) -> None:
    assert rounded_up(Decimal(amount)) == Decimal(rounded)


@given(
    st.lists(st.decimals("0.01", "99999.99", places=2), max_size=60), st.none() | st.just(CEILING)
)
def test_each_suggestion_can_be_saved(totals: list[Decimal], ceiling: Decimal | None) -> None:
    found = suggest(totals, ceiling, WORDING)

    for each in (found.approval_above, found.day_limit, found.hour_limit, found.most_worth):
        assert each.amount > 0
        assert "E" not in str(each.amount)
        assert each.why.endswith(".")
    assert found.approval_above.amount < found.day_limit.amount < found.hour_limit.amount
    assert min(found.approval_above.amount, found.most_worth.amount) >= (ceiling or 0)
