"""What strangers on the public port cost those who work: a refund and /health, quiet and flooded.

The bot is a process of its own, as it runs for real, and the strangers are another one.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from tests.bench.child import resident_mb
from tests.bench.table import Line, Part
from tests.chaos.shop import NO_LIMIT, copy_order
from tests.support.agent import Agent
from tests.support.hooking import Hooked, hooked_sandbox
from tests.support.running import QUICK, activate

HOST = "127.0.0.1"
SHIPPED = 2
START_S = 60.0
# A flood lasts until what is measured is over.
LONG_S = 300.0
SILENT, KNOCKING, RAMP_S = 1_100, 200, 3.0


@dataclass
class Measured:
    """Times in milliseconds."""

    refunds: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    unhealthy: int = 0
    opened: int = 0


async def measure_floods(
    repeats: int, *, silent: int = SILENT, knocking: int = KNOCKING, ramp_s: float = RAMP_S
) -> Part:
    """Measure a refund from its confirmation to its outcome, and /health, under each flood."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        log = Path(folder) / "bot.log"
        async with hooked_sandbox("bench_floods", data) as hooked:
            hooked.sandbox.store.books.settings.quota = NO_LIMIT
            health_port = _free_port()
            async with _bot(hooked, data, log, health_port) as process:
                bench = _Bench(hooked, health_port, repeats, ramp_s)
                await bench.measure()  # the first one warms up
                quiet = await bench.measure()
                before_mb = resident_mb(process)
                silence = await bench.measure("silent", silent)
                wrong = await bench.measure("wrong", knocking)
                after_mb = resident_mb(process)
        logged = log.stat().st_size
    lines = []
    for name, found in ((f"{silent:,} silent", silence), ("wrong secrets", wrong)):
        lines += [
            Line(f"refund, {name}", found.refunds, quiet.refunds, "ms", "", "quiet"),
            Line(f"/health, {name}", found.health, quiet.health, "ms", "", "quiet"),
        ]
    unhealthy = quiet.unhealthy + silence.unhealthy + wrong.unhealthy
    lines += [
        Line("/health not answered with 200", [unhealthy], unit="times", goal="0"),
        Line("memory", [after_mb], [before_mb], "MB", "", "before"),
        Line("log of the whole run", [logged / 1024], unit="KB"),
    ]
    notes = [
        f"silent: {silence.opened:,} connections taken; wrong secrets: {wrong.opened:,}, as many as"
        " were let in at all; a refund is measured from its confirmation to its told outcome"
    ]
    return Part("floods", lines, notes)


class _Bench:
    """Refunds one order after the other, and asks for /health meanwhile."""

    def __init__(self, hooked: Hooked, health_port: int, repeats: int, ramp_s: float) -> None:
        self._hooked = hooked
        self._health_port = health_port
        self._repeats = repeats
        self._ramp_s = ramp_s
        self._like = 0

    async def measure(self, kind: str = "", count: int = 0) -> Measured:
        """Measure, while strangers of this kind are at the webhook port."""
        found = Measured()
        flood = await self._flood(kind, count) if kind else None
        try:
            await self._work(found)
        finally:
            if flood is not None:
                flood.terminate()
                found.opened = int(await _last_line(flood))
        return found

    async def _work(self, found: Measured) -> None:
        watching = asyncio.create_task(self._watch(found))
        anna = await self._hooked.agent("Anna")
        if not self._like:
            workspace = self._hooked.workspace
            self._like = await workspace.order_in_status(SHIPPED, payment="captured")
        for _ in range(self._repeats):
            found.refunds.append(await self._refund(anna))
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    async def _flood(self, kind: str, count: int) -> asyncio.subprocess.Process:
        flood = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.flooder",
            self._hooked.settings["WEBHOOK_PORT"],
            kind,
            str(count),
            str(LONG_S),
            stdout=asyncio.subprocess.PIPE,
        )
        await asyncio.sleep(self._ramp_s)  # until it is at its full strength
        return flood

    async def _watch(self, found: Measured) -> None:
        url = f"http://{HOST}:{self._health_port}/health"
        while True:
            began = time.perf_counter()
            try:
                timeout = aiohttp.ClientTimeout(total=5)
                async with aiohttp.request("GET", url, timeout=timeout) as answer:
                    found.unhealthy += answer.status != 200
            except (aiohttp.ClientError, TimeoutError):
                found.unhealthy += 1
            found.health.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.2)

    def _new_order(self) -> int:
        books = self._hooked.sandbox.store.books
        number = max(books.orders) + 1
        books.orders[number] = copy_order(books, books.orders[self._like], number)
        return number

    async def _refund(self, anna: Agent) -> float:
        order_id = self._new_order()
        await anna.command(f"/refund-order {order_id}")
        await anna.wait_for_modal("Full refund …")
        await anna.press("Full refund")
        await anna.wait_for_modal("Reason")
        await anna.fill({"reason": "Damaged"})
        await anna.wait_for_modal("Change something")
        began = time.perf_counter()
        await anna.fill()
        entry = await self._hooked.told(order_id)
        assert entry.status == "succeeded", entry.status
        return (time.perf_counter() - began) * 1000


@asynccontextmanager
async def _bot(hooked: Hooked, data: Path, log: Path, health_port: int) -> AsyncIterator[int]:
    """Run the bot as for real; give its process number."""
    environment = {
        **hooked.sandbox.environment(),
        **QUICK,
        **hooked.settings,
        "DATA": str(data),
        "HEALTH_PORT": str(health_port),
    }
    activate(data)
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env={**os.environ, **environment}, stderr=out
        )
    try:
        await _until_healthy(health_port)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def _until_healthy(port: int) -> None:
    async with asyncio.timeout(START_S):
        while True:
            try:
                async with aiohttp.request("GET", f"http://{HOST}:{port}/health") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


async def _last_line(flood: asyncio.subprocess.Process) -> str:
    out, _ = await flood.communicate()
    return out.decode().strip() or "0"


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])
