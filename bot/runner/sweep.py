"""The sweep: pending payments, requests without a run or an approval.

It is the watchdog, too: what the log says is under way must be in the engine's queue.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bot.internal_errors import note_internal_error
from bot.runner.approving import Approving
from bot.runner.line import Line
from bot.runner.timeline import Timeline
from bot.runner.waiting import WaitingRequests
from storage import ActionLog

logger = logging.getLogger(__name__)

# A look takes milliseconds; what is this late does not come any more.
LATE_S = 30.0


class Sweep:
    """Looks through the log every `every_s` seconds, from `start` to `close`."""

    def __init__(
        self,
        log: ActionLog,
        line: Line,
        approving: Approving,
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
        self._timeline = timeline
        self._every_s = every_s
        self._halted = halted
        self._compare_every_s = compare_every_s
        self._compared_at = 0.0
        self._task: asyncio.Task[None] | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._lapsing: asyncio.Task[None] | None = None
        self._looked_at = 0.0

    def start(self) -> None:
        """Begin; the first look is now."""
        self._looked_at = self._compared_at = time.monotonic()
        self._task = asyncio.create_task(self._look_for_ever())
        self._catching_up = asyncio.create_task(self._catch_up_for_ever())
        self._lapsing = asyncio.create_task(self._lapse_for_ever())

    @property
    def is_alive(self) -> bool:
        """Whether it runs and has lately looked through the log without trouble."""
        late_s = time.monotonic() - self._looked_at - self._every_s
        return self._task is not None and not self._task.done() and late_s < LATE_S

    async def close(self) -> None:
        """Stop looking."""
        started = (self._task, self._catching_up, self._lapsing)
        tasks = [task for task in started if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._task = self._catching_up = self._lapsing = None

    async def _catch_up_for_ever(self) -> None:
        # On its own: a thread that does not answer must not hold up the payments.
        while not self._halted():
            await asyncio.sleep(self._every_s)
            try:
                await self._timeline.catch_up()
            except Exception:  # broad on purpose: a picture is never worth the sweep
                note_internal_error("catching up broke")

    async def _lapse_for_ever(self) -> None:
        # On its own, too: the store is read before anything lapses or closes.
        while not self._halted():
            try:
                for reference in await self._approving.lapse(datetime.now(UTC)):
                    logger.info("request lapsed", extra={"reference": reference})
                await self._waiting.close_overtaken()
            except Exception:  # broad on purpose: one bad look must not be the last one
                note_internal_error("lapsing broke")
            await asyncio.sleep(self._every_s)

    async def _look_for_ever(self) -> None:
        while not self._halted():
            try:
                await self._look(datetime.now(UTC))
                self._looked_at = time.monotonic()
            except Exception:  # broad on purpose: one bad sweep must not be the last one
                note_internal_error("sweep broke")
            await asyncio.sleep(self._every_s)
        logger.critical("Makegood takes nothing any more", extra={"reason": self._halted()})

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
