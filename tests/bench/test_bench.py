"""Each measurement runs, with tiny numbers. Nothing is asserted about how long anything takes."""

from __future__ import annotations

from tests.bench.acks import measure_acks
from tests.bench.actions import measure_actions
from tests.bench.bulk import measure_bulk
from tests.bench.calls import measure_calls
from tests.bench.fair_shares import measure_fair_shares
from tests.bench.floods import measure_floods
from tests.bench.large_order import measure_large_order
from tests.bench.lookups import measure_lookups
from tests.bench.resources import measure_resources
from tests.bench.table import Line, Part, render


async def test_acks_are_measured() -> None:
    part = await measure_acks(1, commands=3, submissions=2)

    assert len(part.lines) == 9


async def test_actions_are_measured() -> None:
    part = await measure_actions(1, alone=1, together=2, actions=["refund_order"])

    assert len(part.lines) == 5


async def test_calls_are_counted_and_never_fewer_than_the_least() -> None:
    part = await measure_calls(1, names=["refund", "discount code"])

    assert len(part.lines) == 4
    for line in part.lines:
        assert line.measured[0] >= line.reference[0], part.notes


async def test_floods_are_measured_and_change_no_outcome() -> None:
    part = await measure_floods(1, silent=50, knocking=5, ramp_s=0.5)

    unanswered = part.lines[4]
    assert len(part.lines) == 7
    assert unanswered.measured == [0]


async def test_a_bulk_stays_within_the_quota() -> None:
    part = await measure_bulk(1, limit=30, window_s=1, look_every_s=0.2)

    refused = part.lines[1]
    assert refused.measured == [0]


async def test_look_ups_are_measured() -> None:
    part = await measure_lookups(1, sizes=(50, 100), looks=10)

    assert len(part.lines) == 6


async def test_memory_and_start_are_measured() -> None:
    part = await measure_resources(1, in_flight=5, rest_s=0.1)

    assert len(part.lines) == 4


async def test_the_form_of_a_large_order_is_measured() -> None:
    part = await measure_large_order(1, lines=60, times=1)

    assert len(part.lines) == 2


async def test_fair_shares_are_measured() -> None:
    part = await measure_fair_shares(1, flood=20, window_s=5)

    assert len(part.lines) == 4
    refused = part.lines[3]
    assert refused.measured == [0]


def test_a_line_is_a_median_a_spread_and_a_ratio() -> None:
    part = Part("part", [Line("thing", [3.0, 1.0, 2.0], [1.0, 1.0, 1.0], "ms", "<= 3")], ["a note"])

    text = render([part])

    assert "2 ms (1-3)" in text
    assert "2.00" in text
    assert "part: a note" in text
