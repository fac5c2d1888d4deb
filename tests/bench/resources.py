"""Line 6: memory and CPU at rest, memory in flight, and the start up to the first ack."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.slack.connection import CONNECTIONS
from tests.bench.bare import HOLD
from tests.bench.canned import record
from tests.bench.child import resident_mb
from tests.bench.measured import ROOT, command
from tests.bench.table import Line, Part
from tests.bench.world import World

NOTES = [
    "the bot is `python -m bot run`; in flight are /order commands whose reads of the store are not"
    " answered yet (three each), and for the bare app one read each",
]
SETTLE_S = 1.0
# The process, and the command that it takes into flight.
STARTS = {
    "bot": (("-m", "bot", "run"), "/order 1042"),
    "bare": (("-m", "tests.bench.child", "bare", "{}"), f"/order {HOLD}"),
}


async def measure_resources(repeats: int, *, in_flight: int = 1000, rest_s: float = 3.0) -> Part:
    """Start bot and reference anew for each repeat."""
    canned = await record("cancel_order")
    starts: dict[str, list[float]] = {"bot": [], "bare": []}
    memory: dict[str, list[float]] = {"bot": [], "bare": []}
    cpu: dict[str, list[float]] = {"bot": [], "bare": []}
    grown: dict[str, list[float]] = {"bot": [], "bare": []}
    for _ in range(repeats):
        for name, (arguments, text) in STARTS.items():
            async with World(canned) as world, _started(world, *arguments) as (process, took_s):
                starts[name].append(took_s)
                await asyncio.sleep(SETTLE_S)
                memory[name].append(resident_mb(process))
                before = _cpu_s(process)
                await asyncio.sleep(rest_s)
                cpu[name].append((_cpu_s(process) - before) / rest_s * 100)
                grown[name].append(await _growth(world, process, text, in_flight))
    return Part(
        "resources",
        [
            Line("start to first ack", starts["bot"], starts["bare"], "s"),
            Line("memory at rest", memory["bot"], memory["bare"], "MB"),
            Line("memory of a thousand in flight", grown["bot"], grown["bare"], "MB"),
            Line("CPU at rest", cpu["bot"], cpu["bare"], "%"),
        ],
        NOTES,
    )


@asynccontextmanager
async def _started(world: World, *arguments: str) -> AsyncIterator[tuple[int, float]]:
    """Start a process; give its id and the seconds until it has acked a command."""
    with TemporaryDirectory() as folder:
        given = {**world.environment(), "DATA": folder}
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=ROOT,
            env={**os.environ, **given},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await world.connected(1)
            await command(world, "/makegood help")
            yield process.pid, time.perf_counter() - began
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _growth(world: World, process: int, text: str, count: int) -> float:
    """Return by how many MB a thousand requests in flight grow the process."""
    await world.connected(CONNECTIONS)
    for _ in range(20):
        await command(world, "/makegood help")
    before = resident_mb(process)
    world.store_gate.clear()
    await asyncio.gather(*(command(world, text) for _ in range(count)))
    await asyncio.sleep(SETTLE_S)
    grown = resident_mb(process) - before
    world.store_gate.set()
    return grown * 1000 / count


def _cpu_s(process: int) -> float:
    """Return the CPU time that a process has used, from /proc."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
