"""Requests that wait for a second person: decided once, and run only after a yes."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlite_utils import Database

from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Hold
from storage.outbox.outbox import Outbox

ASKED: dict[str, Any] = {
    "action": "refund_order",
    "order_id": 1042,
    "team_id": "T1",
    "actor_id": "U1",
    "request": {},
}
START = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = START + timedelta(hours=24)
DECISIONS = {"approved", "declined", "lapsed", "overtaken"}
times = st.integers(0, 48).map(lambda hours: START + timedelta(hours=hours))


def hold(log: ActionLog, reference: str = "MG-A", counted: str | None = "50") -> bool:
    return log.ask(
        reference,
        **ASKED,
        counted=None if counted is None else Decimal(counted),
        hold=Hold(UNTIL, {"facts": [], "warnings": []}),
    )


def decline(log: ActionLog, at: datetime) -> bool:
    outcome = {"message": "No"}
    return log.decline(
        "MG-A", actor_id="U3", at=at, reason="No", status="rejected", outcome=outcome
    )


class Waiting(RuleBasedStateMachine):
    """One request and the people around it: whoever comes first decides, and only a yes runs."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "makegood.sqlite"
        self.db = open_database(self.path)
        self.log = ActionLog(self.db)
        self.decision: str | None = None
        assert hold(self.log)

    def teardown(self) -> None:
        self.db.close()
        self.folder.cleanup()

    @rule(at=times)
    def approve(self, at: datetime) -> None:
        is_open = self.decision is None and at < UNTIL
        assert self.log.approve("MG-A", actor_id="U2", at=at) is is_open
        self.decision = "approved" if is_open else self.decision

    @rule(at=times)
    def decline(self, at: datetime) -> None:
        is_open = self.decision is None and at < UNTIL
        assert decline(self.log, at) is is_open
        self.decision = "declined" if is_open else self.decision

    @rule(at=times)
    def lapse(self, at: datetime) -> None:
        is_over = self.decision is None and at >= UNTIL
        found = self.log.lapse("MG-A", at=at, status="rejected", outcome={"message": "Over"})
        assert found is is_over
        self.decision = "lapsed" if is_over else self.decision

    @rule(at=times)
    def overtake(self, at: datetime) -> None:
        is_open = self.decision is None and at < UNTIL
        outcome = {"message": "Gone"}
        found = self.log.overtake("MG-A", at=at, reason="Gone", status="rejected", outcome=outcome)
        assert found is is_open
        self.decision = "overtaken" if is_open else self.decision

    @rule()
    def ask_again(self) -> None:
        assert hold(self.log) is False

    @rule()
    def claim_too_early(self) -> None:
        if self.decision != "approved":
            with pytest.raises(sqlite3.IntegrityError, match="when it is approved"):
                self.log.claim("MG-A")

    @rule()
    def reopen(self) -> None:
        self.db.close()
        self.db = open_database(self.path)
        self.log = ActionLog(self.db)

    @invariant()
    def one_decision_stands(self) -> None:
        entry = self.log.get("MG-A")
        noted = [each.event for each in self.log.events("MG-A") if each.event in DECISIONS]
        assert noted == ([self.decision] if self.decision else [])
        assert entry.decision == self.decision
        assert entry.status == ("rejected" if self.decision in DECISIONS - {"approved"} else None)
        notice = Outbox(self.db).find("MG-A")
        assert notice is not None
        assert notice.wanted == (self.decision or "asked")

    @invariant()
    def only_a_yes_runs(self) -> None:
        assert bool(self.log.unfinished()) is (self.decision == "approved")
        assert bool(self.log.waiting()) is (self.decision is None)
        assert bool(self.log.untold()) is (self.decision in DECISIONS - {"approved"})
        if self.decision is None:
            assert self.log.begin_round("MG-A") is None


TestWaiting = Waiting.TestCase
TestWaiting.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)


def test_what_was_decided_stays_decided(db: Database, log: ActionLog) -> None:
    hold(log)
    decline(log, START)
    with pytest.raises(sqlite3.IntegrityError, match="decided once"):
        db.execute("UPDATE action_log SET decision = 'approved'")
    with pytest.raises(sqlite3.IntegrityError, match="stays as it was asked"):
        db.execute("UPDATE action_log SET counted = '1'")
    with pytest.raises(sqlite3.IntegrityError, match="when it is approved"):
        db.execute("UPDATE action_log SET round = 1")


def test_a_refusal_leaves_nothing_behind(log: ActionLog, db: Database) -> None:
    with suppress(InterruptedError), log.atomic():
        assert hold(log)
        raise InterruptedError
    assert log.find("MG-A") is None
    assert log.events("MG-A") == []
    assert Outbox(db).find("MG-A") is None


def test_a_decision_that_breaks_off_is_none(log: ActionLog) -> None:
    hold(log)
    broken: dict[str, Any] = {"at": object()}
    with pytest.raises(TypeError):
        log.decline("MG-A", actor_id="U2", at=START, reason="No", status="rejected", outcome=broken)
    assert log.get("MG-A").is_waiting
    assert log.approve("MG-A", actor_id="U2", at=START)


@pytest.mark.parametrize(
    ("status", "outcome", "counts"),
    [
        (None, None, True),
        ("succeeded", {}, True),
        ("pending", {}, True),
        ("unknown", {}, True),
        ("rejected", {}, False),
        ("failed", {"amount": None}, False),
        ("failed", {"amount": {"amount": "5", "currency": "USD"}}, True),
    ],
)
def test_what_may_have_moved_counts(
    log: ActionLog, status: str | None, outcome: dict[str, Any] | None, counts: bool
) -> None:
    before = datetime.now(UTC)
    log.ask("MG-A", **ASKED, counted=Decimal("12.34"))
    if status is not None and outcome is not None:
        log.finish("MG-A", status=status, outcome=outcome)

    expected = [Decimal("12.34")] if counts else []
    assert [row.worth for row in log.let_run(before)] == expected
    assert [row.worth for row in log.asked_by("T1", "U1", before)] == expected
    assert [row.worth for row in log.asked_on(ASKED["order_id"])] == expected
    assert log.asked_by("T1", "U2", before) == []
    assert log.asked_by("T1", "U1", before, but="MG-A") == []
    assert log.let_run(datetime.now(UTC)) == []


def test_what_waits_counts_for_its_person_and_brakes_the_team_when_approved(
    log: ActionLog,
) -> None:
    before = datetime.now(UTC)
    hold(log)
    hold(log, "MG-B", counted=None)
    assert [row.worth for row in log.asked_by("T1", "U1", before)] == [Decimal(50), None]
    assert log.let_run(before) == []

    log.approve("MG-A", actor_id="U2", at=START)

    before = START - timedelta(seconds=1)
    assert [(row.reference, row.worth) for row in log.let_run(before)] == [("MG-A", Decimal(50))]
