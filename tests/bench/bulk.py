"""Line 4: sustained bulk against a store's quota, and an agent who looks something up meanwhile."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.actions import carry_out
from tests.bench.canned import record
from tests.bench.measured import command, make_reviews, measured
from tests.bench.quota import Quota
from tests.bench.table import Line, Part
from tests.bench.world import World

ACTION = "refund_order"
LIMIT, WINDOW_S = 150, 30.0
AT_ONCE = 20
LOOK_EVERY_S = 2.3  # out of step with the windows
NOTES = [
    "20 refunds at a time ask for more than the store gives; the repeats are its windows of 150"
    " calls in 30 s, the one in which the bulk began left out",
    "the look-up is /order, from the command to its answer; its reference is the same look-up while"
    " nothing else runs",
]


async def measure_bulk(
    repeats: int,
    *,
    limit: int = LIMIT,
    window_s: float = WINDOW_S,
    look_every_s: float = LOOK_EVERY_S,
) -> Part:
    """Keep the store busy for as many whole windows as there are repeats."""
    canned = await record(ACTION)
    quota = Quota(limit, window_s)
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(World(canned, quota=quota))
        bot = await stack.enter_async_context(measured("bot", world))
        idle = [await _look_up(world, number) for number in range(1, max(3, repeats) + 1)]
        count = (repeats + 2) * limit // 5
        reviews = await make_reviews(bot, canned, count, first=1000)
        bulk = asyncio.create_task(_bulk(world, reviews))
        looks = await _look_up_until(world, quota, len(quota.windows) + repeats + 1, look_every_s)
        used = quota.windows[-repeats - 1 : -1]
        bulk.cancel()
        await asyncio.gather(bulk, return_exceptions=True)
    shares = [100 * window / limit for window in used]
    return Part(
        "bulk",
        [
            Line("share of the quota used", shares, [100.0], "%", ">= 97 %"),
            Line("429s provoked", [quota.refused], unit="", goal="0"),
            Line("look-up meanwhile", looks, idle, "s"),
        ],
        NOTES,
    )


async def _bulk(world: World, reviews: list[tuple[str, dict[str, Any]]]) -> None:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(reference: str, view: dict[str, Any]) -> None:
        async with places:
            await carry_out(world, reference, view, within_s=600)

    await asyncio.gather(*(one(reference, view) for reference, view in reviews))


async def _look_up_until(world: World, quota: Quota, windows: int, every_s: float) -> list[float]:
    """Look an order up now and then until that many windows have begun; return the seconds."""
    looks: list[asyncio.Task[float]] = []
    number = 1
    while len(quota.windows) < windows:
        number += 1
        looks.append(asyncio.create_task(_look_up(world, number)))
        await asyncio.sleep(every_s)
    done = [look for look in looks if look.done()]
    for look in looks:
        look.cancel()
    await asyncio.gather(*looks, return_exceptions=True)
    return [look.result() for look in done]


async def _look_up(world: World, number: int) -> float:
    hook = world.new_id("look")
    answered = world.expect(hook)
    began = time.perf_counter()
    await command(world, f"/order {number}", hook)
    return await answered - began
