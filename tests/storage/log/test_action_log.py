from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Hold, LoggedFollowUp
from storage.outbox.outbox import Outbox
from storage.outbox.posts import ROOT, SETTLED, outcome_key, root_key
from storage.people.person_choices import BY_MESSAGE, IN_THREAD, NOT_AT_ALL, PersonChoices
from storage.recovery.periods import RESTORED, LogPeriods
from tests.storage.telling import told

LATER = datetime.now(UTC) + timedelta(hours=1)


def ask(log: ActionLog, reference: str = "MG-1", **changes: Any) -> bool:
    asked: dict[str, Any] = {
        "action": "cancel_order",
        "order_id": 1042,
        "team_id": "T1",
        "actor_id": "U1",
        "request": {"order_id": 1042, "reason": "Ärger & <!channel>"},
    }
    return log.ask(reference, **asked | changes)


def finish(log: ActionLog, reference: str = "MG-1", status: str = "succeeded") -> None:
    log.finish(reference, status=status, outcome={"status": status, "message": "Done."})


def tell(log: ActionLog, reference: str = "MG-1", status: str = "succeeded") -> None:
    told(log, reference, status)


def event_names(log: ActionLog, reference: str = "MG-1") -> list[str]:
    return [event.event for event in log.events(reference)]


def test_what_was_asked_is_read_back_whole(log: ActionLog) -> None:
    assert ask(log)

    entry = log.get("MG-1")

    assert entry.request == {"order_id": 1042, "reason": "Ärger & <!channel>"}
    assert (entry.action, entry.order_id, entry.team_id) == ("cancel_order", 1042, "T1")
    assert (entry.status, entry.outcome, entry.round, entry.sent_at) == (None, None, 1, None)
    assert entry.asked_at.tzinfo is UTC


def test_a_reference_asked_twice_is_written_once(log: ActionLog) -> None:
    ask(log)

    assert not ask(log, actor_id="U2", order_id=7)

    assert log.get("MG-1").actor_id == "U1"
    assert event_names(log) == ["asked"]


def test_an_unknown_reference_is_none_or_an_error(log: ActionLog) -> None:
    assert log.find("MG-0") is None
    for change in (log.get, log.claim, log.begin_round):
        with pytest.raises(KeyError):
            change("MG-0")
    with pytest.raises(KeyError):
        finish(log, "MG-0")
    with pytest.raises(KeyError):
        tell(log, "MG-0")


def test_a_request_is_claimed_once(log: ActionLog) -> None:
    ask(log)

    assert [log.claim("MG-1"), log.claim("MG-1")] == [True, False]

    assert log.get("MG-1").sent_at is not None
    assert event_names(log) == ["asked", "sent"]


def test_the_outcome_is_kept_with_the_time_of_the_next_check(log: ActionLog) -> None:
    ask(log)

    log.finish("MG-1", status="pending", outcome={"refund_id": 5}, next_check_at=LATER)

    entry = log.get("MG-1")
    assert (entry.status, entry.outcome, entry.next_check_at) == (
        "pending",
        {"refund_id": 5},
        LATER,
    )
    assert not entry.is_under_way
    assert log.events("MG-1")[-1].detail == {
        "round": 1,
        "refund_id": 5,
        "status": "pending",
        "next_check_at": LATER.isoformat(timespec="microseconds"),
    }


