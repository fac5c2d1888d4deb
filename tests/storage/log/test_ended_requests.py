"""What people end by hand: each once, with its event, and sent again only after "not made"."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlite_utils import Database

from storage.log.action_log import ActionLog
from tests.storage.telling import told

WHO: dict[str, Any] = {"action": "refund_order", "team_id": "T1", "actor_id": "U1", "request": {}}


def ask(log: ActionLog, reference: str, status: str, order_id: int = 1042, **outcome: Any) -> None:
    log.ask(reference, order_id=order_id, counted=Decimal(59), **WHO)
    assert log.claim(reference)
    log.finish(reference, status=status, outcome={"status": status, **outcome})
    told(log, reference, status)


def end(log: ActionLog, ended_as: str = "not_made", status: str = "failed") -> bool:
    return log.end_unknown(
        "MG-1", ended_as, actor_id="U2", reason="Looked", status=status, outcome={"message": "-"}
    )


def mark_sent(log: ActionLog, note: str = "SEPA 7", actor_id: str = "U2") -> bool:
    outcome = {"status": "succeeded", "refund_id": 17}
    return log.mark_sent("MG-1", actor_id=actor_id, note=note, status="succeeded", outcome=outcome)


def events(log: ActionLog) -> list[str]:
    return [event.event for event in log.events("MG-1")]


def test_money_is_said_to_be_sent_once_and_by_whom(log: ActionLog) -> None:
    ask(log, "MG-1", "to_do", refund_id=17)
    assert log.open_ends() == [log.get("MG-1")]
    assert log.sent_by_hand([1042]) == frozenset()

    assert mark_sent(log)
    assert not mark_sent(log, "SEPA 8", "U3")

    entry = log.get("MG-1")
    assert (entry.status, entry.ended_as, entry.ended_by) == ("succeeded", "sent", "U2")
    assert entry.ended_note == "SEPA 7"
    assert not entry.is_told
    assert log.sent_by_hand([1042]) == frozenset({17})
    assert log.open_ends() == []
    [event] = [each for each in log.events("MG-1") if each.event == "sent_by_hand"]
    assert event.detail == {"actor_id": "U2", "payment_reference": "SEPA 7"}


def test_what_was_said_to_be_sent_is_taken_back_once(log: ActionLog) -> None:
    ask(log, "MG-1", "to_do", refund_id=17)
    back: dict[str, Any] = {"actor_id": "U3", "reason": "Wrong order", "outcome": {"refund_id": 17}}
    assert not log.take_back("MG-1", **back)
    mark_sent(log)

    assert log.take_back("MG-1", **back)
    assert not log.take_back("MG-1", **back)

    entry = log.get("MG-1")
    assert (entry.status, entry.ended_as, entry.ended_by) == ("to_do", None, None)
    assert log.sent_by_hand([1042]) == frozenset()
    assert mark_sent(log, "SEPA 9")
    assert events(log).count("sent_by_hand") == 2


@pytest.mark.parametrize("status", ["succeeded", "pending", "to_do", "failed", "partial"])
def test_only_what_is_unknown_is_ended(log: ActionLog, status: str) -> None:
    ask(log, "MG-1", status)

    assert not end(log)
    assert log.take_refund("MG-1", 17, actor_id="U2", reason="Looked") is None
    assert log.ask_again("MG-1", actor_id="U1") is None


def test_what_is_being_looked_at_is_not_ended(log: ActionLog) -> None:
    ask(log, "MG-1", "unknown")
    log.begin_round("MG-1", actor_id="U1")

    assert not end(log)
    assert log.take_refund("MG-1", 17, actor_id="U2", reason="Looked") is None


def test_not_made_gives_the_right_to_send_back_exactly_once(log: ActionLog) -> None:
    ask(log, "MG-1", "unknown")
    assert not log.claim("MG-1")

    assert end(log)
    assert not end(log)
    assert log.ask_again("MG-1", actor_id="U1") == 2
    assert log.ask_again("MG-1", actor_id="U1") is None

    entry = log.get("MG-1")
    assert (entry.status, entry.outcome, entry.ended_as) == (None, None, None)
    assert entry.is_under_way
    assert log.claim("MG-1")
    assert not log.claim("MG-1")
    assert events(log).count("sent") == 2
    assert [name for name in events(log) if name in {"not_made", "asked_again"}] == [
        "not_made",
        "asked_again",
    ]


@pytest.mark.parametrize("ended_as", ["made", "left"])
def test_every_other_end_keeps_what_was_sent_as_sent(log: ActionLog, ended_as: str) -> None:
    ask(log, "MG-1", "unknown")

    assert end(log, ended_as, "succeeded")

    assert not log.claim("MG-1")
    assert log.ask_again("MG-1", actor_id="U1") is None


def test_the_mark_of_the_sending_goes_with_not_made_alone(log: ActionLog, db: Database) -> None:
    ask(log, "MG-1", "unknown")

    with pytest.raises(sqlite3.IntegrityError, match="sent once"):
        db.execute("UPDATE action_log SET sent_at = NULL")
    with pytest.raises(sqlite3.IntegrityError, match="sent once"):
        db.execute("UPDATE action_log SET sent_at = '2026', ended_as = 'not_made'")


def test_a_refund_is_taken_for_one_request_only(log: ActionLog) -> None:
    ask(log, "MG-1", "unknown")
    ask(log, "MG-2", "unknown")
    ask(log, "MG-3", "succeeded", refund_id=16)
    ask(log, "MG-4", "unknown", order_id=7)
    assert log.take_refund("MG-1", 16, actor_id="U2", reason="Looked") is None

    assert log.take_refund("MG-1", 17, actor_id="U2", reason="Looked") == 2
    assert log.take_refund("MG-2", 17, actor_id="U2", reason="Looked") is None
    assert log.take_refund("MG-4", 17, actor_id="U2", reason="Looked") is None

    entry = log.get("MG-1")
    assert (entry.taken_refund_id, entry.is_under_way, entry.ended_as) == (17, True, "made")
    assert log.refunds_held(1042) == {16: "MG-3", 17: "MG-1"}
    assert log.get("MG-4").taken_refund_id is None


def test_what_is_asked_again_counts_from_then_on(log: ActionLog) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    ask(log, "MG-1", "unknown")
    assert [row.worth for row in log.let_run(since)] == [59]
    end(log)
    assert log.let_run(since) == []
    later = datetime.now(UTC)

    log.ask_again("MG-1", actor_id="U1")

    assert [row.worth for row in log.let_run(later)] == [59]


def test_limits_may_refuse_what_is_asked_again(log: ActionLog) -> None:
    ask(log, "MG-1", "unknown")
    end(log)

    with suppress(InterruptedError), log.atomic():
        assert log.ask_again("MG-1", actor_id="U1") == 2
        raise InterruptedError
    assert log.get("MG-1").ended_as == "not_made"
    assert not log.get("MG-1").is_under_way


def test_a_damaged_row_hides_no_other(log: ActionLog, db: Database) -> None:
    ask(log, "MG-1", "unknown")
    ask(log, "MG-2", "unknown", message="Looked", next_step="")
    db.execute("DROP TRIGGER action_log_asked_stays")
    db.execute("UPDATE action_log SET request = '[', outcome = 'x' WHERE reference = 'MG-1'")

    damaged, sound = log.open_ends()

    assert damaged.request == {"unreadable": True}
    assert damaged.outcome is not None
    assert damaged.outcome["status"] == "unknown"
    assert sound.outcome is not None
    assert sound.outcome["message"] == "Looked"
