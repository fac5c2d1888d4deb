from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handlers.people.waiting import stage_of
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry

ASKED = datetime(2026, 11, 27, 8, tzinfo=UTC)


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    db = open_database(tmp_path / "makegood.sqlite")
    log = ActionLog(db)
    log.ask("MG-1", action="refund_order", order_id=7, team_id="T", actor_id="U", request={})
    found = log.get("MG-1")
    db.close()
    return found


@pytest.mark.parametrize(
    ("hours", "after", "stage"),
    [
        (24, 11.9, ""),
        (24, 12, "half-time"),
        (24, 22.9, "half-time"),
        (24, 23, "last-call"),
        (24, 23.9, "last-call"),
        (24, 24, ""),
        (2, 0.9, ""),
        (2, 1, "last-call"),
        (1, 0.4, ""),
        (1, 0.5, "last-call"),
        (168, 84, "half-time"),
    ],
)
def test_the_stages_of_what_waits(entry: Entry, hours: float, after: float, stage: str) -> None:
    held = with_times(entry, ASKED, ASKED + timedelta(hours=hours))

    assert stage_of(held, ASKED + timedelta(hours=after)) == stage


def with_times(entry: Entry, asked_at: datetime, held_until: datetime) -> Entry:
    return dataclasses.replace(entry, asked_at=asked_at, held_until=held_until)