def test_a_time_without_zone_is_refused(log: ActionLog) -> None:
    ask(log)

    with pytest.raises(ValueError, match="zone"):
        log.finish("MG-1", status="pending", outcome={}, next_check_at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point

    assert log.get("MG-1").status is None


def test_a_second_round_keeps_the_outcome_so_far(log: ActionLog) -> None:
    ask(log)
    finish(log, status="unknown")

    assert log.begin_round("MG-1", actor_id="U2") == 2
    assert log.begin_round("MG-1", actor_id="U3") is None

    entry = log.get("MG-1")
    assert (entry.status, entry.round, entry.finished_round) == ("unknown", 2, 1)
    assert log.events("MG-1")[-1].detail == {"round": 2, "actor_id": "U2"}


def wanted(db: Database, reference: str = "MG-1") -> tuple[str, int] | None:
    """Return what the message of the request is to show, and how often that has changed."""
    post = Outbox(db).find(outcome_key(reference))
    return None if post is None else (post.wanted, post.version)


def test_an_outcome_is_put_into_the_outbox_with_itself(log: ActionLog, db: Database) -> None:
    ask(log)
    assert wanted(db) is None

    finish(log, status="pending")
    assert wanted(db) == ("pending", 1)
    log.begin_round("MG-1")
    finish(log, status="pending")
    assert wanted(db) == ("pending", 1)  # a look that found nothing new
    log.begin_round("MG-1")
    finish(log, status="succeeded")

    assert wanted(db) == ("succeeded", 2)
    post = Outbox(db).find(outcome_key("MG-1"))
    assert post is not None
    assert (post.kind, post.order_id, post.actor_id) == ("outcome", 1042, "U1")


def test_the_head_of_the_thread_is_drawn_anew_with_the_outcome(
    log: ActionLog, db: Database
) -> None:
    outbox = Outbox(db)
    outbox.put(root_key(1042), ROOT, {}, order_id=1042)
    ask(log)

    finish(log, status="pending")
    drawn = outbox.find(root_key(1042))
    log.begin_round("MG-1")
    finish(log, status="pending")
    same = outbox.find(root_key(1042))
    log.begin_round("MG-1")
    finish(log)
    latest = outbox.find(root_key(1042))

    assert [post and post.version for post in (drawn, same, latest)] == [2, 2, 3]


def test_what_takes_long_is_said_to_be_under_way_and_when_it_is_sent(
    log: ActionLog, db: Database
) -> None:
    ask(log)
    assert log.say_under_way("MG-1")
    assert wanted(db) == ("under way", 1)

    log.claim("MG-1")

    assert wanted(db) == ("under way", 2)
    finish(log)
    assert not log.say_under_way("MG-1")
    assert wanted(db) == ("succeeded", 3)


def test_what_waits_for_approval_is_not_under_way(log: ActionLog, db: Database) -> None:
    ask(log, hold=Hold(LATER, {}))

    assert not log.say_under_way("MG-1")

    assert wanted(db) is None


def test_what_was_told_keeps_its_place(log: ActionLog) -> None:
    ask(log)
    finish(log)
    assert not log.get("MG-1").is_told

    tell(log)

    entry = log.get("MG-1")
    assert entry.is_told
    assert (entry.channel, entry.thread_ts, entry.message_ts) == ("C1", "1.1", "1.2")
    assert event_names(log) == ["asked", "outcome", "told"]
    assert log.events("MG-1")[-1].detail == {
        "status": "succeeded",
        "place": "thread",
        "channel": "C1",
        "thread_ts": "1.1",
        "message_ts": "1.2",
    }


def test_what_was_told_elsewhere_is_noted_with_the_reason(log: ActionLog) -> None:
    ask(log)
    finish(log)

    told(log, place="direct", why="is_archived", channel="D1", thread_ts=None)

    entry, detail = log.get("MG-1"), log.events("MG-1")[-1].detail
    assert entry.is_told
    assert (entry.channel, entry.thread_ts, entry.message_ts) == ("D1", "1.2", "1.2")
    assert (detail["place"], detail["why"]) == ("direct", "is_archived")


def test_what_reached_nobody_is_noted_and_not_told(log: ActionLog) -> None:
    ask(log)
    finish(log)

    told(log, place="home", why="invalid_auth", channel=None, message_ts=None)

    assert not log.get("MG-1").is_told
    assert event_names(log) == ["asked", "outcome", "not_told"]
    assert log.events("MG-1")[-1].detail == {
        "status": "succeeded",
        "place": "home",
        "why": "invalid_auth",
    }


def test_open_requests_are_found_until_they_are_finished_and_told(log: ActionLog) -> None:
    ask(log)
    assert [entry.reference for entry in log.unfinished()] == ["MG-1"]
    assert [entry.reference for entry in log.under_way(1042)] == ["MG-1"]

    finish(log)
    assert (log.unfinished(), log.under_way(1042)) == ([], [])
    assert [entry.reference for entry in log.untold()] == ["MG-1"]

    tell(log)
    assert log.untold() == []


def test_pending_payments_are_due_at_their_time_and_only_once(log: ActionLog) -> None:
    ask(log)
    log.finish("MG-1", status="pending", outcome={}, next_check_at=LATER)

    assert log.due(LATER - timedelta(microseconds=1)) == []
    assert [entry.reference for entry in log.due(LATER)] == ["MG-1"]

    log.begin_round("MG-1")
    assert log.due(LATER) == []


def test_lists_are_newest_first_and_cut_off(log: ActionLog) -> None:
    for number in range(5):
        ask(log, f"MG-{number}", order_id=number % 2, actor_id=f"U{number % 2}")
    ask(log, "MG-9", order_id=None, team_id="T2")

    assert [entry.reference for entry in log.recent(3)] == ["MG-9", "MG-4", "MG-3"]
    assert [entry.reference for entry in log.of_order(1)] == ["MG-3", "MG-1"]
    assert [entry.reference for entry in log.of_actor("T1", "U0", 2)] == ["MG-4", "MG-2"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE action_events SET event = 'x'",
        "DELETE FROM action_events",
        "DELETE FROM action_log",
    ],
)
def test_the_past_cannot_be_changed(db: Database, log: ActionLog, change: str) -> None:
    ask(log)

    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        db.execute(change)

    assert event_names(log) == ["asked"]


