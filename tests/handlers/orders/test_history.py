"""The steps of a request's life in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.orders.history import _step
from storage.log.entries import Event

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "detail", "words"),
    [
        ("told", {"status": "succeeded", "place": "thread"}, "told in the thread"),
        ("told", {"status": "succeeded"}, "told in the thread"),
        ("told", {"status": "succeeded", "place": "channel"}, "told in the channel"),
        ("told", {"status": "failed", "place": "direct"}, "told in a direct message"),
        ("told", {"status": "under way", "place": "thread"}, "said to be under way"),
        ("not_told", {"status": "failed", "place": "home"}, "told in the Home tab alone"),
    ],
)
def test_where_an_outcome_was_told_is_said(event: str, detail: dict[str, str], words: str) -> None:
    assert _step(Event("MG-1", AT, event, dict(detail))) == words
