"""The short form of the campaign: the promise holds, and the campaign can tell when it does not."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.campaign import run
from tests.chaos.options import Options


async def test_nothing_is_sent_twice_and_nothing_lost_under_faults(tmp_path: Path) -> None:
    result = await run(Options(seed=1, actions=25, kills=2, build=tmp_path, is_quiet=True))

    assert result.departures == [], result.table