def test_what_was_asked_and_sent_cannot_be_unwritten(db: Database, log: ActionLog) -> None:
    ask(log)
    log.claim("MG-1")

    with pytest.raises(sqlite3.IntegrityError, match="stays as it was asked"):
        db.execute("UPDATE action_log SET request = '{}'")
    with pytest.raises(sqlite3.IntegrityError, match="sent once"):
        db.execute("UPDATE action_log SET sent_at = NULL")

    assert not log.claim("MG-1")


def test_a_change_that_breaks_half_way_leaves_nothing(log: ActionLog) -> None:
    ask(log)

    with pytest.raises(TypeError):
        log.finish("MG-1", status="failed", outcome={"at": object()})

    assert log.get("MG-1").status is None
    assert event_names(log) == ["asked"]


def follow(log: ActionLog, reference: str, follows: str = "MG-1") -> None:
    log.finish(
        follows,
        status="succeeded",
        outcome={"status": "succeeded"},
        follow_up=LoggedFollowUp(reference, "restock_items", {"order_id": 1042}),
    )


def test_a_follow_up_is_asked_for_with_the_outcome(log: ActionLog) -> None:
    ask(log)

    follow(log, "MG-2")

    entry = log.get("MG-2")
    assert (entry.follows, entry.action, entry.order_id) == ("MG-1", "restock_items", 1042)
    assert (entry.team_id, entry.actor_id) == ("T1", "U1")
    assert entry.is_under_way
    assert log.events("MG-2")[0].detail["follows"] == "MG-1"
    assert log.get("MG-1").follows is None


def test_from_a_request_one_follows_at_most(log: ActionLog) -> None:
    ask(log)
    follow(log, "MG-2")

    follow(log, "MG-3")

    assert log.find("MG-3") is None
    assert event_names(log, "MG-2") == ["asked"]


def test_an_outcome_whose_follow_up_cannot_be_written_is_not_written(log: ActionLog) -> None:
    ask(log)
    ask(log, "MG-2")

    with pytest.raises(sqlite3.IntegrityError):
        follow(log, "MG-2")

    assert log.get("MG-1").status is None


def test_what_a_request_follows_from_stays(db: Database, log: ActionLog) -> None:
    ask(log)
    follow(log, "MG-2")

    with pytest.raises(sqlite3.IntegrityError, match="follows from stays"):
        db.execute("UPDATE action_log SET follows = NULL WHERE reference = 'MG-2'")


Line = tuple[int | None, str | None, dict[str, Any]]


def lines(
    db: Database, way: str | None = None, *, is_loud: bool = False, actor_id: str = "U1"
) -> list[Line]:
    """End what was awaited twice, and return the lines about it: thread, recipient, content."""
    log = ActionLog(db)
    if way is not None:
        PersonChoices(db).choose_settled_by("T1", actor_id, way)
    ask(log, actor_id=actor_id)
    for _ in range(2):
        outcome = {"status": "succeeded", "message": "Done."}
        log.finish("MG-1", status="succeeded", outcome=outcome, is_awaited=True, is_loud=is_loud)
    rows = [post for post in Outbox(db).due(LATER) if post.kind == SETTLED]
    return [(post.order_id, post.recipient, post.content) for post in rows]


