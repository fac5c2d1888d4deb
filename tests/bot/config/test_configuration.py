from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config.configuration import ActionRule, Configuration, People
from bot.config.live_configuration import LiveConfiguration
from storage.configuration.history import ConfigurationLog
from storage.database import open_database

REASONS = ("Damaged", "Late")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveConfiguration]:
    db = open_database(tmp_path / "makegood.sqlite")
    defaults = Configuration(audit_channel="C1")
    yield LiveConfiguration(ConfigurationLog(db), defaults, REASONS)
    db.close()


def change(live: LiveConfiguration, section: str, value: object) -> bool:
    return bool(live.change(section, value, team_id="T1", actor_id="U1").changes)


def test_nothing_is_activated_by_itself(live: LiveConfiguration) -> None:
    assert not live.current().activated


def test_a_change_counts_at_once_and_only_where_it_is_one(live: LiveConfiguration) -> None:
    assert change(live, "day_limit", "150.00")
    assert not change(live, "day_limit", "150.00")

    assert live.current().day_limit == Decimal("150.00")


def test_a_rule_is_for_its_action_alone(live: LiveConfiguration) -> None:
    rule = ActionRule(who=People(user_ids=("U1",)), always_approve=True, reasons=("Fraud",))
    change(live, "rules.refund_order", rule)

    assert live.current().rule("refund_order") == rule
    assert live.current().rule("refund_items").who.everyone
    assert live.reasons_for("refund_order") == ("Fraud",)
    assert live.reasons_for("refund_items") == REASONS


@pytest.mark.parametrize(
    ("section", "value"),
    [("day_limit", "-1"), ("day_limit", "NaN"), ("approval_hours", 0), ("audit_channel", "#log")],
)
def test_nonsense_is_refused_and_changes_nothing(
    live: LiveConfiguration, section: str, value: object
) -> None:
    before = live.current()

    with pytest.raises(ValidationError):
        change(live, section, value)

    assert live.current() == before
