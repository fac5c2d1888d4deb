"""Requests that wait for a second person: carried out when approved, ended when not.

The decision is in the log before anything follows from it, so that the sweep takes up what a crash
cuts off. Who may decide is not asked here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.actions.requested import describe_request
from bot.bigcommerce.http.errors import BigCommerceError
from bot.runner.posting import Posting
from bot.runner.request_queue import RequestQueue
from bot.values.outcome import Outcome, Status
from storage.log.action_log import ActionLog
from storage.log.entries import Entry

logger = logging.getLogger(__name__)

IsDone = Callable[[Entry], Awaitable[bool]]
LOOK_AGAIN_S = 30.0
ASK_AGAIN = "If it is still wanted, ask for it again."


class Approvals:
    """Decides what waits. Each decision is made once; who comes second is told False."""

    def __init__(
        self, log: ActionLog, line: RequestQueue, telling: Posting, is_done: IsDone | None = None
    ) -> None:
        """Keep the parts; `is_done` tells whether the store shows a request as carried out."""
        self._log = log
        self._line = line
        self._telling = telling
        self._is_done = is_done
        self._look_again_at: dict[str, float] = {}
        self._began_at = datetime.now(UTC)
        # Whether the log was held against the store: nothing lapses before. See `bot.recovery`.
        self.is_ready: Callable[[], bool] = lambda: True

    async def approve(self, reference: str, *, actor_id: str) -> bool:
        """Carry the request out. False: it is decided already, over, or none that waits."""
        entry = self._log.find(reference)
        if entry is None or not self._log.approve(
            reference, actor_id=actor_id, at=datetime.now(UTC)
        ):
            return False
        await self._line.put_run(reference)
        return True

    def decline(self, reference: str, *, actor_id: str, reason: str) -> bool:
        """End the request; the one who asked withdraws it, and need not say why.

        False: it is decided already, over, or none that waits.
        """
        entry = self._log.find(reference)
        if entry is None:
            return False
        outcome = _declined(entry, reason, is_withdrawn=actor_id == entry.actor_id)
        with self._telling.of(reference):
            return self._log.decline(
                reference,
                actor_id=actor_id,
                at=datetime.now(UTC),
                reason=reason,
                status=outcome.status,
                outcome=outcome.model_dump(mode="json"),
            )

    async def found_done(self, reference: str) -> bool:
        """Take up a request that the store shows as done. False: it does not wait."""
        if not self._log.found_done(reference):
            return False
        await self._line.put_run(reference)
        return True

    def is_inherited(self, entry: Entry) -> bool:
        """Whether an earlier process took the request in, perhaps with other data than this."""
        return entry.asked_at < self._began_at

    async def was_done(self, entry: Entry) -> bool:
        """Look in the store whether what waits here was carried out, as by a copy of this bot.

        True: it is taken up, and there is nothing left to decide. Raises BigCommerceError.
        """
        if self._is_done is None or not await self._is_done(entry):
            return False
        return await self.found_done(entry.reference)

    def overtake(self, entry: Entry, why: str) -> bool:
        """Close what cannot be carried out any more. False: it is decided already, or over."""
        outcome = _overtaken(entry, why)
        with self._telling.of(entry.reference):
            return self._log.overtake(
                entry.reference,
                at=datetime.now(UTC),
                reason=why,
                status=outcome.status,
                outcome=outcome.model_dump(mode="json"),
            )

    async def lapse(self, now: datetime) -> list[str]:
        """End what nobody has decided in time, and return the references.

        Never unseen: "nothing was changed" is said of what the store does not have. What cannot be
        looked at waits.
        """
        over: list[str] = []
        for entry in self._log.waiting() if self.is_ready() else ():
            if entry.held_until and entry.held_until <= now and await self._may_lapse(entry):
                outcome = _lapsed(entry)
                with self._telling.of(entry.reference):
                    self._log.lapse(
                        entry.reference,
                        at=now,
                        status=outcome.status,
                        outcome=outcome.model_dump(mode="json"),
                    )
                over.append(entry.reference)
        return over

    async def _may_lapse(self, entry: Entry) -> bool:
        if time.monotonic() < self._look_again_at.get(entry.reference, 0.0):
            return False
        try:
            was_done = await self.was_done(entry)
        except BigCommerceError as error:
            logger.warning(
                "not looked at before it lapses",
                extra={"reference": entry.reference, "error": str(error)},
            )
            self._look_again_at[entry.reference] = time.monotonic() + LOOK_AGAIN_S
            return False
        self._look_again_at.pop(entry.reference, None)
        return not was_done


def _declined(entry: Entry, reason: str, *, is_withdrawn: bool) -> Outcome:
    what = "withdrawn" if is_withdrawn else "declined"
    why = f": {reason.rstrip('.')}" if reason else ""
    return Outcome(
        status=Status.REJECTED,
        message=f"{describe_request(entry)} was {what}{why}.",
        next_step="Nothing was changed.",
    )


def _overtaken(entry: Entry, why: str) -> Outcome:
    return Outcome(
        status=Status.REJECTED,
        message=f"{describe_request(entry)} no longer waits for approval. {why}",
        next_step="Nothing was changed by it.",
    )


def _lapsed(entry: Entry) -> Outcome:
    return Outcome(
        status=Status.REJECTED,
        message=f"{describe_request(entry)} was not approved in time, so it was not carried out.",
        next_step=f"Nothing was changed. {ASK_AGAIN}",
    )
