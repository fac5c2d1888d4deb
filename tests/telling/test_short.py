"""The short form of the campaign: a sample of its cases, in none of which anything departs."""

from __future__ import annotations

from pathlib import Path

from tests.telling.__main__ import run
from tests.telling.options import Options
from tests.telling.report import findings


async def test_everything_is_told_once_whatever_slack_answers(tmp_path: Path) -> None:
    results = await run(Options(seed=1, count=40, jobs=1, build=tmp_path))

    assert findings(results) == []
    assert len(results) == 40
