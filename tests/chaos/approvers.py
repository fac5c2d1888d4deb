"""The second persons of a campaign: they approve, decline, click twice, at once, late, or never.

Everybody tries to decide their own requests now and then, and Anna those of others, which is
refused. What is to become of a request follows from the seed and its order.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.dice import Dice
from tests.chaos.people import Worker
from tests.chaos.plan import ABOVE
from tests.chaos.trace import Trace
from tests.chaos.truth import read_messages
from tests.support.agent import button_labels, find_button
from tests.support.running import configure

APPROVERS = ("Ben", "Chiara")
# What an approver makes of a request; in the last three cases both may click, or one twice.
PLANS = {"leave": 10, "decline": 15, "approve": 35, "apart": 10, "twice": 15, "together": 15}
LATE = 0.25  # of the requests are not decided by the first who sees them
MISTAKES = 0.4  # of those who may not decide try to
WITHDRAWN = 0.1  # of the requests, whenever the one who asked looks at them
CLICKS = 6  # nobody clicks for ever
ASKS = re.compile(r"<@(\w+)> asks for approval:(?:.*? for order (\d+))?")
HEARD_S = 3.0  # after a click, before the next


def hold_large_requests(data: Path, workers: Mapping[str, Worker]) -> None:
    """Set who approves, and above which amount somebody has to."""
    approvers = [workers[name].agent.user for name in APPROVERS]
    configure(data, "approvers", {"user_ids": approvers})
    configure(data, "approval_above", str(ABOVE))


@dataclass(slots=True)
class Waiting:
    """A request that waits, and what is to become of it."""

    reference: str
    actor: str
    plan: str
    is_late: bool
    clicks: int = 0
    clicked_at: float = 0.0


class Approvers:
    """Look through the threads for what waits, and decide it."""

    def __init__(
        self,
        workers: Mapping[str, Worker],
        dice: Dice,
        trace: Trace,
        names: tuple[str, ...] = APPROVERS,
    ) -> None:
        self._workers = workers
        self._names = names
        self._dice = dice
        self._trace = trace
        self._waiting: dict[str, Waiting] = {}
        self._orders: list[str] = []

    async def look_round(self) -> bool:
        """Have both decide what waits; tell whether they still mean to decide something."""
        return any([await self.look(name) for name in self._names])

    async def look(self, name: str) -> bool:
        """Have one person decide what waits; tell whether they still mean to decide something."""
        is_busy = False
        for message in await read_messages(self._workers[name].agent, []):
            if "Decline …" not in button_labels(message):
                continue
            waiting = self._known(message)
            if name not in self._names or waiting.actor == self._workers[name].agent.user:
                await self._try_in_vain(name, message, waiting)
            else:
                is_busy |= await self._decide(name, message, waiting)
        return is_busy

    def _known(self, message: dict[str, Any]) -> Waiting:
        reference = str(find_button(message["blocks"], "Approve")[1]["value"])
        if reference not in self._waiting:
            found = ASKS.match(message["text"])
            assert found is not None, message["text"]
            actor, order_id = found[1], str(found[2] or "")
            self._orders.append(order_id)
            luck = self._dice.about("decides", order_id, self._orders.count(order_id))
            (plan,) = luck.choices(list(PLANS), list(PLANS.values()))
            self._waiting[reference] = Waiting(reference, actor, plan, luck.random() < LATE)
        return self._waiting[reference]

    async def _decide(self, name: str, message: dict[str, Any], waiting: Waiting) -> bool:
        if waiting.plan == "leave" or waiting.clicks >= CLICKS:
            return False
        if waiting.is_late or time.monotonic() - waiting.clicked_at < HEARD_S:
            waiting.is_late = False
            return True
        waiting.clicks += 1
        waiting.clicked_at = time.monotonic()
        self._trace.write("decides", by=name, plan=waiting.plan, reference=waiting.reference)
        await asyncio.gather(*self._clicks(name, message, waiting.plan))
        return True

    def _clicks(
        self, name: str, message: dict[str, Any], plan: str
    ) -> list[Coroutine[Any, Any, Any]]:
        me = self._workers[name]
        other = self._workers[next(each for each in self._names if each != name)]
        first = me.decline(message) if plan in {"decline", "apart"} else me.approve(message)
        if plan == "twice":
            return [first, me.approve(message)]
        return [first, other.approve(message)] if plan in {"apart", "together"} else [first]

    async def _try_in_vain(self, name: str, message: dict[str, Any], waiting: Waiting) -> None:
        """Click on what one may not decide, or withdraw one's own."""
        luck = self._dice.about("in vain", name, waiting.reference, waiting.clicks)
        worker, drawn = self._workers[name], luck.random()
        if drawn < MISTAKES:
            self._trace.write("tries in vain", by=name, reference=waiting.reference)
            await worker.approve(message)
        elif drawn > 1 - WITHDRAWN and waiting.actor == worker.agent.user:
            self._trace.write("withdraws", by=name, reference=waiting.reference)
            await worker.decline(message)
