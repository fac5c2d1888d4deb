"""A configuration as 0.1 kept it, with amounts for each action."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.config.configuration import Configuration
from bot.config.live_configuration import LiveConfiguration
from storage.configuration.history import ConfigurationLog
from storage.database import open_database


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ConfigurationLog]:
    db = open_database(tmp_path / "makegood.sqlite")
    yield ConfigurationLog(db)
    db.close()


def keep(log: ConfigurationLog, section: str, value: object) -> None:
    log.change(section, None, value, team_id="T1", actor_id="U1")


def live(log: ConfigurationLog) -> LiveConfiguration:
    return LiveConfiguration(log, Configuration(audit_channel="C1"), ())


def test_the_lowest_amount_of_any_action_goes_for_all(log: ConfigurationLog) -> None:
    keep(log, "rules.refund_order", {"limit": "900", "approval_above": "60.00"})
    keep(log, "rules.create_discount_code", {"limit": None, "approval_above": "75.00"})
    keep(log, "rules.refund_items", {"limit": "400.00", "approval_above": None})

    now = live(log).current()

    assert (now.approval_above, now.limit) == (Decimal("60.00"), Decimal("400.00"))
    assert not now.rule("refund_order").always_approve


def test_always_stays_with_its_action(log: ConfigurationLog) -> None:
    keep(log, "rules.cancel_order", {"approval_above": "0"})
    keep(log, "rules.refund_order", {"approval_above": "60.00"})

    now = live(log).current()

    assert now.rule("cancel_order").always_approve
    assert now.approval_above == Decimal("60.00")


@pytest.mark.parametrize("common", [None, "500.00"])
def test_a_common_amount_that_was_set_since_is_not_overruled(
    log: ConfigurationLog, common: str | None
) -> None:
    keep(log, "rules.refund_order", {"approval_above": "60.00"})
    keep(log, "approval_above", common)

    assert live(log).current().approval_above == (Decimal(common) if common else None)


def test_what_was_lifted_outlives_a_change_of_the_rule_it_came_from(log: ConfigurationLog) -> None:
    keep(log, "rules.refund_order", {"limit": "900.00", "approval_above": "60.00"})
    reasons = live(log).current().rule("refund_order").model_copy(update={"reasons": ("Fraud",)})

    live(log).change("rules.refund_order", reasons, team_id="T1", actor_id="U1")

    now = live(log).current()
    assert (now.approval_above, now.limit) == (Decimal("60.00"), Decimal("900.00"))
    newest = {change.section: change.actor_id for change in live(log).history(3)}
    assert newest == {"rules.refund_order": "U1", "approval_above": "", "limit": ""}


def test_a_shop_that_never_had_amounts_gets_none(log: ConfigurationLog) -> None:
    keep(log, "rules.refund_order", {"enabled": False})
    live(log).change("day_limit", "10", team_id="T1", actor_id="U1")

    assert live(log).current().approval_above is None
    assert {change.section for change in live(log).history()} == {"rules.refund_order", "day_limit"}
