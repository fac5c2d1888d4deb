"""Line 1: what an ack costs through the whole bot, against a Bolt app that only acks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial

from tests.bench.canned import Canned, record
from tests.bench.measured import Child, Job, Load, command, confirm, load, make_reviews, measured
from tests.bench.table import Line, Part
from tests.bench.world import World

ACTION = "cancel_order"
NOTES = [
    "the work that follows an ack is put aside (it is what the next part measures), the queue is"
    " not polled, both apps hold two sockets; CPU is that of the app's process alone",
    "a submission's own part is two durable writes: the log and the queue's",
]


async def measure_acks(repeats: int, *, commands: int = 2000, submissions: int = 300) -> Part:
    """Measure commands and confirmed reviews, 50 in flight, bot and references in turn."""
    canned = await record(ACTION)
    runs: dict[str, list[Load]] = {}
    async with AsyncExitStack() as stack:
        subjects = []
        for kind in ("held", "bare", "commit"):
            world = await stack.enter_async_context(World(canned))
            subjects.append((kind, world, await stack.enter_async_context(measured(kind, world))))
        for repeat in range(repeats + 1):  # the first one warms up
            for kind, world, child in subjects:
                jobs: list[Job] = [partial(command, world, "/order 1042")] * commands
                runs.setdefault(f"{kind} command", []).append(await load(child, jobs))
                first = 1_000_000 * (repeat + 1)
                bot = subjects[0][2]
                jobs = await _confirmations(world, bot, canned, submissions, first)
                runs.setdefault(f"{kind} submission", []).append(await load(child, jobs))
    kept = {name: loads[1:] for name, loads in runs.items()}
    commands_goal = "<= 1.3"
    lines = [
        *_lines("command", kept["held command"], kept["bare command"], "", commands_goal),
        *_lines("submission", kept["held submission"], kept["bare submission"], "only acks", ""),
        *_lines("submission", kept["held submission"], kept["commit submission"], "one commit", "")[
            :1
        ],
    ]
    return Part("ack", lines, NOTES)


async def _confirmations(
    world: World, bot: Child, canned: Canned, count: int, first: int
) -> list[Job]:
    made = await make_reviews(bot, canned, count, first=first)
    return [partial(confirm, world, view) for _, view in made]


def _lines(what: str, bot: list[Load], bare: list[Load], against: str, goal: str) -> list[Line]:
    def line(name: str, unit: str, of: Callable[[Load], float], goal: str = "") -> Line:
        return Line(
            f"{what}, {name}",
            [of(run) for run in bot],
            [of(run) for run in bare],
            unit,
            goal,
            against,
        )

    return [
        line("CPU", "us", lambda run: run.cpu_us, goal),
        line("per core", "/s", lambda run: 1e6 / run.cpu_us),
        line("p50 at 50", "ms", lambda run: run.quantile_ms(0.5)),
        line("p99 at 50", "ms", lambda run: run.quantile_ms(0.99)),
    ]
