"""Line 7: from the command to the form of an order with 250 lines."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from tests.bench.canned import ORDER, record
from tests.bench.measured import Load, command, load, measured
from tests.bench.table import Line, Part
from tests.bench.world import World

ACTION = "refund_items"
COMMAND = "/refund-order"
NOTES = [
    f"{COMMAND} up to the form in the modal, the store answering in 0 ms; the reference is the"
    " same command on an order with 3 lines",
]


async def measure_large_order(repeats: int, *, lines: int = 250, times: int = 5) -> Part:
    """Measure an order of so many lines beside a small one."""
    runs: dict[str, list[Load]] = {"large": [], "small": []}
    async with AsyncExitStack() as stack:
        subjects: list[tuple[str, World, Any]] = []
        for name, count in (("large", lines), ("small", 0)):
            canned = await record("cancel_and_refund", lines=count)
            world = await stack.enter_async_context(World(canned))
            subjects.append((name, world, await stack.enter_async_context(measured("bot", world))))
        for repeat in range(repeats + 1):  # the first one warms up
            for name, world, child in subjects:
                run = await load(child, [partial(_open, world)] * times, in_flight=1)
                if repeat:
                    runs[name].append(run)

    def line(what: str, of: Callable[[Load], float]) -> Line:
        large, small = ([of(run) for run in runs[name]] for name in ("large", "small"))
        return Line(what, large, small, "ms")

    figures = [
        line("command to form, p50", lambda run: run.quantile_ms(0.5)),
        line("CPU", lambda run: run.cpu_us / 1e3),
    ]
    return Part(f"{lines} lines", figures, NOTES)


async def _open(world: World) -> float:
    began = time.perf_counter()
    world.opened = asyncio.get_running_loop().create_future()
    await command(world, f"{COMMAND} {ORDER}")
    async with asyncio.timeout(20):
        shown = world.expect(await world.opened)
        return await shown - began