IN_THE_THREAD = {"reference": "MG-1", "mentions": True, "is_loud": False}


@pytest.mark.parametrize("way", [None, BY_MESSAGE])
def test_who_asked_is_told_once_of_what_they_await(db: Database, way: str | None) -> None:
    assert lines(db, way) == [(None, "U1", {"reference": "MG-1"})]


def test_who_asked_may_be_told_in_the_thread(db: Database) -> None:
    assert lines(db, IN_THREAD) == [(1042, None, IN_THE_THREAD)]


def test_who_asked_may_want_to_hear_nothing(db: Database) -> None:
    assert lines(db, NOT_AT_ALL) == []


def test_the_channel_hears_of_what_turned_bad_whatever_who_asked_wants(db: Database) -> None:
    loud = {**IN_THE_THREAD, "is_loud": True}

    assert lines(db, NOT_AT_ALL, is_loud=True) == [(1042, None, {**loud, "mentions": False})]


@pytest.mark.parametrize("way", [None, IN_THREAD])
def test_of_what_nobody_is_known_to_have_asked_the_channel_alone_hears(
    db: Database, way: str | None
) -> None:
    loud = {"reference": "MG-1", "mentions": False, "is_loud": True}

    assert lines(db, way, actor_id="", is_loud=True) == [(1042, None, loud)]


def test_nobody_is_told_of_what_nobody_is_known_to_have_asked(db: Database) -> None:
    assert lines(db, actor_id="") == []


def test_one_line_is_for_the_channel_and_who_is_mentioned_in_it(db: Database) -> None:
    assert lines(db, IN_THREAD, is_loud=True) == [(1042, None, {**IN_THE_THREAD, "is_loud": True})]


def test_who_gets_a_message_hears_of_it_beside_the_channel(db: Database) -> None:
    assert lines(db, is_loud=True) == [
        (None, "U1", {"reference": "MG-1"}),
        (1042, None, {"reference": "MG-1", "mentions": False, "is_loud": True}),
    ]


@pytest.mark.parametrize("way", [BY_MESSAGE, IN_THREAD])
def test_after_a_restore_the_line_is_looked_for_under_the_same_key(
    tmp_path: Path, way: str
) -> None:
    found = []
    for name, looks in (("before", 3), ("restored", 1)):
        with closing(open_database(tmp_path / f"{name}.sqlite")) as db:
            PersonChoices(db).choose_settled_by("T1", "U1", way)
            log = ActionLog(db)
            ask(log)
            finish(log, status="pending")
            if name == "restored":
                LogPeriods(db).begin(RESTORED)
            for _ in range(looks):
                log.begin_round("MG-1")
                finish(log, status="pending")
            log.begin_round("MG-1")
            outcome = {"status": "succeeded", "message": "Done."}
            log.finish("MG-1", status="succeeded", outcome=outcome, is_awaited=True)
            found += [post for post in Outbox(db).due(LATER) if post.kind == SETTLED]

    before, restored = found
    assert before.key == restored.key
    assert before.doubts == ()
    assert [each.channel for each in restored.doubts] == [None]  # wherever it is told


def ended_at(log: ActionLog) -> datetime:
    return [event.at for event in log.events("MG-1") if event.event == "outcome"][-1]


def test_it_was_told_on_its_way_although_the_answer_came_after_the_end(log: ActionLog) -> None:
    ask(log)
    finish(log, status="pending")
    finish(log, status="failed")
    at = ended_at(log)
    assert not log.was_told_on_its_way("MG-1", at)

    tell(log, status="pending")
    tell(log, status="failed")

    assert log.was_told_on_its_way("MG-1", at)


def test_what_was_told_before_an_earlier_end_does_not_count(log: ActionLog) -> None:
    ask(log)
    finish(log, status="pending")
    tell(log, status="pending")
    finish(log, status="unknown")
    first = ended_at(log)
    tell(log, status="unknown")
    log.begin_round("MG-1")
    finish(log, status="pending")
    log.begin_round("MG-1")
    finish(log, status="failed")

    assert log.was_told_on_its_way("MG-1", first)
    assert not log.was_told_on_its_way("MG-1", ended_at(log))
