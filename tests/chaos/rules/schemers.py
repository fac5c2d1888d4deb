"""People who would walk around the rules, through the page and with two windows at once."""

from __future__ import annotations

import asyncio
import contextlib
import time
from random import Random

import aiohttp

from tests.chaos.dice import Dice
from tests.chaos.people import GaveUp, Refused, Worker
from tests.chaos.plan import Job
from tests.chaos.rules.forger import Forger
from tests.chaos.rules.plan import ALONE, APPROVERS, EVERYBODY, RACE, Attempt
from tests.chaos.trace import Trace
from tests.support.agent import Agent
from tests.support.configuring import edit

CONFIGURE_S = 12.0
TEMPTED = 0.15  # of the reviews are confirmed by another instead
ASKS = ("limits", {"limit": "", "day_limit": "", "hour_limit": ""})


class Schemer(Worker):
    """One person who tries the same in several ways until refused."""

    patience_s = 8.0

    def __init__(
        self, agent: Agent, trace: Trace, bot_is_ready: object, forger: Forger, dice: Dice
    ) -> None:
        assert callable(bot_is_ready)
        super().__init__(agent, trace, bot_is_ready)
        self._forger = forger
        self._dice = dice

    async def attempt(self, attempt: Attempt) -> bool:
        """Try it; tell whether anything was confirmed."""
        if attempt.scheme == RACE:
            return await self._race(attempt.steps[0], attempt.steps[1])
        if attempt.scheme == ALONE:
            return await self._loosen_and_refund(attempt)
        done = 0
        for step in attempt.steps:
            if not await self._try(step):
                break
            done += 1
        return done > 0

    async def _try(self, job: Job) -> bool:
        luck = self._dice.about("tempted", job.number)
        if luck.random() < TEMPTED:
            return await self._let_another_confirm(job, luck)
        return await self.do(job)

    async def _let_another_confirm(self, job: Job, luck: Random) -> bool:
        """Fill in the form, and have somebody else confirm it, who cannot."""
        with contextlib.suppress(GaveUp):
            await self._close_all()
            review = await self._to_review(job)
            for name in luck.sample(EVERYBODY, 3):
                if self._forger.users[name] != self.agent.user:
                    await self._forger.confirm(self._forger.users[name], review)
        return False

    async def _race(self, first: Job, second: Job) -> bool:
        """Confirm two reviews at once, each in a window of its own."""
        try:
            await self._close_all()
            one = await self._to_review(first)
            other = await self._to_review(second)
        except GaveUp as why:
            self._trace.write("gave up", job=first.number, why=str(why))
            return isinstance(why, Refused) and False
        self.asked_at.setdefault(first.number, time.time())
        self._trace.write("races", by=first.person, jobs=[first.number, second.number])
        with contextlib.suppress(GaveUp):
            await asyncio.gather(
                self._confirm(second, other), self._forger.confirm(self.agent.user, one)
            )
        return True

    async def _loosen_and_refund(self, attempt: Attempt) -> bool:
        """Lift the rules alone, agree with oneself and through friends, refund, and put it back."""
        await self._configure(*ASKS)
        await self._configure("approvals", {"approval_above": "5000"})
        for name in ("Chiara", *(each for each in EVERYBODY if each not in APPROVERS)):
            for number in range(1, 6):
                user = self._forger.users[name]
                await self._forger.click(user, "confirm_change", str(number))
        confirmed = await self.do(attempt.steps[0])
        await self._configure("approvals", {"approval_above": "50"})
        await self._configure("approvals", {"approval_above": "5000"})
        confirmed |= await self.do(attempt.steps[1])
        await self._configure("approvals", {"approval_above": "75"})
        return confirmed

    async def _configure(self, key: str, values: dict[str, str]) -> None:
        self._trace.write("configures", key=key, **values)
        try:
            async with asyncio.timeout(CONFIGURE_S):
                await self._close_all()
                await edit(self.agent, key)
                await self.agent.fill(values)
        except (AssertionError, TimeoutError, StopIteration, aiohttp.ClientError) as error:
            self._trace.write("gave up", key=key, why=repr(error)[:200])
