"""What the configuration says to a request: limits, the brake, approvals; unknown is above all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.allowance import (
    Spent,
    Verdict,
    closed,
    judge,
    left_this_hour,
    left_today,
    midnight,
    worth_of,
)
from bot.configuration import Configuration
from bot.money import Money

USD = "USD"
amounts = st.decimals(0, 1000, places=2)
maybe = st.none() | amounts.filter(bool)


def configured(rule: dict[str, Any] | None = None, **sections: Any) -> Configuration:
    rules = {"refund_order": rule or {}}
    return Configuration.model_validate({"audit_channel": "C1", "rules": rules, **sections})


def verdict(
    configuration: Configuration,
    worth: str | None,
    spent: Spent | None = None,
    *,
    boss: bool = False,
) -> Verdict:
    return judge(
        configuration,
        "refund_order",
        None if worth is None else Decimal(worth),
        spent or Spent(),
        currency=USD,
        actor_id="U1",
        is_approver=boss,
    )


BEN = {"user_ids": ["U2"]}


@pytest.mark.parametrize(
    ("above", "worth", "asks"),
    [
        ("100", "100.00", False),
        ("100", "100.01", True),
        ("100", None, True),
        ("0", "0.01", True),
        ("0", "0", False),
        (None, None, False),
    ],
)
def test_above_the_amount_a_second_person_is_needed(
    above: str | None, worth: str | None, asks: bool
) -> None:
    found = verdict(configured(approval_above=above, approvers=BEN), worth)
    assert found == Verdict(needs_approval=asks)


def test_an_action_may_need_a_second_person_whatever_it_is_worth() -> None:
    found = verdict(configured({"always_approve": True}, approvers=BEN), "0")
    assert found == Verdict(needs_approval=True)


@pytest.mark.parametrize("approvers", [{}, {"user_ids": ["U1"]}])
def test_without_somebody_else_nothing_is_sent(approvers: dict[str, Any]) -> None:
    found = verdict(configured(approval_above="10", approvers=approvers), "11")
    assert found.refusal is not None
    assert "nobody is set as approver; an admin sets them in the Home tab" in found.refusal


@pytest.mark.parametrize("approvers", [{"group_ids": ["S1"]}, {"everyone": True}, BEN])
def test_a_group_or_everybody_is_somebody_else(approvers: dict[str, Any]) -> None:
    found = verdict(configured(approval_above="10", approvers=approvers), "11")
    assert found.needs_approval


def test_what_cannot_be_compared_is_above_every_limit() -> None:
    for configuration in (
        configured(limit="100", approvers=BEN),
        configured(day_limit="100"),
        configured(hour_limit="100"),
    ):
        found = verdict(configuration, None)
        assert found.refusal is not None
        assert "cannot be held against the limits" in found.refusal


def test_an_approver_passes_the_brake_and_no_limit() -> None:
    spent = Spent(today=Decimal(90), this_hour=Decimal(90))
    assert verdict(configured(hour_limit="100"), "10", spent) == Verdict()
    assert verdict(configured(hour_limit="100"), "10.01", spent).brake
    assert verdict(configured(hour_limit="100"), "10.01", spent, boss=True) == Verdict()
    for configuration in (configured(limit="5"), configured(day_limit="100")):
        assert verdict(configuration, "10.01", spent, boss=True).refusal is not None


@given(amounts, amounts, amounts, maybe, maybe, maybe)
def test_what_is_let_in_keeps_every_limit(
    worth: Decimal,
    today: Decimal,
    hour: Decimal,
    limit: Decimal | None,
    day_limit: Decimal | None,
    hour_limit: Decimal | None,
) -> None:
    configuration = configured(limit=limit, day_limit=day_limit, hour_limit=hour_limit)
    found = verdict(configuration, str(worth), Spent(today, hour))
    keeps = (
        (limit is None or worth <= limit)
        and (day_limit is None or not worth or today + worth <= day_limit)
        and (hour_limit is None or not worth or hour + worth <= hour_limit)
    )
    assert (found.refusal is None) is keeps
    left = left_today(configuration, Spent(today, hour))
    assert left is None or left >= 0


def test_when_nothing_is_left_the_form_is_not_opened() -> None:
    configuration = configured(day_limit="10", hour_limit="20")
    full = Spent(Decimal(10), Decimal(20))
    assert left_this_hour(configuration, full) == 0

    def said(action: str, spent: Spent, *, boss: bool = False) -> str:
        return closed(configuration, action, spent, actor_id="U1", is_approver=boss) or ""

    assert "for today is used up" in said("refund_items", full)
    assert "Only approvers" in said("refund_items", Spent(Decimal(0), Decimal(20)))
    assert said("refund_items", Spent(Decimal(0), Decimal(20)), boss=True) == ""
    assert said("create_discount_code", full) == ""  # a percentage may still be given


@pytest.mark.parametrize(
    ("amount", "rate", "worth"),
    [
        (Money(amount=Decimal("10"), currency=USD), None, "10"),
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
    found = worth_of(amount, None if rate is None else Decimal(rate), USD)
    assert found == (None if worth is None else Decimal(worth))


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        ("America/Chicago", "2026-03-08T06:00:00+00:00"),  # the day of the longer hour
        ("Pacific/Auckland", "2026-03-07T11:00:00+00:00"),
        ("UTC", "2026-03-08T00:00:00+00:00"),
        ("", "2026-03-08T00:00:00+00:00"),
        ("Mars/Olympus Mons", "2026-03-08T00:00:00+00:00"),
    ],
)
def test_a_day_begins_at_midnight_in_the_store(zone: str, begins: str) -> None:
    now = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
    assert midnight(now, zone).astimezone(UTC).isoformat() == begins
