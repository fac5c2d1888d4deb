"""A request that is judged again: what came after it had it in view, what came before counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from freezegun import freeze_time

from bot.actions.endings.found_in_store import FOUND_IN_STORE
from bot.actions.rules.given_back import Given, GivenBack
from bot.actions.rules.limits import LimitCheck, check_limits
from bot.config.configuration import Configuration
from handlers.access.limit_sums import entry_check, read_sums
from storage.database import open_database
from storage.log.action_log import ActionLog

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


def test_what_was_found_counts_for_each_person_and_is_told_apart(tmp_path: Path) -> None:
    db = open_database(tmp_path / "makegood.sqlite")
    log, configuration = ActionLog(db), Configuration(audit_channel="C1")
    with freeze_time(NOW):
        for number, (order_id, hours, counted) in enumerate(
            ((1042, 30, "5"), (1042, 20, "7"), (1043, 2, "11"), (1044, 1, "0"))
        ):
            log.add_found(
                f"MG-{number}",
                action=FOUND_IN_STORE.name,
                order_id=order_id,
                team_id="T1",
                request={},
                done_at=NOW - timedelta(hours=hours),
                status="succeeded",
                outcome={"message": "", "next_step": ""},
                counted=Decimal(counted),
                next_check_at=None,
            )
        log.ask(
            "MG-A",
            action="refund_items",
            order_id=1042,
            team_id="T1",
            actor_id="U1",
            request={},
            counted=Decimal(3),
        )
        mine, theirs = (
            read_sums(
                log,
                configuration,
                LimitCheck("T1", user, "refund_items", None, Decimal(0), "USD"),
            )
            for user in ("U1", "U2")
        )

    assert (mine.person, mine.found, mine.found_until) == (
        Decimal(21),
        Decimal(18),
        NOW + timedelta(hours=22),
    )
    assert (theirs.person, theirs.found, theirs.found_until) == (
        Decimal(18),
        Decimal(18),
        mine.found_until,
    )
    db.close()


def test_what_was_counted_in_another_currency_is_not_known_any_more(tmp_path: Path) -> None:
    """The store has another default currency: nothing is converted, nothing is let through."""
    db = open_database(tmp_path / "makegood.sqlite")
    log, limited = ActionLog(db), Configuration(audit_channel="C1", day_limit=Decimal(500))
    asked: dict[str, Any] = {"team_id": "T1", "actor_id": "U1", "request": {}}
    with freeze_time(NOW) as clock:
        for reference, counted, currency in (
            ("MG-OLD", "5", None),
            ("MG-ZERO", "0", "USD"),
            ("MG-USD", "70", "USD"),
            ("MG-EUR", "9", "EUR"),
        ):
            log.ask(
                reference,
                action="refund_items",
                order_id=1042,
                counted=Decimal(counted),
                counted_in=currency,
                **asked,
            )
        check = LimitCheck("T1", "U1", "refund_items", 1043, Decimal(1), "EUR")
        sums = read_sums(log, limited, check)
        again = entry_check(log.get("MG-USD"), currency="EUR", given_back=None, is_approver=False)
        clock.tick(timedelta(hours=25))
        later = read_sums(log, limited, check)

    assert (sums.person, sums.hour) == (None, None)
    assert check_limits(limited, check, sums).refusal == (
        "Nothing was sent: what you asked for in the last 24 hours is not all known in EUR, so "
        "this cannot be held against your daily limit. Try again later. Where it was a discount "
        "code, an admin sets in the Home tab under Discount codes what such a code counts."
    )
    assert again.worth is None
    assert entry_check(
        log.get("MG-EUR"), currency="EUR", given_back=None, is_approver=False
    ).worth == Decimal(9)
    assert (later.person, later.hour) == (Decimal(0), Decimal(0))
    db.close()


def test_a_code_of_another_currency_counts_as_no_unknown_code(tmp_path: Path) -> None:
    db = open_database(tmp_path / "makegood.sqlite")
    log = ActionLog(db)
    configuration = Configuration.model_validate(
        {"audit_channel": "C1", "discount": {"unknown_counts_as": "25"}}
    )
    check = LimitCheck("T1", "U1", "create_discount_code", None, Decimal(1), "EUR")
    for reference, counted, currency in (("MG-A", None, "USD"), ("MG-B", Decimal(200), "USD")):
        log.ask(
            reference,
            action="create_discount_code",
            order_id=None,
            team_id="T1",
            actor_id="U1",
            request={},
            counted=counted,
            counted_in=currency,
        )
        if reference == "MG-A":
            assert read_sums(log, configuration, check).person == Decimal(25)

    assert read_sums(log, configuration, check).person is None
    db.close()
