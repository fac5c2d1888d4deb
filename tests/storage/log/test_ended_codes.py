"""Ends of discount codes: noted once, with who and since when, by request, by time, or as found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.log.action_log import ActionLog
from storage.log.ended_codes import _EXPIRED
from storage.log.entries import CODE_EXPIRED, CODE_GONE, CODE_OFF, CODE_USED_UP, CODE_WORKS
from storage.outbox.outbox import Outbox
from storage.outbox.posts import outcome_key

CHANGED = [{"field": "discount code", "before": "on", "after": "off"}]
NOW = datetime(2026, 12, 27, 6, 0, tzinfo=UTC)


def create(log: ActionLog, reference: str = "MG-1", expires_at: str | None = None) -> None:
    request = {"code": "SORRY-10", "expires_at": expires_at}
    ask(log, reference, "create_discount_code", request, "U1")
    log.finish(reference, status="succeeded", outcome={"status": "succeeded"})


def ask(
    log: ActionLog, reference: str, action: str, request: dict[str, Any], actor_id: str
) -> None:
    log.ask(
        reference, action=action, order_id=None, team_id="T1", actor_id=actor_id, request=request
    )


def switch_off(log: ActionLog, status: str = "succeeded", **outcome: Any) -> None:
    ask(log, "MG-2", "switch_off_code", {"creation": "MG-1"}, "U2")
    log.finish("MG-2", status=status, outcome={"status": status, **outcome})


def code_events(log: ActionLog, reference: str = "MG-1") -> list[dict[str, Any]]:
    return [each.detail for each in log.events(reference) if each.event == "code"]


def version(db: Database) -> int:
    """Return how often the message of the code was to be drawn."""
    post = Outbox(db).find(outcome_key("MG-1"))
    assert post is not None
    return post.version


def test_who_switches_a_code_off_ends_it_in_the_same_breath(log: ActionLog, db: Database) -> None:
    create(log)
    assert not log.get("MG-1").is_code_over
    before = version(db)

    switch_off(log, changes=CHANGED)

    entry, other = log.get("MG-1"), log.get("MG-2")
    assert (entry.code_over, entry.code_over_by) == (CODE_OFF, "U2")
    assert entry.is_code_over
    assert version(db) == before + 1
    assert other.code_over is None
    assert [each["actor_id"] for each in code_events(log)] == ["U2"]


def test_a_code_that_was_off_before_was_switched_off_by_nobody_known(log: ActionLog) -> None:
    create(log)
    switch_off(log, changes=[])

    assert (log.get("MG-1").code_over, log.get("MG-1").code_over_by) == (CODE_OFF, None)


def test_a_code_that_is_gone_is_gone_although_nothing_was_switched_off(log: ActionLog) -> None:
    create(log)
    gone = [{"field": "discount code", "before": "", "after": "gone"}]
    switch_off(log, "rejected", changes=gone)

    assert log.get("MG-1").code_over == CODE_GONE


def test_a_refusal_ends_nothing(log: ActionLog) -> None:
    create(log)
    switch_off(log, "rejected")

    assert log.get("MG-1").code_over is None
    assert code_events(log) == []


def test_what_is_found_does_not_take_the_name_of_who_did_it(log: ActionLog) -> None:
    create(log)
    switch_off(log, changes=CHANGED)

    assert log.end_code("MG-1", CODE_OFF, at=NOW) is False
    assert log.get("MG-1").code_over_by == "U2"


def test_a_code_may_work_again(log: ActionLog) -> None:
    create(log, expires_at="2026-12-26T23:59:59-06:00")
    assert log.code_works("MG-1", at=NOW) is False  # nobody has said otherwise
    assert log.end_code("MG-1", CODE_USED_UP, at=NOW)

    assert log.code_works("MG-1", at=NOW)

    assert (log.get("MG-1").code_over, log.get("MG-1").is_code_over) == (CODE_WORKS, False)
    # Whoever has looked knows better than the date that was asked for.
    assert log.expire_codes(NOW) == 0


def test_codes_expire_to_the_second_in_the_zone_of_the_store(log: ActionLog) -> None:
    create(log, "MG-1", "2026-12-26T23:59:59-06:00")
    create(log, "MG-3", "2026-12-28T23:59:59-06:00")
    create(log, "MG-4")
    ends_at = datetime(2026, 12, 27, 5, 59, 59, tzinfo=UTC)

    assert log.expire_codes(ends_at - timedelta(seconds=1)) == 0
    assert log.expire_codes(ends_at) == 1

    entry = log.get("MG-1")
    assert (entry.code_over, entry.code_over_at, entry.code_over_by) == (
        CODE_EXPIRED,
        ends_at,
        None,
    )
    assert [log.get(each).code_over for each in ("MG-3", "MG-4")] == [None, None]
    assert log.expire_codes(ends_at) == 0


def test_what_has_expired_is_found_without_reading_the_whole_log(db: Database) -> None:
    plan = " ".join(str(row) for row in db.execute(f"EXPLAIN QUERY PLAN {_EXPIRED}", [""]))

    assert "log_codes" in plan


def test_a_request_that_cannot_be_read_ends_nothing_else(log: ActionLog, db: Database) -> None:
    create(log, "MG-1", "2026-12-26T23:59:59-06:00")
    db.execute(
        "INSERT INTO action_log (reference, action, team_id, actor_id, request, asked_at, status)"
        " VALUES ('MG-3', 'create_discount_code', 'T1', 'U1', '{', '2026-01-01', 'succeeded')"
    )

    assert log.expire_codes(NOW) == 1
    assert log.get("MG-1").code_over == CODE_EXPIRED
