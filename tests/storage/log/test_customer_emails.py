"""The e-mails of a log that an earlier version has written, and what can never be unwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlite_utils import Database

from storage.log.action_log import ActionLog
from storage.migrations.migrations import migrations

AT = "2026-11-23T09:30:00.000000+00:00"


@pytest.fixture
def log() -> Iterator[ActionLog]:
    """A log as it was before e-mails were tried again, brought to the newest form."""
    db = Database(memory=True)
    migrations.apply(db, stop_before="m019_mail_tries")
    for reference, claimed_at, result in (
        ("MG-SENT", AT, "sent"),
        ("MG-LOST", AT, None),
        ("MG-REFUSED", AT, "failed"),
        ("MG-NONE", None, None),
    ):
        db.execute(
            "INSERT INTO action_log (reference, action, order_id, team_id, actor_id, request,"
            " status, outcome, told_status, telling_status, asked_at, finished_round,"
            " mail_claimed_at, mail_result, counted)"
            " VALUES (?, 'refund_order', 1042, 'T1', 'U1', '{}', 'succeeded', '{}', 'succeeded',"
            " 'succeeded', ?, 1, ?, ?, '0')",
            [reference, AT, claimed_at, result],
        )
    migrations.apply(db)
    yield ActionLog(db)
    db.close()


def test_what_an_earlier_version_has_left_is_neither_told_nor_sent_anew(log: ActionLog) -> None:
    now = datetime.now(UTC)

    assert log.untold() == []
    assert log.mails_due(now) == []
    assert log.mails_claimed() == []
    results = {entry.reference: entry.mail_result for entry in log.recent()}
    assert results == {
        "MG-SENT": "sent",
        "MG-LOST": "lost",
        "MG-REFUSED": "failed",
        "MG-NONE": None,
    }


def test_only_what_was_refused_can_be_sent_again_and_is_claimed_once(log: ActionLog) -> None:
    done = {
        reference: log.mail_again(reference, actor_id="U1")
        for reference in ("MG-SENT", "MG-LOST", "MG-REFUSED", "MG-NONE")
    }

    assert done == {"MG-SENT": False, "MG-LOST": False, "MG-REFUSED": True, "MG-NONE": False}
    assert log.claim_mail("MG-REFUSED")
    assert not log.claim_mail("MG-REFUSED")


@pytest.mark.parametrize("reference", ["MG-SENT", "MG-LOST"])
def test_the_claim_of_what_may_have_been_sent_stays(log: ActionLog, reference: str) -> None:
    for claimed_at in (None, AT):
        with pytest.raises(sqlite3.IntegrityError, match="sent once"):
            log._db.execute(
                "UPDATE action_log SET mail_claimed_at = ? WHERE reference = ?",
                [claimed_at, reference],
            )
