"""A measured process from outside, and what an agent sends to it."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.slack.connection import CONNECTIONS
from tests.bench.canned import Canned
from tests.bench.world import CHANNEL, TEAM, USER, World

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
IN_FLIGHT = 50

Job = Callable[[], Awaitable[float | None]]


class Child:
    """The process, by its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, do: str, **more: Any) -> Any:
        """Ask for something and return the answer."""
        if self._process.stdin is None:
            raise RuntimeError("the process has no input")
        self._process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        return await self.answer()

    async def answer(self) -> Any:
        """Return its next line."""
        if self._process.stdout is None:
            raise RuntimeError("the process has no output")
        async with asyncio.timeout(PATIENCE_S):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the measured process has ended; its log was shown")
        return json.loads(line)

    async def cpu_s(self) -> float:
        """Return the CPU time it has used."""
        return float((await self.ask("usage"))["cpu_s"])

    async def rss_mb(self) -> float:
        """Return its resident memory."""
        return float((await self.ask("usage"))["rss_mb"])


@asynccontextmanager
async def measured(kind: str, world: World, **settings: str) -> AsyncIterator[Child]:
    """Run a child connected to the stand-in; `settings` are its own."""
    with TemporaryDirectory() as folder:
        environment = {**world.environment(), "DATA": folder, **settings}
        with (Path(folder) / "log.txt").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.bench.child", kind, json.dumps(environment)),
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=2**24,
            )
            try:
                child = Child(process)
                await child.answer()
                if kind != "replay":
                    await world.connected(CONNECTIONS)
                yield child
            except BaseException:  # a time-out's cause is in the child's log
                sys.stderr.write((Path(folder) / "log.txt").read_text()[-4000:])
                raise
            finally:
                if process.returncode is None:
                    process.kill()
                await process.communicate()


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of requests took: the whole, each one, and the process's CPU."""

    count: int
    wall_s: float
    cpu_s: float
    latencies_s: list[float]

    @property
    def cpu_us(self) -> float:
        """The CPU time per request."""
        return self.cpu_s / self.count * 1e6

    def quantile_ms(self, part: float) -> float:
        """Return the latency that this part of the requests stays within."""
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1e3


async def load(child: Child, jobs: Sequence[Job], *, in_flight: int = IN_FLIGHT) -> Load:
    """Do the jobs, so many at a time, and measure; a job may return a latency of its own."""
    places = asyncio.Semaphore(in_flight)
    latencies: list[float] = []

    async def one(job: Job) -> None:
        async with places:
            began = time.perf_counter()
            told_s = await job()
            latencies.append(time.perf_counter() - began if told_s is None else told_s)

    cpu_s, started = await child.cpu_s(), time.perf_counter()
    await asyncio.gather(*(one(job) for job in jobs))
    wall_s = time.perf_counter() - started
    return Load(len(jobs), wall_s, await child.cpu_s() - cpu_s, latencies)


async def command(world: World, text: str, hook: str = "none", *, user: str = USER) -> None:
    """Type a slash command; returns when it is acked."""
    name, _, rest = text.partition(" ")
    await world.deliver(
        "slash_commands",
        {
            "token": "t",
            "team_id": TEAM,
            "team_domain": "bench",
            "channel_id": CHANNEL,
            "channel_name": "support",
            "user_id": user,
            "user_name": "anna",
            "command": name,
            "text": rest,
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": f"{world.url}/hooks/{hook}",
            "trigger_id": "1.2.3",
        },
    )


async def confirm(
    world: World, view: dict[str, Any], view_id: str = "V0", *, user: str = USER
) -> None:
    """Confirm a review; returns when it is acked."""
    answer = await world.deliver(
        "interactive",
        {
            "type": "view_submission",
            "token": "t",
            "api_app_id": "A0BENCH",
            "team": {"id": TEAM, "domain": "bench"},
            "user": {"id": user, "name": "anna", "team_id": TEAM},
            "is_enterprise_install": False,
            "trigger_id": "1.2.3",
            "view": {"id": view_id, "hash": "1.a", **view},
            "response_urls": [],
        },
    )
    if '"level": "error"' in json.dumps(answer):
        raise RuntimeError(f"the confirmation was refused: {answer}")


async def make_reviews(
    child: Child, canned: Canned, count: int, *, first: int, user: str = USER
) -> list[tuple[str, dict[str, Any]]]:
    """Leave reviews open for as many orders, from number `first` up; (reference, view)."""
    made = await child.ask(
        "drafts",
        action=canned.action,
        count=count,
        first=first,
        user=user,
        request=canned.request,
        review=canned.review,
    )
    return [(str(reference), dict(view)) for reference, view in made]
