"""The campaign with rules on: others at work than usual, and another count."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from tests.chaos.aftermath import open_entries
from tests.chaos.approvers import Approvers
from tests.chaos.audit import audit_writes
from tests.chaos.calamities import Calamities
from tests.chaos.campaign import Campaign
from tests.chaos.options import Options
from tests.chaos.people import Worker
from tests.chaos.plan import CODE, Job
from tests.chaos.report import table
from tests.chaos.result import Result, facts_of
from tests.chaos.rules.audit import Evidence, audit_rules, missing
from tests.chaos.rules.changes import OFF_S, Changes
from tests.chaos.rules.forger import Forger
from tests.chaos.rules.gifts import read_gifts
from tests.chaos.rules.plan import (
    APPROVERS,
    EVERYBODY,
    GUEST,
    HONEST,
    NEW,
    STRANGER,
    Attempt,
    RulesPlan,
    write_customers,
)
from tests.chaos.rules.schemers import Schemer
from tests.chaos.trace import Trace
from tests.chaos.truth import read_messages, read_truth
from tests.support.agent import Workspace

# A copy that runs on older rules is the operator's doing, and is not told from the bot's.
RESTORES = ("restored", "restored, the log alone", "deleted")
PATIENCE_S = 40.0
LONG = 100  # attempts, from which on there is time to switch things off
REFUSED_S = 1.0  # before somebody who got nowhere tries something else


class RulesCampaign(Campaign):
    """People who would walk around the rules, under faults."""

    has_outside = False  # what leaves is theirs alone

    def __init__(self, options: Options, folder: Path, trace: Trace) -> None:
        super().__init__(options, folder, trace)
        data = folder / "bot"
        self.calamities = Calamities(
            options.most_calamities, self.bot, data, self.dice, trace, RESTORES
        )
        self.changes = Changes(data, self.calamities, trace)
        self.calamities.restored = self.changes.set_all
        self.forger = Forger(self.envelopes, self.dice, trace)
        self.forger.look = self._look_for_references
        self.approvers = Approvers(self.workers, self.dice, trace, APPROVERS)

    def _write_books(self) -> None:
        folder = self.folder / "sandbox"
        self.books, self._groups = write_customers(folder, self.options.actions)

    async def _people_arrive(self, workspace: Workspace) -> None:
        for limit in ({"per_second": None}, {"tiers": False}):  # days of work in minutes
            await workspace.slack_fault(kind="rate", **limit)
        for name in EVERYBODY:
            if name in NEW:
                await self._hire(workspace, name)
            agent = await self._agent(workspace, name, "general" if name == STRANGER else "support")
            self.forger.users[name] = agent.user
            self.workers[name] = Schemer(
                agent, self.trace, self.bot.is_ready, self.forger, self.dice
            )

    async def _hire(self, workspace: Workspace, name: str) -> None:
        """Put somebody new into the channels."""
        user, of_anna = f"U0{name.upper()}NEW", await workspace.person("Anna")
        await workspace.post(
            "person", user=user, real_name=f"{name} New", is_restricted=name == GUEST
        )
        for channel in ("support", "order-log"):
            place = await workspace.channel(channel, of_anna)
            await workspace.post("membership", channel=place, user=user, member=True)

    def _set_rules(self) -> None:
        self.changes.begin(self.forger.users, self.sandbox.environment["SLACK_CHANNEL"])

    def _jobs(self) -> Sequence[Job]:
        plan = RulesPlan(self.dice, self.books, self._groups)
        return [plan.attempt(number) for number in range(self.options.actions)]

    async def _do(self, worker: Worker, job: Job) -> bool:
        assert isinstance(worker, Schemer)
        assert isinstance(job, Attempt)
        was_confirmed = await worker.attempt(job)
        if not was_confirmed:
            is_on = self.changes.timeline.now.activated
            await asyncio.sleep(REFUSED_S if is_on else OFF_S / 3)
        return was_confirmed

    def _meanwhile(self) -> list[Coroutine[Any, Any, None]]:
        workspace, is_long = self.agents[0].workspace, self.options.actions >= LONG
        return [
            *super()._meanwhile(),
            self.forger.go_on(),
            self.changes.happen(self._progress, workspace, with_switches=is_long),
        ]

    async def _look_for_references(self) -> set[str]:
        """Return the requests that the channel tells of, as whoever reads along knows them."""
        messages = await read_messages(self.agents[0], [])
        return set(re.findall(r"MG-[0-9A-Z]{4}-[0-9A-Z]{4}", str(messages)))

    async def clear_up(self) -> None:
        """End all faults, wait until nothing is under way; nobody helps; then refund honestly."""
        await self._clear_faults()
        await self._wait_for_all()
        await self.changes.allow_plenty()
        await self.workers[HONEST.person].do(HONEST)
        await self._wait_for_all()

    async def _wait_for_all(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if not open_entries(self.folder / "bot"):
                return
            await asyncio.sleep(0.3)
        self.trace.write("patience is over")

    async def count(self) -> Result:
        """Count from the books and from what went over the wire."""
        books = await self.agents[0].workspace.books()
        evidence = self._evidence(books)
        truth = await read_truth(
            self.agents[0],
            self.agents,
            self.folder / "bot",
            self.envelopes,
            self.gate.writes,
            self.calamities,
        )
        lines = [*audit_rules(evidence), *audit_writes(truth), missing(evidence, HONEST)]
        left = [gift for gift in evidence.gifts if gift.job is not None]
        facts = [
            ("Attempts", self.done),
            ("Seconds", self._seconds()),
            ("Envelopes forged", self.trace.counts.get("forged", 0)),
            ("Changes of the rules", len(evidence.timeline.steps) - 1),
            ("Refunds, codes and cancellations in the books", len(left)),
            *facts_of(truth, self.trace.counts),
        ]
        title = f"Makegood's rules under faults: seed {self.options.seed}"
        return Result(table(title, facts, lines), lines, self.trace.file, left)

    def _evidence(self, books: dict[str, Any]) -> Evidence:
        jobs = {number: job for each in self.workers.values() for number, job in each.jobs.items()}
        asked_on = {n: job.order_id for n, job in jobs.items() if job.action == CODE}
        return Evidence(
            gifts=read_gifts(books, asked_on),
            timeline=self.changes.timeline,
            users=self.forger.users,
            asked_at={n: at for each in self.workers.values() for n, at in each.asked_at.items()},
            actions={number: job.action for number, job in jobs.items()},
            decisions=self.envelopes.decisions,
            presses=self.envelopes.presses,
        )
