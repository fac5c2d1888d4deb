"""What counts for a customer, an order and the hour, by the log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Counted
from storage.migrations.migrations import migrations

SINCE = datetime.now(UTC) - timedelta(days=30)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "makegood.sqlite")
    yield db
    db.close()


@pytest.fixture
def log(db: Database) -> ActionLog:
    return ActionLog(db)


def ask(log: ActionLog, reference: str, order_id: int | None = 1042, **fields: Any) -> None:
    who: dict[str, Any] = {"team_id": "T1", "actor_id": "U1", "request": {}, "counted": Decimal(10)}
    log.ask(reference, action="refund_order", order_id=order_id, **(who | fields))


def names(rows: list[Counted]) -> list[str]:
    return sorted(row.reference for row in rows)


def test_a_customer_is_found_by_either_key_and_nobody_by_none(log: ActionLog) -> None:
    ask(log, "MG-1", customer_id=7, customer_mail="a")
    ask(log, "MG-2", 1043, customer_id=0, customer_mail="a")
    ask(log, "MG-3", 1044, customer_id=7, customer_mail="b")
    ask(log, "MG-4", 1045, customer_id=0, customer_mail="")
    ask(log, "MG-5", 1046)

    assert names(log.given_to(7, "a", SINCE)) == ["MG-1", "MG-2", "MG-3"]
    assert names(log.given_to(8, "b", SINCE)) == ["MG-1", "MG-3"]
    assert names(log.given_to(0, "c", SINCE)) == []
    assert names(log.given_to(0, "", SINCE)) == []
    assert names(log.given_to(7, "a", SINCE, but="MG-3")) == ["MG-1", "MG-2"]
    assert names(log.given_to(7, "a", SINCE, but_order=1042)) == ["MG-2", "MG-3"]
    assert names(log.given_to(7, "a", datetime.now(UTC))) == []


def test_a_customer_is_found_by_what_the_log_has_together(log: ActionLog) -> None:
    ask(log, "MG-1", customer_id=7, customer_mail="a")
    ask(log, "MG-2", 1043, customer_id=7, customer_mail="b")
    ask(log, "MG-3", 1044, customer_id=0, customer_mail="b")
    ask(log, "MG-4", 1045, customer_id=8, customer_mail="c")
    ask(log, "MG-5", 1046, customer_id=0, customer_mail="")
    ask(log, "MG-6", 1047)

    assert names(log.given_to(0, "b", SINCE)) == ["MG-1", "MG-2", "MG-3"]
    assert names(log.given_to(7, "z", SINCE)) == ["MG-1", "MG-2", "MG-3"]
    assert names(log.given_to(0, "", SINCE)) == []


def test_codes_without_an_order_are_on_no_order(log: ActionLog) -> None:
    ask(log, "MG-1", None, customer_id=7, customer_mail="a")
    assert names(log.given_to(7, "", SINCE, but_order=1042)) == ["MG-1"]
    assert names(log.asked_on(1042)) == []


def test_the_refunds_that_a_request_has_made_are_told(log: ActionLog) -> None:
    ask(log, "MG-1")
    log.finish("MG-1", status="succeeded", outcome={"refund_id": 16})

    (row,) = log.asked_on(1042)

    assert (row.refund_ids, row.worth, row.order_id) == (frozenset({16}), Decimal(10), 1042)


@pytest.mark.parametrize(
    ("condition", "indexes"),
    [
        (
            "((customer_id = 7 AND customer_id > 0) OR (customer_mail = 'a' AND"
            " customer_mail <> ''))",
            {"log_by_customer", "log_by_mail"},
        ),
        (
            "((asked_at >= 'x' AND held_until IS NULL) OR asked_again_at >= 'x'"
            " OR (decided_at >= 'x' AND decision = 'approved'))",
            {"log_by_time", "log_asked_again", "log_decided"},
        ),
        ("team_id = 'T' AND actor_id IN ('U', '')", {"log_by_actor"}),
    ],
)
def test_sums_use_an_index(db: Database, condition: str, indexes: set[str]) -> None:
    plan = db.conn.execute(f"EXPLAIN QUERY PLAN SELECT * FROM action_log WHERE {condition}")  # noqa: S608 - ours
    steps = [row[3].partition("USING INDEX ")[2] for row in plan.fetchall()]
    assert {step.split()[0] for step in steps if step} == indexes


def test_a_log_of_before_the_customers_keys_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    old = Database(path)
    migrations.apply(old, stop_before="m015_proposals")
    old.execute(
        "INSERT INTO action_log (reference, action, order_id, team_id, actor_id, request, asked_at,"
        " counted) VALUES ('MG-OLD', 'refund_order', 1042, 'T1', 'U1', '{}', ?, '51.96')",
        [datetime.now(UTC).isoformat(timespec="microseconds")],
    )
    old.conn.commit()
    old.close()

    db = open_database(path)
    log = ActionLog(db)
    ask(log, "MG-NEW", customer_id=7, customer_mail="a")

    assert (log.get("MG-OLD").customer_id, log.get("MG-OLD").customer_mail) == (None, None)
    assert names(log.asked_on(1042)) == ["MG-NEW", "MG-OLD"]
    assert names(log.asked_by("T1", "U1", SINCE)) == ["MG-NEW", "MG-OLD"]
    assert names(log.given_to(7, "a", SINCE)) == ["MG-NEW"]
    db.close()
