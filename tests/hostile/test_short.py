"""The short form of the campaign: a sample of its cases, none of which departs from the books."""

from __future__ import annotations

from pathlib import Path

from tests.hostile.__main__ import run
from tests.hostile.options import Options
from tests.hostile.report import departures


async def test_nothing_is_told_that_the_books_do_not_show(tmp_path: Path) -> None:
    results = await run(Options(seed=1, count=40, jobs=1, build=tmp_path))

    assert departures(results) == []
    assert len(results) == 40
