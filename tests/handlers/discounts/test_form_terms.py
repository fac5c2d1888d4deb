"""The terms of a code in a store whose time zone this machine does not know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.config.configuration import Preset
from handlers.discounts.form_context import CodeContext
from handlers.discounts.form_terms import parse_expiry, preset_values
from handlers.flow.form import FormState

ZONE = "Mars/Olympus Mons"


def test_days_are_counted_in_utc() -> None:
    known = CodeContext(
        currency="USD",
        order_currency="USD",
        zone=ZONE,
        categories=True,
        prefix="SORRY",
        expires="30",
    )
    state = FormState(order_id=None, context=known.saved(), values={"expires": "7"})

    expires_at = parse_expiry(state)

    in_a_week = datetime.now(UTC).date() + timedelta(days=7)
    assert expires_at is not None
    assert abs(expires_at.astimezone(UTC).date() - in_a_week) <= timedelta(days=1)


def test_a_preset_of_odd_days_can_be_chosen() -> None:
    preset = Preset(name="Odd", type="fixed", value=Decimal(5), days=5, uses=1)

    assert preset_values(preset, ZONE, "USD")["expires"] == "date"
