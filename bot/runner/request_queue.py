"""The line in which requests wait: the durable engine, and what this process has put into it."""

from __future__ import annotations

import logging
import secrets
from collections import Counter

from bot.process.internal_errors import note_internal_error
from bot.runner.engine import Engine
from storage.log.action_log import ActionLog
from storage.log.entries import Entry

logger = logging.getLogger(__name__)


class RequestQueue:
    """Runs in line, those of one order one at a time."""

    def __init__(self, engine: Engine, log: ActionLog) -> None:
        """Keep the parts."""
        self._engine = engine
        self._log = log
        self._in_line: Counter[str] = Counter()
        self._missed: set[str] = set()
        self._stalled: set[str] = set()

    async def start(self) -> None:
        """Begin to work, with what an earlier process left first."""
        await self._engine.start()
        ids = await self._engine.live_ids()
        self._in_line = Counter(workflow_id.split(".")[0] for workflow_id in ids)

    async def close(self, drain_s: float) -> None:
        """Leave what does not end within `drain_s` seconds to the next process."""
        await self._engine.close(drain_s)

    def holds(self, reference: str) -> bool:
        """Whether something waits or runs for the reference."""
        return self._in_line[reference] > 0

    def left(self, reference: str) -> None:
        """One thing that was in line for the reference has ended."""
        self._in_line[reference] -= 1
        if self._in_line[reference] <= 0:
            del self._in_line[reference]

    async def compare(self) -> None:
        """Hold what this process believes to be in line against what the engine really has.

        An id that was used before is not queued again, an input that cannot be read ends before it
        begins, and nobody is told of either. What is missed twice running is no longer held, so
        that the sweep takes it up; what the engine has begun and nobody runs makes room for it.
        """
        live, stalled = await self._engine.look()
        if dead := stalled & self._stalled:
            logger.warning("taken out of the queue", extra={"workflow_ids": sorted(dead)})
            await self._engine.drop(dead)
        self._stalled = stalled - dead
        there = {workflow_id.split(".")[0] for workflow_id in live - dead}
        missed = self._in_line.keys() - there
        for reference in missed & self._missed:
            logger.warning("not in the queue any more", extra={"reference": reference})
            del self._in_line[reference]
        self._missed = missed

    async def put_run(self, reference: str) -> None:
        """Put a run in line that the log has begun."""
        await self._put_run(self._log.get(reference))

    async def put_round(self, entry: Entry, *, actor_id: str | None = None) -> bool:
        """Begin another round and put it in line. False: one is under way."""
        if self._log.begin_round(entry.reference, actor_id=actor_id) is None:
            return False
        await self.put_run(entry.reference)
        return True

    async def take_up(self, entry: Entry) -> None:
        """Put in line what was logged but is not there: never put, or the engine's file is gone.

        A follow-up always comes this way, so that no crash can part it from what it follows.
        """
        level = logging.WARNING if entry.follows is None else logging.INFO
        logger.log(level, "request taken up", extra={"reference": entry.reference})
        await self._put_run(entry)

    async def _put_run(self, entry: Entry) -> None:
        self._in_line[entry.reference] += 1
        try:
            await self._engine.enqueue_run(
                _fresh_id(entry),
                entry.reference,
                _partition(entry),
                turn=self._log.turn(entry.reference),
            )
        except Exception:  # broad on purpose: it is in the log, from where the sweep takes it up
            self.left(entry.reference)
            note_internal_error("not in line yet", reference=entry.reference)


def _partition(entry: Entry) -> str:
    return entry.reference if entry.order_id is None else str(entry.order_id)


def _fresh_id(entry: Entry) -> str:
    # Never one that was used: an id that has ended in the engine would be ignored for ever, as when
    # the log alone was restored. What is put in line twice finds its round over and does nothing.
    return f"{entry.reference}.{entry.round}.{secrets.token_hex(4)}"
