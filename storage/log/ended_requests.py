"""What people end by hand: money that they sent, and requests whose end BigCommerce did not tell.

Each is a compare-and-set in one transaction with its event: of two people who press at once, one
is told that it was done already.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from storage.log.entries import LEFT, MADE, NOT_MADE, SENT, Entry
from storage.log.writing import LogWriting
from storage.values import json_text, now, time_text

TO_DO, UNKNOWN, FAILED = "to_do", "unknown", "failed"


class EndedRequests(LogWriting):
    """Endings by the reference of the request; an unknown one raises KeyError."""

    def mark_sent(
        self, reference: str, *, actor_id: str, note: str, status: str, outcome: dict[str, Any]
    ) -> bool:
        """Note that a person sent the money; `note` is the payment's reference, `status` the end.

        False: it is no open task.
        """
        with self._db.atomic():
            if not _stands_at(self.get(reference), TO_DO):
                return False
            self._write_ending(reference, SENT, actor_id, note)
            self._note(reference, "sent_by_hand", actor_id=actor_id, payment_reference=note)
            self._write_outcome(reference, status, outcome)
            return True

    def take_back(
        self, reference: str, *, actor_id: str, reason: str, outcome: dict[str, Any]
    ) -> bool:
        """Open the task again that was said to be done. False: nobody has said so."""
        with self._db.atomic():
            entry = self.get(reference)
            if entry.is_under_way or entry.ended_as != SENT:
                return False
            self._write_ending(reference, None, None, None)
            self._note(reference, "taken_back", actor_id=actor_id, reason=reason)
            self._write_outcome(reference, TO_DO, outcome)
            return True

    def end_unknown(
        self,
        reference: str,
        ended_as: str,
        *,
        actor_id: str,
        reason: str,
        status: str,
        outcome: dict[str, Any],
    ) -> bool:
        """End what is unknown as MADE, NOT_MADE or LEFT. False: it is not unknown any more.

        NOT_MADE gives the right to send back: `claim` grants it once more.
        """
        if ended_as not in {MADE, NOT_MADE, LEFT}:
            raise ValueError(ended_as)
        with self._db.atomic():
            if not _stands_at(self.get(reference), UNKNOWN):
                return False
            self._write_ending(reference, ended_as, actor_id, reason)
            if ended_as == NOT_MADE:
                self._set(reference, sent_at=None, taken_refund_id=None)
            self._note(reference, ended_as, actor_id=actor_id, reason=reason)
            self._write_outcome(reference, status, outcome)
            return True

    def take_refund(
        self, reference: str, refund_id: int, *, actor_id: str, reason: str
    ) -> int | None:
        """Take a refund for what is unknown, and return the number of the run that follows it up.

        None: it is not unknown any more, or another request holds that refund.
        """
        try:
            with self._db.atomic():
                entry = self.get(reference)
                if not _stands_at(entry, UNKNOWN) or self._is_held(entry, refund_id):
                    return None
                self._write_ending(reference, MADE, actor_id, reason)
                number = entry.round + 1
                self._set(reference, taken_refund_id=refund_id, round=number, next_check_at=None)
                self._note(
                    reference,
                    MADE,
                    round=number,
                    actor_id=actor_id,
                    reason=reason,
                    refund_id=refund_id,
                )
                return number
        except sqlite3.IntegrityError:  # taken for a request of another order
            return None

    def ask_again(self, reference: str, *, actor_id: str) -> int | None:
        """Ask for what was not made once more, under the same reference; return its run's number.

        It counts against limits from now on. None: it is none that was ended as not made.
        """
        with self._db.atomic():
            entry = self.get(reference)
            if not _stands_at(entry, FAILED) or entry.ended_as != NOT_MADE:
                return None
            number = entry.round + 1
            self._write_ending(reference, None, None, None)
            self._set(
                reference,
                status=None,
                outcome=None,
                finished_at=None,
                round=number,
                asked_again_at=time_text(now()),
                told_status=None,
            )
            self._say_how_it_stands(reference)
            self._note(reference, "asked_again", round=number, actor_id=actor_id)
            return number

    def refunds_held(self, order_id: int) -> dict[int, str]:
        """Return which request holds which of the order's refunds, by the refund's number."""
        cursor = self._db.execute(
            "SELECT coalesce(json_extract(outcome, '$.refund_id'), taken_refund_id) AS refund_id,"
            " reference FROM action_log WHERE order_id = ? AND refund_id IS NOT NULL",
            [order_id],
        )
        return {int(refund_id): str(reference) for refund_id, reference in cursor}

    def _is_held(self, entry: Entry, refund_id: int) -> bool:
        if entry.order_id is None:
            return True
        return self.refunds_held(entry.order_id).get(refund_id) not in {None, entry.reference}

    def _write_ending(
        self, reference: str, ended_as: str | None, actor_id: str | None, note: str | None
    ) -> None:
        ended_at = None if ended_as is None else time_text(now())
        self._set(
            reference, ended_as=ended_as, ended_by=actor_id, ended_at=ended_at, ended_note=note
        )

    def _write_outcome(self, reference: str, status: str, outcome: dict[str, Any]) -> None:
        self._set(
            reference,
            status=status,
            outcome=json_text(outcome),
            finished_at=time_text(now()),
            next_check_at=None,
        )
        self._say_how_it_stands(reference)
        number = self.get(reference).round
        self._note(reference, "outcome", **{"round": number, **outcome, "status": status})


def _stands_at(entry: Entry, status: str) -> bool:
    return entry.status == status and not entry.is_under_way
