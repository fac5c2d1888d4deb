from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.runner import Schedule

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_payments_are_looked_at_less_and_less_often() -> None:
    schedule = Schedule()

    waits = [schedule.next_check_at(round, NOW, NOW) for round in range(1, 10)]

    assert waits == [
        NOW + timedelta(seconds=seconds) for seconds in (2, 5, 15, 60, 300, 900, 3600, 3600, 3600)
    ]


def test_payments_are_followed_for_a_week() -> None:
    asked_at = NOW - timedelta(days=7)

    assert Schedule().next_check_at(200, asked_at, NOW) is None
    assert Schedule().next_check_at(200, asked_at + timedelta(hours=1), NOW) is not None


def test_a_thread_is_tried_again_less_and_less_often() -> None:
    waits = [Schedule().next_telling_at(failures, NOW) - NOW for failures in range(6)]

    assert [wait.total_seconds() for wait in waits] == [5, 15, 60, 300, 900, 900]
