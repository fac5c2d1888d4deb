from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.http.pace import TokenBucket


def test_a_burst_then_so_many_a_second() -> None:
    pace = TokenBucket(per_second=10, burst=3, now_s=100)

    assert [pace.take(100) for _ in range(4)] == [True, True, True, False]
    assert pace.wait_s == pytest.approx(0.1)
    assert pace.take(100.05) is False
    assert pace.take(100.11) is True


def test_a_long_rest_saves_up_no_more_than_a_burst() -> None:
    pace = TokenBucket(per_second=10, burst=3, now_s=0)

    assert [pace.take(1_000_000) for _ in range(4)] == [True, True, True, False]


@given(st.lists(st.floats(0, 5), max_size=200), st.floats(0.5, 100), st.integers(1, 50))
def test_never_more_than_the_burst_and_the_rate_together(
    gaps: list[float], per_second: float, burst: int
) -> None:
    now, taken, pace = 0.0, 0, TokenBucket(per_second, burst, 0)
    for gap in gaps:
        now += gap
        taken += pace.take(now)

    assert taken <= burst + now * per_second + 1e-6
