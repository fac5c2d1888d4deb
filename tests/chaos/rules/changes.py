"""What changes while people work: amounts, switches, who is in the channel, who approves.

All of it is done by the operator or in Slack, and noted in the timeline that the audit goes by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.config.configuration import DiscountRules
from tests.chaos.calamities import Calamities
from tests.chaos.plan import ITEMS
from tests.chaos.rules.plan import APPROVERS, EVERYBODY, GUEST, STRANGER
from tests.chaos.rules.timeline import GRACE_S, Rules, Timeline
from tests.chaos.trace import Trace
from tests.support.agent import Workspace
from tests.support.running import configure

LOOK_S = 0.1
# For so long a switch is off: longer than the time within which either state may have been so.
OFF_S = GRACE_S + 6.0


class Changes:
    """Sets the rules, and changes them as the campaign goes on."""

    def __init__(self, data: Path, calamities: Calamities, trace: Trace) -> None:
        self._data = data
        self._calamities = calamities
        self._trace = trace
        self.timeline = Timeline()

    def begin(self, users: Mapping[str, str], channel: str) -> None:
        """Set the rules that go at first; `channel` is the one whose members may act."""
        self._users = users
        self._channel = channel
        self.timeline.steps.append(
            (
                0.0,
                Rules(
                    members=frozenset(users[name] for name in EVERYBODY if name != STRANGER),
                    approvers=frozenset(users[name] for name in APPROVERS),
                    unfit=frozenset({users[GUEST]}),
                    approval_above=Decimal(75),
                    limit=Decimal(200),
                    day_limit=Decimal(400),
                    hour_limit=Decimal(1500),
                    most_worth=Decimal(120),
                ),
            )
        )
        self.set_all()

    def set_all(self) -> None:
        """Set everything as it goes now, as the operator does after a restore."""
        self._keep(self.timeline.now)

    def _keep(self, rules: Rules) -> None:
        for name in ("approval_above", "limit", "day_limit", "hour_limit"):
            amount = getattr(rules, name)
            configure(self._data, name, None if amount is None else str(amount))
        discount = DiscountRules(most_worth=rules.most_worth)
        configure(self._data, "discount", discount.model_dump(mode="json"))
        configure(self._data, "approvers", {"user_ids": sorted(rules.approvers)})
        configure(self._data, "activated", rules.activated)
        configure(self._data, f"rules.{ITEMS}", {"enabled": ITEMS not in rules.off})

    async def happen(
        self, progress: Callable[[], float], workspace: Workspace, *, with_switches: bool
    ) -> None:
        """Let the changes happen, each when so much of the campaign is done.

        `with_switches`: things are switched off for a while, too, which takes its time.
        """
        steps: list[tuple[float, Callable[[], Awaitable[None]]]] = [
            (0.15, lambda: self._tighten(approval_above=Decimal(45))),
            (0.25, lambda: self._leave(workspace, "Hal", lost=True)),
            (0.30, lambda: self._loosen(approval_above=Decimal(75), limit=None)),
            (0.45, lambda: self._tighten(day_limit=Decimal(200), limit=Decimal(100))),
            (0.52, lambda: self._leave(workspace, "Ina", lost=False)),
            # What a restore has made the log forget counts for everybody from then on.
            (0.64, lambda: self._loosen(day_limit=Decimal(2000), limit=None)),
            (0.70, lambda: self._deactivate(workspace, "Eli")),
            (0.76, lambda: self._tighten(hour_limit=Decimal(100))),
            (0.86, lambda: self._loosen(hour_limit=Decimal(1500), most_worth=None)),
        ]
        switches = [
            (0.38, lambda: self._off_for_a_while(activated=False)),
            (0.58, lambda: self._off_for_a_while(off=frozenset({ITEMS}))),
        ]
        for wanted, step in sorted([*steps, *(switches if with_switches else [])], key=_when):
            while progress() < wanted:  # noqa: ASYNC110 - people work meanwhile
                await asyncio.sleep(LOOK_S)
            await step()

    async def allow_plenty(self) -> None:
        """Set the rules so that a small refund is within them, whatever was given before."""
        plenty = Decimal(100_000)
        await self._loosen(
            approval_above=Decimal(75),
            limit=plenty,
            day_limit=plenty,
            hour_limit=plenty,
            activated=True,
            off=frozenset(),
        )

    async def _tighten(self, **values: Any) -> None:
        await self._set(values, loosens=False)

    async def _loosen(self, **values: Any) -> None:
        await self._set(values, loosens=True)

    async def _off_for_a_while(self, **values: Any) -> None:
        before = {name: getattr(self.timeline.now, name) for name in values}
        await self._set(values, loosens=False)
        await asyncio.sleep(OFF_S)
        await self._set(before, loosens=True)

    async def _set(self, values: Mapping[str, Any], *, loosens: bool) -> None:
        """Set it; what loosens is noted before, what tightens after."""
        self._trace.write("rules change", loosens=loosens, **values)
        async with self._calamities.striking:
            if loosens:
                self.timeline.change(**values)
            self._keep(replace(self.timeline.now, **values))
            if not loosens:
                self.timeline.change(**values)

    async def _leave(self, workspace: Workspace, name: str, *, lost: bool) -> None:
        """Take somebody out of the audit channel; `lost`: no event says so."""
        user = self._users[name]
        place = {"channel": self._channel, "user": user}
        await workspace.post("membership", **place, member=False, lost=lost)
        self.timeline.change(members=self.timeline.now.members - {user})
        self._trace.write("left", name=name, lost=lost)

    async def _deactivate(self, workspace: Workspace, name: str) -> None:
        user = self._users[name]
        await workspace.post("person", user=user, deleted=True)
        self.timeline.change(unfit=self.timeline.now.unfit | {user})
        self._trace.write("deactivated", name=name)


def _when(step: tuple[float, Any]) -> float:
    return step[0]
