from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.values.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("54.1", "USD", "54.10 USD"),
        ("1054.1", "USD", "1,054.10 USD"),
        ("1500", "JPY", "1,500 JPY"),
        ("1.5", "KWD", "1.500 KWD"),
        ("0", "EUR", "0.00 EUR"),
    ],
)
def test_money_reads_as_people_write_it(amount: str, currency: str, words: str) -> None:
    assert str(Money(amount=Decimal(amount), currency=currency)) == words


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_money_survives_the_log_to_the_cent(amount: Decimal) -> None:
    money = Money(amount=amount, currency="USD")

    assert Money.model_validate_json(money.model_dump_json()) == money
    assert Decimal(str(money).removesuffix(" USD").replace(",", "")) == amount
