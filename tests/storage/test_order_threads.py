from __future__ import annotations

from datetime import UTC, datetime, timedelta

from freezegun import freeze_time
from sqlite_utils import Database

from storage import OrderThreads, Thread


def test_an_order_without_messages_has_no_thread(db: Database) -> None:
    assert OrderThreads(db).find(1042) is None


def test_a_thread_is_found_replaced_and_forgotten(db: Database) -> None:
    threads = OrderThreads(db)

    threads.save(1042, "C1", "1.1")
    threads.save(1043, "C1", "1.2")
    assert threads.find(1042) == Thread("C1", "1.1")

    threads.save(1042, "C2", "2.1")
    assert threads.find(1042) == Thread("C2", "2.1")

    threads.forget(1042)
    assert threads.find(1042) is None
    assert threads.find(1043) == Thread("C1", "1.2")


def test_a_root_message_stays_due_until_it_is_drawn(db: Database) -> None:
    threads, now = OrderThreads(db), datetime.now(UTC)
    threads.save(1042, "C1", "1.1")
    threads.save(1043, "C1", "1.2")

    threads.expect_refresh(1042, now)
    threads.expect_refresh(1043, now + timedelta(seconds=10))
    assert threads.due(now) == [1042]

    threads.refreshed(1042)
    assert threads.due(now + timedelta(seconds=20)) == [1043]


def test_what_slack_shows_is_drawn_anew_for_recent_threads_only(db: Database) -> None:
    threads = OrderThreads(db)
    with freeze_time("2026-09-01"):
        threads.save(1, "C1", "1.0")
    threads.save(2, "C1", "2.0")
    now = datetime.now(UTC)

    threads.expect_refresh_of_all(now, saved_since=now - timedelta(days=30))

    assert threads.due(now) == [2]
