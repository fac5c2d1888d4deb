"""Work that goes on after Slack got its answer: kept track of, so that a shutdown waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from bot.process.internal_errors import note_internal_error


class BackgroundTasks:
    """A set of running tasks; a task that raises is logged, never lost silently."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[None, None, None], *, name: str) -> None:
        """Start the work and return at once."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def drain(self, timeout_s: float) -> None:
        """Wait for what runs, at most `timeout_s` seconds, then cancel the rest."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(set(self._tasks), timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            note_internal_error("background task failed", error=error, task=task.get_name())
