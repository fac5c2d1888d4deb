"""The sweep: pending payments, requests without a run or an approval.

It is the watchdog, too: what the log says is under way must be in the engine's queue.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bot.process.loop import Loop
from bot.runner.approvals import Approvals
from bot.runner.posting import Timeline
from bot.runner.request_queue import RequestQueue
from bot.runner.waiting_requests import WaitingRequests
from storage.log.action_log import ActionLog

logger = logging.getLogger(__name__)

# A look takes milliseconds; what is this late does not come any more.
LATE_S = 30.0


class Sweep:
    """Looks through the log every `every_s` seconds, from `start` to `close`."""

    def __init__(
        self,
        log: ActionLog,
        line: RequestQueue,
        approving: Approvals,
        waiting: WaitingRequests,
        timeline: Timeline,
        *,
        every_s: float,
        compare_every_s: float,
        halted: Callable[[], str] = lambda: "",
    ) -> None:
        """Keep the parts."""
        self._log = log
        self._line = line
        self._approving = approving
        self._waiting = waiting
        self._every_s = every_s
        self._compare_every_s = compare_every_s
        self._compared_at = 0.0
        self._looking = Loop(self._sweep, every_s=every_s, broken="sweep broke", halted=halted)
        # On its own: a thread that does not answer must not hold up the payments.
        self._catching_up = Loop(
            timeline.catch_up, every_s=every_s, broken="catching up broke", halted=halted
        )
        # On its own, too: the store is read before anything lapses or closes.
        self._lapsing = Loop(self._lapse, every_s=every_s, broken="lapsing broke", halted=halted)
        self._looked_at = 0.0

    def start(self) -> None:
        """Begin; the first look is now."""
        self._looked_at = self._compared_at = time.monotonic()
        self._looking.start()
        self._catching_up.start(at_once=False)
        self._lapsing.start()

    @property
    def is_alive(self) -> bool:
        """Whether it runs and has lately looked through the log without trouble."""
        late_s = time.monotonic() - self._looked_at - self._every_s
        return self._looking.is_running and late_s < LATE_S

    async def close(self) -> None:
        """Stop looking."""
        await asyncio.gather(
            *(loop.close() for loop in (self._looking, self._catching_up, self._lapsing))
        )

    async def _lapse(self) -> None:
        for reference in await self._approving.lapse(datetime.now(UTC)):
            logger.info("request lapsed", extra={"reference": reference})
        await self._waiting.close_overtaken()

    async def _sweep(self) -> None:
        await self._look(datetime.now(UTC))
        self._looked_at = time.monotonic()

    async def _compare(self) -> None:
        if time.monotonic() - self._compared_at < self._compare_every_s:
            return
        self._compared_at = time.monotonic()
        await self._line.compare()

    async def _look(self, now: datetime) -> None:
        for entry in self._log.due(now):
            await self._line.put_round(entry)
        for entry in self._log.unfinished():
            if not self._line.holds(entry.reference):
                await self._line.take_up(entry)
        await self._compare()
