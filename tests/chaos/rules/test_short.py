"""The short form of the campaign with rules on: nothing leaves beyond them, and what is within."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.chaos.campaign import run
from tests.chaos.options import Options
from tests.chaos.rules.campaign import RulesCampaign
from tests.chaos.rules.gifts import REFUND
from tests.chaos.rules.plan import HONEST


async def test_nobody_walks_around_the_rules_under_faults(tmp_path: Path) -> None:
    options = Options(seed=8, actions=5, kills=1, build=tmp_path, is_quiet=True, has_rules=True)
    result = await run(options, RulesCampaign)

    assert result.departures == [], result.table
    (honest,) = [gift for gift in result.left if gift.job == HONEST.number]
    assert (honest.kind, honest.by, honest.order_id) == (REFUND, "Anna", 1042)
    assert honest.amount == Decimal("25.98"), result.table
