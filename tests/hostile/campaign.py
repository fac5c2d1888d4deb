"""A campaign: one clean run of each action to see its calls, then case after case, each audited."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

from storage.log.entries import Entry
from tests.hostile.audit import audit_books, audit_refused, audit_told, audit_words
from tests.hostile.cases import MOST_TIMES, Case, Place
from tests.hostile.changes import Answer
from tests.hostile.evidence import ENDLESS, INTERNAL, Before, Departure, Told
from tests.hostile.people import NoEnd, Refused
from tests.hostile.scenarios import CODE, OFF, SCENARIOS, Scenario
from tests.hostile.shop import fresh_order
from tests.hostile.world import World

# What a bot keeps of the store for minutes: it is asked for by one that has just started.
KEPT = {
    "GET v2/store",
    "GET v2/currencies",
    "GET v3/channels",
    "GET v3/catalog/trees/categories",
}
# A sandbox and a log that have grown large take longer for each case.
CASES_IN_A_WORLD = 120
# A payment on its way is looked at again after two seconds, five, and fifteen.
FOLLOW_S = 25.0
REFUSED, UNREACHED = "not asked", "not reached"


@dataclass(slots=True)
class Result:
    """What became of a case: how the request ended, and where that departs from the books."""

    case: str
    kind: str
    end: str
    departures: list[Departure] = field(default_factory=list)
    said: str = ""


class Campaign:
    """Runs cases in worlds of so many each."""

    def __init__(self) -> None:
        self._world: World | None = None
        self._cases = 0
        self._on_their_way: list[tuple[Result, Scenario, Before]] = []
        self._tell: Callable[[Result], None] = lambda result: None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._leave()

    async def answers(self, names: Iterable[str] = ()) -> dict[Place, Answer]:
        """Do each action once, unchanged, and return every answer that it got."""
        found: dict[Place, Answer] = {}
        for scenario in [SCENARIOS[name] for name in names] or SCENARIOS.values():
            world = await self._fresh()
            result = await self._act(world, scenario, None)
            if result.end not in {"succeeded", "to_do"} or result.departures:
                raise AssertionError(f"{scenario.name} fails by itself: {result}")
            for exchange in world.gate.exchanges:
                place = exchange.place
                if scenario.only in place.call and place.nth <= MOST_TIMES:
                    found[place] = exchange.answer
        return found

    async def run(self, cases: Iterable[Case], tell: Callable[[Result], None]) -> list[Result]:
        """Run the cases; `tell` hears of each result as it comes, and again when it has changed."""
        results = []
        self._tell = tell
        for case in cases:
            is_kept = case.place.call in KEPT
            world = await (self._fresh() if is_kept else self._used())
            result = await self._act(world, SCENARIOS[case.place.action], case)
            results.append(result)
            if result.end != "pending":
                tell(result)
            self._cases += CASES_IN_A_WORLD if result.end == ENDLESS else 1
            if is_kept:
                await world.restart()
        await self._leave()
        return results

    async def _used(self) -> World:
        if self._world is None or self._cases >= CASES_IN_A_WORLD:
            await self._leave()
            self._world, self._cases = await World().__aenter__(), 0
        return self._world

    async def _fresh(self) -> World:
        world = await self._used()
        await world.restart()
        return world

    async def _leave(self) -> None:
        world, self._world = self._world, None
        if world is not None:
            try:
                await self._follow(world)
            finally:
                await world.__aexit__(None, None, None)

    async def _follow(self, world: World) -> None:
        """Hold what became of every payment that was on its way: now all answers are true."""
        until = time.monotonic() + FOLLOW_S
        while self._on_their_way:
            result, scenario, before = self._on_their_way.pop(0)
            with contextlib.suppress(NoEnd):
                await world.people.settled(before.order.id, until - time.monotonic())
            found = Result(result.case, result.kind, result.end)
            await self._audit(world, scenario, before, found)
            found.departures += audit_books(world.books, before)
            if found.end == "pending":
                found.departures.append(Departure(ENDLESS, f"still pending: {found.said}"))
            _add(result, found, "later")
            self._tell(result)

    async def _act(self, world: World, scenario: Scenario, case: Case | None) -> Result:
        books, gate, people = world.books, world.gate, world.people
        world.configure(scenario.settings)
        order = fresh_order(books, scenario.template, scenario.status_id)
        beside = fresh_order(books, scenario.template, scenario.status_id)
        before = Before.of(books, order.id, beside.id)
        errors = await world.internal_errors()
        world.troubles.seen.clear()
        gate.begin(scenario.name, order.id, beside.id, case)
        result = Result(case.id if case else "", case.kind if case else "", UNREACHED)
        try:
            await people.do(scenario, order.id)
            await self._audit(world, scenario, before, result)
        except Refused as refused:
            result.end, result.said = REFUSED, str(refused)[:300]
            if not scenario.is_switched_off:
                result.departures += audit_refused(books, before)
        except NoEnd as endless:
            result.end = ENDLESS
            result.departures.append(Departure(ENDLESS, str(endless)))
        gate.end()
        result.departures += audit_books(books, before)
        result.departures += audit_words(result.said, case, books, before)
        if case is not None and not gate.was_changed:
            result.end = UNREACHED
        if result.end == "unknown":
            await self._look_again(world, scenario, before, result)
        if result.end == "pending":
            self._on_their_way.append((result, scenario, before))
        if (count := await world.internal_errors() - errors) or world.troubles.seen:
            what = "; ".join(world.troubles.seen)
            result.departures.append(Departure(INTERNAL, f"{count}: {what}"))
        return result

    async def _audit(
        self, world: World, scenario: Scenario, before: Before, result: Result
    ) -> None:
        """Hold every request on the order against the books; the action's own is the result's."""
        for entry in world.people.log.of_order(before.order.id):
            if entry.action == CODE and scenario.logged == OFF:
                continue  # made unhindered, so that there is something to switch off
            told = await self._told(world, entry)
            if entry.action == scenario.logged:
                result.end, result.said = told.status, told.message
            was_sent = bool(world.gate.sent_writes)
            result.departures += audit_told(told, world.books, before, was_sent=was_sent)

    async def _look_again(
        self, world: World, scenario: Scenario, before: Before, result: Result
    ) -> None:
        """Press Check again, now that all answers are true, and hold what comes of it, too."""
        found = Result(result.case, result.kind, "")
        try:
            for entry in world.people.log.of_order(before.order.id):
                if entry.status == "unknown":
                    await world.people.check_again(entry)
            await self._audit(world, scenario, before, found)
        except NoEnd as endless:
            found.departures.append(Departure(ENDLESS, f"after Check again: {endless}"))
        _add(result, found, "after Check again")

    async def _told(self, world: World, entry: Entry) -> Told:
        thread = await world.people.thread(entry)
        ours = [m for m in thread if entry.reference in m["text"] and m["ts"] != entry.thread_ts]
        if entry.message_ts == entry.thread_ts:  # a code without an order opens its own thread
            ours = [m for m in thread if m["ts"] == entry.message_ts]
        return Told(entry, ours, world.people.confirmed)


def _add(result: Result, found: Result, when: str) -> None:
    """Add to a result what was found later, unless it was seen before."""
    result.departures += [
        Departure(each.kind, f"{when}: {each.what}")
        for each in found.departures
        if each not in result.departures
    ]
