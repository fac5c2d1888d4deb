"""Work that is done again and again while the process runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.process.internal_errors import note_internal_error

logger = logging.getLogger(__name__)


class Loop:
    """Does a piece of work every `every_s` seconds, from `start` to `close`.

    An error that nobody expected is noted as `broken`, and the next round comes all the same: one
    bad look must not be the last one. It ends by itself once `halted` says why.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[object]],
        *,
        every_s: float,
        broken: str,
        halted: Callable[[], str] = lambda: "",
    ) -> None:
        self._work = work
        self._every_s = every_s
        self._broken = broken
        self._halted = halted
        self._called = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._task is not None and not self._task.done()

    def start(self, *, at_once: bool = True) -> None:
        """Begin; the first round is now, or after the first wait."""
        self._task = asyncio.create_task(self._run(at_once), name=self._broken)

    def call(self) -> None:
        """Have the next round begin without waiting."""
        self._called.set()

    async def close(self) -> None:
        """Stop, also in the middle of a round."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self, at_once: bool) -> None:
        if not at_once:
            await self._wait()
        while not self._halted():
            self._called.clear()
            try:
                await self._work()
            except Exception:  # broad on purpose: see above
                note_internal_error(self._broken)
            await self._wait()
        reason = self._halted()
        logger.critical("Makegood takes nothing any more", extra={"reason": reason})

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._every_s):
                await self._called.wait()
        except TimeoutError:
            return
