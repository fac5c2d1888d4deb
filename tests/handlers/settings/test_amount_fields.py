"""Amounts of the configuration's forms: as shown, and as read back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from handlers.settings.forms.fields import Reading, amount_field
from handlers.settings.names import Wording


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [("USD", "50.00", "50.00"), ("JPY", "10000.00", "10000"), ("JPY", "150.50", "150.50")],
)
def test_an_amount_is_shown_as_it_is_typed(currency: str, amount: str, shown: str) -> None:
    field = amount_field("limit", "Limit", Decimal(amount), Wording(currency), hint="Empty: none.")

    assert field["element"]["initial_value"] == shown
    assert field["label"]["text"] == f"Limit ({currency})"


def test_a_currency_without_decimals_takes_whole_numbers() -> None:
    reading = Reading({"day_limit": "150.50", "limit": "20000", "hour_limit": "0.00"}, "JPY")

    assert (reading.amount("limit"), reading.threshold("hour_limit")) == ("20000.00", "0")
    assert reading.amount("day_limit") is None
    assert reading.errors == {"day_limit": "JPY has no decimals. Type a whole number."}
    assert Reading({"day_limit": "150.50"}, "USD").amount("day_limit") == "150.50"
