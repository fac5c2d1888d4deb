from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.runner.schedule import Schedule

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def looks(schedule: Schedule, first_s: float = 1.0) -> list[float]:
    """Return after how many seconds a payment is looked at that never settles."""
    at, seen = NOW + timedelta(seconds=first_s), []
    while (next_at := schedule.next_check_at(NOW, at)) is not None:
        at = next_at
        seen.append((at - NOW).total_seconds())
    return seen


@pytest.mark.parametrize(("moves_s", "seen_by_s"), [(0.5, 2), (5, 7), (60, 80), (3600, 4800)])
def test_money_is_seen_soon_after_it_has_moved(moves_s: float, seen_by_s: float) -> None:
    assert next(at for at in looks(Schedule()) if at >= moves_s) <= seen_by_s


def test_what_takes_long_costs_few_looks() -> None:
    seen = looks(Schedule())

    assert sum(at <= 60 for at in seen) == 12
    assert sum(at <= 3600 for at in seen) == 26
    assert len(seen) == 195
    assert round(max(later - earlier for earlier, later in pairwise(seen))) == 3600


def test_payments_are_followed_for_a_week() -> None:
    since = NOW - timedelta(days=7)

    assert Schedule().next_check_at(since, NOW) is None
    assert Schedule().next_check_at(since + timedelta(hours=1), NOW) is not None


def test_a_clock_that_was_set_back_does_not_stop_the_looks() -> None:
    assert Schedule().next_check_at(NOW + timedelta(hours=1), NOW) == NOW + timedelta(seconds=1)
