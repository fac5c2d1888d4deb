"""A request that is judged again: what came after it had it in view, what came before counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from freezegun import freeze_time

from bot.actions.rules.given_back import Given, GivenBack
from bot.configuration import Configuration
from handlers.limit_sums import entry_check, read_sums
from storage import ActionLog, open_database

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def test_what_was_let_in_first_is_not_held_against_what_came_later(tmp_path: Path) -> None:
    db = open_database(tmp_path / "makegood.sqlite")
    log, configuration = ActionLog(db), Configuration(audit_channel="C1")
    for reference, amount in (("MG-A", "51.96"), ("MG-B", "59.00"), ("MG-C", "8.00")):
        log.ask(
            reference,
            action="refund_items",
            order_id=1042,
            team_id="T1",
            actor_id="U1",
            request={},
            counted=Decimal(amount),
        )
    made = Given(refund_id=1, reference="MG-B", amount=Decimal("59.00"), created=NOW)
    elsewhere = Given(refund_id=2, reference=None, amount=Decimal("3.00"), created=NOW)
    given = GivenBack(currency="USD", rate=None, refunds=(made, elsewhere))

    def on_order(reference: str) -> Decimal | None:
        entry = log.get(reference)
        check = entry_check(entry, currency="USD", given_back=given, is_approver=False)
        return read_sums(log, configuration, check).order

    assert on_order("MG-A") == Decimal("3.00")
    assert on_order("MG-B") == Decimal("54.96")
    assert on_order("MG-C") == Decimal("113.96")
    db.close()


def test_a_late_run_is_held_against_each_24_hours_by_themselves(tmp_path: Path) -> None:
    db = open_database(tmp_path / "makegood.sqlite")
    log, configuration = ActionLog(db), Configuration(audit_channel="C1")
    for reference, amount, hours in (
        ("MG-X", "75", 0),
        ("MG-A", "25", 23),
        ("MG-B", "70", 25),
        ("MG-C", "5", 48),
    ):
        with freeze_time(NOW + timedelta(hours=hours)):
            log.ask(
                reference,
                action="create_discount_code",
                order_id=None,
                team_id="T1",
                actor_id="U1",
                request={},
                counted=Decimal(amount),
            )

    check = entry_check(log.get("MG-A"), currency="USD", given_back=None, is_approver=False)

    # X and B share 24 hours with A, and not with each other; C shares none with it.
    assert read_sums(log, configuration, check).person == Decimal(75)
    db.close()
