"""The line in which requests wait: the durable engine, and what this process has put into it."""

from __future__ import annotations

import logging
import secrets
from collections import Counter

from bot.internal_errors import note_internal_error
from bot.runner.engine import Engine
from storage import ActionLog, Entry

logger = logging.getLogger(__name__)


class Line:
    """Runs and tellings in line, those of one order one at a time."""

    def __init__(self, engine: Engine, log: ActionLog) -> None:
        """Keep the parts."""
        self._engine = engine
        self._log = log
        self._in_line: Counter[str] = Counter()

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

    async def put_first_run(self, reference: str) -> None:
        """Put the first run in line."""
        entry = self._log.get(reference)
        await self._put_run(entry, _fresh_id(entry))

    async def put_round(self, entry: Entry, *, actor_id: str | None = None) -> bool:
        """Begin another round and put it in line. False: one is under way."""
        number = self._log.begin_round(entry.reference, actor_id=actor_id)
        if number is None:
            return False
        await self._put_run(entry, _fresh_id(entry))
        return True

    async def take_up(self, entry: Entry) -> None:
        """Put in line what was logged but is not there: never put, or the engine's file is gone.

        A follow-up always comes this way, so that no crash can part it from what it follows.
        """
        level = logging.WARNING if entry.follows is None else logging.INFO
        logger.log(level, "request taken up", extra={"reference": entry.reference})
        await self._put_run(entry, _fresh_id(entry))

    async def put_telling(self, entry: Entry) -> None:
        """Put another telling of the outcome in line."""
        self._in_line[entry.reference] += 1
        try:
            await self._engine.enqueue_telling(_fresh_id(entry), entry.reference, _partition(entry))
        except Exception:  # broad on purpose: whatever it was, it goes on to the caller
            self.left(entry.reference)
            raise

    async def _put_run(self, entry: Entry, workflow_id: str) -> None:
        self._in_line[entry.reference] += 1
        try:
            await self._engine.enqueue_run(
                workflow_id,
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
