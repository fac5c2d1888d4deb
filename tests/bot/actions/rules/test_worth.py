from __future__ import annotations

from decimal import Decimal

import pytest

from bot.actions.rules.worth import worth_of
from bot.values.money import Money


@pytest.mark.parametrize(
    ("amount", "rate", "worth"),
    [
        (Money(amount=Decimal("10"), currency="USD"), None, "10"),
        (Money(amount=Decimal("9.20"), currency="EUR"), "0.92", "10.00"),
        (Money(amount=Decimal("10.00"), currency="EUR"), "3", "3.34"),
        (Money(amount=Decimal("10"), currency="EUR"), None, None),
        (Money(amount=Decimal("10"), currency="EUR"), "0", None),
        (None, None, "0"),
    ],
)
def test_other_currencies_count_with_their_rate(
    amount: Money | None, rate: str | None, worth: str | None
) -> None:
    found = worth_of(amount, None if rate is None else Decimal(rate), "USD")
    assert found == (None if worth is None else Decimal(worth))
