"""What happened outside the bot: noted once, decided, told once, never forgotten."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from storage.outbox.outbox import Outbox
from storage.webhooks.external_changes import OURS, OUTSIDE, UNSEEN, OutsideEvents

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = AT + timedelta(days=1)


@pytest.fixture
def events(db: Database) -> OutsideEvents:
    return OutsideEvents(db)


def take(events: OutsideEvents, key: str = "status:1", order_id: int = 1042) -> bool:
    detail = {"before": 11, "after": 2}
    return events.take(key, order_id=order_id, kind="status", detail=detail, happened_at=AT)


def test_an_event_is_noted_once(events: OutsideEvents) -> None:
    assert take(events)
    assert not take(events)

    (event,) = events.due(LATER)
    assert (event.order_id, event.detail, event.verdict) == (1042, {"before": 11, "after": 2}, None)


def test_each_order_has_one_that_is_due_its_oldest(events: OutsideEvents) -> None:
    for number in range(50):
        take(events, f"noisy:{number}", order_id=1)
    take(events, "quiet", order_id=2)

    first, quiet = events.due(LATER)
    assert (first.key, quiet.key) == ("noisy:0", "quiet")
    events.wait(first.id, until=LATER + timedelta(hours=1), tries=1)
    assert [each.key for each in events.due(LATER)] == ["quiet"]
    events.decide(first.id, UNSEEN)
    assert [each.key for each in events.due(LATER, 1)] == ["noisy:1"]


def test_an_order_is_told_in_the_order_of_what_happened(events: OutsideEvents) -> None:
    later = AT + timedelta(minutes=1)
    events.take("late", order_id=1, kind="status", detail={}, happened_at=later)
    events.take("early", order_id=1, kind="status", detail={}, happened_at=AT)

    (first,) = events.due(LATER)
    assert first.key == "early"
    assert [each.key for each in events.earlier(events.due(LATER)[0])] == []
    events.decide(first.id, UNSEEN)
    assert [each.key for each in events.earlier(events.due(LATER)[0])] == ["early"]


def test_what_waits_is_due_later(events: OutsideEvents) -> None:
    take(events)
    (event,) = events.due(LATER)

    events.wait(event.id, until=LATER, tries=3)

    assert events.due(AT) == []
    assert [each.tries for each in events.due(LATER)] == [3]


@pytest.mark.parametrize("verdict", [OURS, UNSEEN])
def test_what_need_not_be_told_is_over(events: OutsideEvents, verdict: str) -> None:
    take(events)
    (event,) = events.due(LATER)

    events.decide(event.id, verdict, reference="MG-1")

    assert events.due(LATER) == []
    assert events.of_order(1042) == []
    assert events.is_used("MG-1", "status", {"after": 2}) == (verdict == OURS)
    assert not events.is_used("MG-1", "status", {"after": 5})


def test_what_came_from_outside_is_to_be_told(db: Database, events: OutsideEvents) -> None:
    take(events)
    (event,) = events.due(LATER)
    events.decide(event.id, OUTSIDE, said="Changed.")

    assert events.due(LATER) == []
    assert [each.said for each in events.of_order(1042)] == ["Changed."]
    (post,) = Outbox(db).due(datetime.now(UTC))
    assert (post.key, post.order_id) == (f"outside-{event.id}", 1042)
    assert post.content == {"event_id": event.id}


def test_nothing_is_deleted(events: OutsideEvents, db: Database) -> None:
    take(events)

    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        db.execute("DELETE FROM outside_events")
