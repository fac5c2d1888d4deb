"""When what could not be told is tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from freezegun import freeze_time

from handlers.timeline.waits import Waits


@pytest.mark.parametrize(
    ("tries", "wait_s", "expected"),
    [(0, 1, (1, 1)), (0, 30, (5, 60)), (5, 30, (6, 270)), (2, 270, (6, 270)), (0, 271, None)],
)
def test_a_pause_is_as_long_as_slack_wants(
    tries: int, wait_s: int, expected: tuple[int, int] | None
) -> None:
    with freeze_time(datetime(2026, 9, 1, tzinfo=UTC)):
        found = Waits(scale=1).after_refusal(tries, wait_s)
        pause = found and (found[0], (found[1] - datetime.now(UTC)).total_seconds())
    assert pause == expected
