"""Limits and discount codes: a fixed amount counts as often as its code can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.agent import Agent
from tests.support.approving import BEN, set_approvers, set_rule
from tests.support.running import Running, configure

CODE = "create_discount_code"


async def fill_in(agent: Agent, uses: str) -> Any:
    await agent.command("/discount-code")
    await agent.wait_for_modal("Applies to")
    terms = {"code": "SORRY40", "type": "fixed", "value": "40", "max_uses": uses}
    return await agent.fill({**terms, "reason": "Damaged"})


async def test_each_use_counts_against_the_limit(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_rule(tmp_path, CODE, limit="100.00")
    await fill_in(anna, "3")
    await anna.wait_for_modal("this comes to 120.00 USD", "above the limit per request, 100.00 USD")
    await anna.close()

    await fill_in(anna, "2")
    await anna.wait_for_modal("Change something")


async def test_each_use_counts_for_the_second_person(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, CODE, approval_above="100.00")
    await fill_in(anna, "3")
    await anna.wait_for_modal("needs approval")


async def test_without_a_number_of_uses_a_limit_would_be_none(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    answer = await fill_in(anna, "")
    assert answer["errors"] is None
    await anna.wait_for_modal("Change something")
    configure(tmp_path, "day_limit", "1000.00")

    await anna.fill()

    await anna.wait_for_modal("Say how often the code works")
    assert running.recent() == []
