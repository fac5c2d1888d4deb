"""The short form of the campaign with rules on: nothing leaves beyond them."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.campaign import run
from tests.chaos.options import Options
from tests.chaos.rules.campaign import RulesCampaign


async def test_nobody_walks_around_the_rules_under_faults(tmp_path: Path) -> None:
    options = Options(seed=8, actions=5, kills=1, build=tmp_path, is_quiet=True, has_rules=True)
    result = await run(options, RulesCampaign)

    assert result.departures == [], result.table
    # What comes of it is up to the faults: all may be declined, or stopped by a rule.
    assert result.asked > 0, result.table
