"""A campaign: case after case, many side by side, each audited when nothing moves any more.

What lasts is audited twice: while it lasts, and when it is over. A case whose trouble was never met
is a departure like any other, of the campaign itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from freezegun import freeze_time

from tests.telling.audit import AT_HOME, audit, floor, references_of, told
from tests.telling.cases import PEACE, STATE, Case
from tests.telling.expected import INTERNAL, STUCK, TWICE, UNREACHED, UNSAID, Finding
from tests.telling.kinds import KINDS
from tests.telling.stage import Act, Stage
from tests.telling.states import ALL
from tests.telling.world import World

# What waits costs nothing; what is made ready needs a processor.
SIDE_BY_SIDE, READY_AT_ONCE = 20, 3
CASES_IN_A_WORLD = 150
# Each has somebody to itself while all are made ready.
MOST_TOGETHER = 20
# How long something may take to be told elsewhere, and to stand where it belongs in the end.
ELSEWHERE_S, END_S = 20.0, 60.0
# How long the call that a case is about may be in coming.
MET_S = 10.0
# What is told twice is told a moment later.
QUIET_S = 0.5
# What is called and is no matter of any kind is not tried at all.
USED = {use.method for kind in KINDS.values() for use in kind.uses}
# What the bot reports as its own mistake because Slack says that it is.
REPORTED = (
    *("modal refused by Slack", "home refused by Slack", "answer refused by Slack"),
    # Slack's own library, of a connection that it asks for again.
    *("Failed to retrieve WSS URL", "Failed to run message listeners"),
)


@dataclass(slots=True)
class Result:
    """What became of a case. `hits` are the calls that were answered otherwise.

    `seconds` is how long it took.
    """

    case: str
    hits: int
    findings: list[Finding] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Campaign:
    """Runs cases in worlds of so many each; `tell` hears of each result."""

    def __init__(self, tell: Callable[[Result], None]) -> None:
        self._tell = tell

    async def run(self, cases: Sequence[Case]) -> list[Result]:
        """Run the cases."""
        results: list[Result] = []
        for some in worlds_of(cases):
            async with World() as world:
                done = [result for group in some for result in await self._group(world, group)]
                self._look_back(world, done)
            results += done
        return results

    async def _group(self, world: World, cases: Sequence[Case]) -> list[Result]:
        """Have cases go on side by side; where one clock goes on, all begin with it."""
        before = await world.internal_errors()
        world.troubles.seen.clear()
        hours, is_shared = KINDS[cases[0].kind].hours, cases[0].is_shared
        slots, desks = asyncio.Semaphore(SIDE_BY_SIDE), asyncio.Semaphore(READY_AT_ONCE)
        turns: dict[str, asyncio.Lock] = {}
        runs = [
            Run(world, case, slots, desks, turns.setdefault(case.kind, asyncio.Lock()))
            for case in cases
        ]
        with ExitStack() as clock:
            if hours or is_shared:
                await asyncio.gather(*(run.prepare() for run in runs))
            if hours:
                at = datetime.now(UTC) + timedelta(hours=hours)
                clock.enter_context(freeze_time(at, tick=True, real_asyncio=True))
            results = await asyncio.gather(*(self._whole(run) for run in runs))
        errors = await world.internal_errors() - before
        seen = [each for each in world.troubles.seen if not each.startswith(REPORTED)]
        if errors > len(world.troubles.seen) - len(seen) or seen:
            what = f"{errors}, in one of {len(cases)} cases: {seen[:3]}"
            results[0].findings.append(Finding(INTERNAL, what))
        return results

    async def _whole(self, run: Run) -> Result:
        result = await run.whole()
        self._tell(result)
        return result

    def _look_back(self, world: World, results: Sequence[Result]) -> None:
        """Find what was told once more after its case was over."""
        standing = references_of(world)
        for result in results:
            for reference in result.references:
                if len(standing[reference]) > 1 and not result.findings:
                    result.findings.append(
                        Finding(TWICE, f"later: {reference}: {standing[reference]}")
                    )
                    self._tell(result)


class Run:
    """One case from its beginning to its audit."""

    def __init__(
        self,
        world: World,
        case: Case,
        slots: asyncio.Semaphore,
        desks: asyncio.Semaphore,
        turn: asyncio.Lock,
    ) -> None:
        self._world, self._case, self._turn = world, case, turn
        self._slots, self._desks = slots, desks
        self._kind = KINDS[case.kind]
        self._stage: Stage | None = None
        self._stuck: Finding | None = None
        self._found: list[Finding] = []

    async def whole(self) -> Result:
        """Do all of it and return what became of it."""
        async with self._slots:
            if self._kind.in_turn:
                async with self._turn:
                    return await self._do()
            return await self._do()

    async def prepare(self) -> None:
        """Do what comes before the trouble; and begin it, where the clock is what goes on then."""
        await self._prepare()
        if self._kind.hours and self._stuck is None:
            await self._begin_trouble()

    async def _prepare(self) -> None:
        self._stage = Stage(self._world, self._case, self._kind.template, self._kind.floor)
        try:
            async with self._desks:
                await self._kind.prepare(self._stage)
        except Exception as why:  # as below
            what = f"before anything went wrong: {type(why).__name__}: {str(why)[:400]}"
            self._stuck = Finding(STUCK, what)

    async def _do(self) -> Result:
        began = time.monotonic()
        if self._stage is None:
            await self._prepare()
        assert self._stage is not None
        stage = self._stage
        if self._stuck is None:
            await self._attempt(stage, self._act)
        found = [*self._found, *audit(stage, self._kind.expected), *self._reached(stage)]
        found += [] if self._stuck is None else [self._stuck]
        await self._attempt(stage, self._kind.clear)
        stage.leave()
        seconds = round(time.monotonic() - began, 1)
        return Result(self._case.name, stage.strike.hits, found, stage.references(), seconds)

    async def _attempt(self, stage: Stage, do: Act) -> None:
        """Have people do something; what keeps them from it is noted."""
        try:
            await do(stage)
        except Exception as why:  # broad on purpose: one case that breaks must not end the others
            self._stuck = Finding(STUCK, f"{type(why).__name__}: {str(why)[:400]}")

    async def _act(self, stage: Stage) -> None:
        kind = self._kind
        if not kind.hours:
            await self._begin_trouble()
        await self._attempt(stage, kind.act)
        if stage.case.method not in {PEACE, STATE}:
            await stage.pause_until(lambda: stage.strike.hits, MET_S)
        if stage.case.lasts:
            await self._see_how_it_ends(stage)
            await stage.end_trouble()
            await self._attempt(stage, kind.finish)
        await self._settle(stage, END_S)

    async def _begin_trouble(self) -> None:
        assert self._stage is not None
        self._stage.former = told(self._stage)
        await self._stage.begin_trouble()

    async def _settle(self, stage: Stage, patience_s: float) -> list[Finding]:
        """Return what the audit finds when nothing moves any more, or after so long."""
        until = time.monotonic() + patience_s
        while True:
            await stage.pause_until(
                lambda: not audit(stage, self._kind.expected), until - time.monotonic()
            )
            await asyncio.sleep(QUIET_S)
            found = audit(stage, self._kind.expected)
            if not found or time.monotonic() > until:
                return found

    async def _see_how_it_ends(self, stage: Stage) -> None:
        """Audit what stands while the trouble lasts."""
        if floor(stage) == AT_HOME:
            await self._world.workspace.post("home", user=stage.agent.user)
        found = await self._settle(stage, ELSEWHERE_S)
        self._found = [Finding(each.kind, f"while it lasts: {each.what}") for each in found]

    def _reached(self, stage: Stage) -> list[Finding]:
        """Find that the case was none: the campaign departs, not the bot."""
        case = stage.case
        if case.method == PEACE:
            unsaid = self._world.called - USED
            return [Finding(UNSAID, ", ".join(sorted(unsaid)))] if unsaid else []
        is_met = case.method == STATE or stage.strike.hits > 0
        return [] if is_met else [Finding(UNREACHED, case.method)]


def worlds_of(cases: Iterable[Case]) -> Iterator[list[list[Case]]]:
    """Return groups of cases that can go on side by side, so many for a world.

    What answers a call that is everybody's has to be the same for all; where the clock goes on, or
    the workspace is changed, it is for all, and in the end the world is of no more use.
    """
    pool: list[Case] = []
    groups: dict[str, list[Case]] = {}
    for case in cases:
        if (companions := _companions(case)) == "":
            pool.append(case)
        else:
            groups.setdefault(companions, []).append(case)
    for name, group in [*groups.items()]:
        if name.startswith(("hours", "alone", "apart")):
            yield from (
                [group[at : at + SIDE_BY_SIDE]] for at in range(0, len(group), SIDE_BY_SIDE)
            )
            del groups[name]
    shared = [
        group[at : at + MOST_TOGETHER]
        for group in groups.values()
        for at in range(0, len(group), MOST_TOGETHER)
    ]
    count = max(1, -(-(len(pool) + sum(map(len, shared))) // CASES_IN_A_WORLD))
    for at in range(count):
        mine = [group for group in (pool[at::count], *shared[at::count]) if group]
        if mine:
            yield mine


def _companions(case: Case) -> str:
    """Return with which others the case has to go on, "" with any."""
    same = " ".join(case.same) if case.is_shared else ""
    if hours := KINDS[case.kind].hours:
        return f"hours {hours} {same}"
    if KINDS[case.kind].is_apart:
        return f"apart {case.kind}"
    if case.method == STATE and ALL[case.code].is_alone:
        return f"alone {case.name}"
    return same
