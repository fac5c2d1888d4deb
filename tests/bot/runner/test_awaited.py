from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.runner.posting import is_awaited, is_loud
from bot.values.outcome import Outcome, Status
from tests.handlers.timeline.outcomes.test_outcome_message import entry

SENT_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SECONDS_LATER, LATER = SENT_AT + timedelta(seconds=15), SENT_AT + timedelta(minutes=1)
ON_ITS_WAY: dict[str, Any] = {"status": "pending"}


def awaited(end: Status, at: datetime, **changes: Any) -> bool:
    asked = entry(**{"sent_at": SENT_AT, **ON_ITS_WAY, **changes})
    return is_awaited(asked, Outcome(status=end, message="That is it."), at)


def test_money_that_took_its_time_is_awaited() -> None:
    assert awaited(Status.SUCCEEDED, LATER)


def test_money_that_moved_within_seconds_was_seen_in_the_thread() -> None:
    assert not awaited(Status.SUCCEEDED, SECONDS_LATER)


@pytest.mark.parametrize(
    "status", [Status.FAILED, Status.UNKNOWN, Status.PARTIAL, Status.TO_DO, Status.REJECTED]
)
def test_a_bad_end_is_always_awaited(status: Status) -> None:
    assert awaited(status, SECONDS_LATER)


def test_what_is_still_on_its_way_is_no_end() -> None:
    assert not awaited(Status.PENDING, LATER)


@pytest.mark.parametrize("changes", [{"status": "unknown"}, {"status": None}])
def test_nobody_awaits_what_was_not_on_its_way(changes: dict[str, Any]) -> None:
    assert not awaited(Status.SUCCEEDED, LATER, **changes)
    assert not awaited(Status.FAILED, LATER, **changes)


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN, Status.PARTIAL])
def test_the_channel_hears_of_money_that_is_not_on_its_way_after_all(status: Status) -> None:
    outcome = Outcome(status=status, message="That is it.")

    assert is_loud(entry(**ON_ITS_WAY), outcome)
    assert not is_loud(entry(status="unknown"), outcome)


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.PENDING, Status.TO_DO])
def test_the_channel_is_spared_the_rest(status: Status) -> None:
    assert not is_loud(entry(**ON_ITS_WAY), Outcome(status=status, message="That is it."))
