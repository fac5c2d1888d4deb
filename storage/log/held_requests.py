"""Requests that wait for a second person: held when they are asked for, decided once.

A decision, what follows from it for the request, and what is to be shown of it are one transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage.log.entries import APPROVED, DECLINED, LAPSED, OVERTAKEN, Entry, Hold
from storage.log.writing import LogWriting
from storage.outbox.posts import APPROVAL, root_key
from storage.values import json_text, now, time_text

# What the message that asks shows: that it is asked, or that nobody can decide it now.
ASKED, NOBODY = "asked", "nobody"


class HeldRequests(LogWriting):
    """Deciding, by the reference of the request; an unknown one raises KeyError."""

    def approve(self, reference: str, *, actor_id: str, at: datetime) -> bool:
        """Let the request run. False: it is decided, over, or was never held."""
        with self._db.atomic():
            if not self._decide(reference, APPROVED, actor_id, at):
                return False
            self._set(reference, round=1)
            return True

    def found_done(self, reference: str) -> bool:
        """Let a request run that the store shows as done: somebody approved it elsewhere.

        It counts as sent, so that it is only read what became of it. False: it does not wait.
        """
        with self._db.atomic():
            if not self.get(reference).is_waiting:
                return False
            self._write_decision(reference, APPROVED, None, now())
            self._set(reference, round=1, sent_at=time_text(now()))
            self._note(reference, "found")
            return True

    def decline(
        self,
        reference: str,
        *,
        actor_id: str,
        at: datetime,
        reason: str,
        status: str,
        outcome: dict[str, Any],
    ) -> bool:
        """End the request with that outcome. False: it is decided, over, or was never held."""
        with self._db.atomic():
            if not self._decide(reference, DECLINED, actor_id, at, reason):
                return False
            self._end(reference, status, outcome)
            return True

    def lapse(self, reference: str, *, at: datetime, status: str, outcome: dict[str, Any]) -> bool:
        """End a request that nobody decided in time. False: it is decided, or still has time."""
        with self._db.atomic():
            entry = self.get(reference)
            if not entry.is_waiting or _is_open(entry, at):
                return False
            self._write_decision(reference, LAPSED, None, at)
            self._end(reference, status, outcome)
            return True

    def overtake(
        self, reference: str, *, at: datetime, reason: str, status: str, outcome: dict[str, Any]
    ) -> bool:
        """End a request that cannot be carried out any more. False: it is decided, or over."""
        with self._db.atomic():
            entry = self.get(reference)
            if not entry.is_waiting or not _is_open(entry, at):
                return False
            self._write_decision(reference, OVERTAKEN, None, at, reason)
            self._end(reference, status, outcome)
            return True

    def _hold(self, reference: str, order_id: int | None, actor_id: str, hold: Hold) -> None:
        self._note(reference, "held", until=time_text(hold.until))
        self._outbox.put(
            reference, APPROVAL, hold.shown, wanted=ASKED, order_id=order_id, actor_id=actor_id
        )
        if order_id is not None:
            self._outbox.want(root_key(order_id))

    def _decide(
        self, reference: str, decision: str, actor_id: str, at: datetime, reason: str = ""
    ) -> bool:
        entry = self.get(reference)
        if not entry.is_waiting or not _is_open(entry, at):
            return False
        self._write_decision(reference, decision, actor_id, at, reason)
        return True

    def _write_decision(
        self, reference: str, decision: str, actor_id: str | None, at: datetime, reason: str = ""
    ) -> None:
        self._set(
            reference,
            decision=decision,
            decided_by=actor_id,
            decided_at=time_text(at),
            decision_reason=reason or None,
        )
        detail = {"actor_id": actor_id, "reason": reason}
        self._note(reference, decision, **{name: text for name, text in detail.items() if text})
        self._outbox.want(reference, decision)

    def _end(self, reference: str, status: str, outcome: dict[str, Any]) -> None:
        finished_at = time_text(now())
        self._set(reference, status=status, outcome=json_text(outcome), finished_at=finished_at)
        self._say_how_it_stands(reference)
        self._note(reference, "outcome", **{"round": 0, **outcome, "status": status})


def _is_open(entry: Entry, at: datetime) -> bool:
    return entry.held_until is not None and at < entry.held_until
