"""Line 9: one person's flood of look-ups, and what it does to a refund and to others' look-ups."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from tests.bench.actions import carry_out
from tests.bench.canned import record
from tests.bench.measured import Child, command, make_reviews, measured
from tests.bench.quota import Quota
from tests.bench.table import Line, Part
from tests.bench.world import COLLEAGUE, OTHER, USER, World

ACTION = "refund_order"
LIMIT, WINDOW_S = 150, 30.0
FLOOD = 150
NOTES = [
    "one person types /order 150 times at once; at the same moment a colleague confirms a refund"
    " and somebody else types /order; the quota is that of the smallest plan, 150 calls in 30 s",
    "the references are the same refund and look-up with nobody else about; the refund is measured"
    " from its confirmation until its thread has the outcome",
]


@dataclass(frozen=True, slots=True)
class _Run:
    """What one repeat took, in seconds and in calls of the store."""

    refund_s: float
    look_s: float
    calls: int
    refused: int


async def measure_fair_shares(
    repeats: int, *, flood: int = FLOOD, window_s: float = WINDOW_S
) -> Part:
    """Measure each repeat with a bot and a window of its own, quiet and flooded."""
    quiet = [await _run(0, window_s) for _ in range(repeats)]
    flooded = [await _run(flood, window_s) for _ in range(repeats)]
    alone = [run.calls for run in quiet]
    return Part(
        "fair-shares",
        [
            Line(
                "a colleague's refund",
                [run.refund_s for run in flooded],
                [run.refund_s for run in quiet],
                "s",
            ),
            Line(
                "another's look-up",
                [run.look_s for run in flooded],
                [run.look_s for run in quiet],
                "s",
            ),
            Line(
                "calls of the flood",
                [run.calls - calls for run, calls in zip(flooded, alone, strict=True)],
                [LIMIT / 2],
                "of 150",
                "<= 75",
                "half of a window",
            ),
            Line("429s provoked", [sum(run.refused for run in flooded)], goal="0"),
        ],
        NOTES,
    )


async def _run(flood: int, window_s: float) -> _Run:
    canned, quota = await record(ACTION), Quota(LIMIT, window_s)
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(World(canned, quota=quota))
        bot = await stack.enter_async_context(measured("bot", world, LOOK_PAUSE="2"))
        await _look(world, USER, 1)  # what is kept for all is read, and the quota is known
        ((reference, view),) = await make_reviews(bot, canned, 1, first=1000, user=COLLEAGUE)
        before = world.calls["store"]
        flooding = asyncio.create_task(_flood(world, flood))
        refund_s, look_s = await asyncio.gather(
            carry_out(world, reference, view, within_s=120, user=COLLEAGUE),
            _look(world, OTHER, 2000),
        )
        await flooding
        await _until_quiet(world, bot)
        return _Run(refund_s, look_s, world.calls["store"] - before, quota.refused)


async def _flood(world: World, times: int) -> None:
    await asyncio.gather(
        *(command(world, f"/order {3000 + number}", user=USER) for number in range(times))
    )


async def _look(world: World, user: str, number: int) -> float:
    """Look an order up and return the seconds until its card is there."""
    hook = world.new_id("look")
    answered = world.expect(hook)
    began = time.perf_counter()
    await command(world, f"/order {number}", hook, user=user)
    return await answered - began


async def _until_quiet(world: World, bot: Child) -> None:
    """Wait until the store is asked nothing more for a second."""
    calls = -1
    while calls != world.calls["store"]:
        calls = world.calls["store"]
        await asyncio.sleep(1)
        await bot.cpu_s()
