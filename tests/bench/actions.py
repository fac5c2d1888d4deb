"""Line 2: from a confirmed review to the message in the thread, with both platforms at 0 ms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from tests.bench.canned import Canned, record
from tests.bench.measured import PATIENCE_S, Child, Job, Load, confirm, load, make_reviews, measured
from tests.bench.table import Line, Part
from tests.bench.world import USER, World

ACTIONS = ("refund_order", "cancel_order")
NOTES = [
    "one action is alone with a new order: it is confirmed, carried out, told in a new thread, and"
    " shown in the open modal; Slack's pace of one message a second is switched off (POST_EVERY=0)",
    "the bare reference sends the same calls to the same stand-in, one after the other, without"
    " pauses, from one aiohttp session",
    "the stand-in answers at once from a process of its own; CPU is the bot's process alone",
]


async def measure_actions(
    repeats: int, *, alone: int = 10, together: int = 60, actions: Sequence[str] = ACTIONS
) -> Part:
    """Measure a refund and a cancellation, one at a time and 50 at once."""
    lines: list[Line] = []
    for action in actions:
        canned = await record(action)
        async with AsyncExitStack() as stack:
            world = await stack.enter_async_context(World(canned))
            bot = await stack.enter_async_context(measured("bot", world))
            replayer = await stack.enter_async_context(measured("replay", world))
            lines += await _measure(world, bot, replayer, canned, repeats, alone, together)
    return Part("action", lines, NOTES)


async def _measure(
    world: World,
    bot: Child,
    replayer: Child,
    canned: Canned,
    repeats: int,
    alone: int,
    together: int,
) -> list[Line]:
    calls = await _calls_of_one(world, bot, canned)
    runs: dict[str, list[Load]] = {"alone": [], "together": [], "bare": [], "bare alone": []}
    for repeat in range(1, repeats + 1):
        jobs = await jobs_for(world, bot, canned, alone, first=1_000_000 * repeat)
        runs["alone"].append(await load(bot, jobs, in_flight=1))
        jobs = await jobs_for(world, bot, canned, together, first=1_000_000 * repeat + 500_000)
        runs["together"].append(await load(bot, jobs))
        for name, times, in_flight in (("bare alone", alone, 1), ("bare", together, 50)):
            runs[name].append(await _replay(replayer, calls, times, in_flight))

    def line(what: str, run: str, bare: str, unit: str, of: Callable[[Load], float]) -> Line:
        mine, theirs = [of(each) for each in runs[run]], [of(each) for each in runs[bare]]
        return Line(f"{canned.action}, {what}", mine, theirs, unit)

    return [
        line("alone, p50", "alone", "bare alone", "ms", lambda run: run.quantile_ms(0.5)),
        line("50 at once, p50", "together", "bare", "ms", lambda run: run.quantile_ms(0.5)),
        line("50 at once", "together", "bare", "/s", lambda run: run.count / run.wall_s),
        line("CPU each, alone", "alone", "bare alone", "ms", lambda run: run.cpu_us / 1e3),
        line("CPU each, 50 at once", "together", "bare", "ms", lambda run: run.cpu_us / 1e3),
    ]


async def jobs_for(
    world: World, bot: Child, canned: Canned, count: int, *, first: int
) -> list[Job]:
    """Leave reviews open; each job confirms one and returns when its modal shows the outcome."""
    made = await make_reviews(bot, canned, count, first=first)
    return [partial(carry_out, world, reference, view) for reference, view in made]


async def carry_out(
    world: World,
    reference: str,
    view: dict[str, Any],
    *,
    within_s: float = PATIENCE_S,
    user: str = USER,
) -> float:
    """Confirm, wait for the thread and the modal; return the seconds until the thread had it."""
    view_id = world.new_id("V")
    told, shown = world.expect(reference), world.expect(view_id)
    began = time.perf_counter()
    async with asyncio.timeout(within_s):
        await confirm(world, view, view_id, user=user)
        at = await told
        await shown
    return at - began


async def _calls_of_one(world: World, bot: Child, canned: Canned) -> list[tuple[str, str, str]]:
    """Return the calls of one action, after another one has warmed the bot up."""
    for number in (1, 2):
        world.exchanges = []
        for job in await jobs_for(world, bot, canned, 1, first=number):
            await job()
    calls, world.exchanges = world.exchanges or [], None
    return calls


async def _replay(
    replayer: Child, calls: list[tuple[str, str, str]], times: int, in_flight: int
) -> Load:
    cpu_s = await replayer.cpu_s()
    took = await replayer.ask("replay", calls=calls, times=times, in_flight=in_flight)
    return Load(times, took["wall_s"], await replayer.cpu_s() - cpu_s, took["latencies_s"])
