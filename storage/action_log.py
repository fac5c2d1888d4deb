"""The action log: every request, and what became of it.

Each change is one transaction that also writes an event; events are never changed or deleted.
Questions about many entries are answered by `log_queries`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from storage.customer_mails import CustomerMails
from storage.ended_codes import EndedCodes
from storage.ended_requests import EndedRequests
from storage.entries import RELEASE_ASKED, Admit, Entry, FollowUp
from storage.held_requests import HeldRequests
from storage.log_writing import NOTHING
from storage.outbox import Outbox
from storage.person_choices import IN_THREAD, NOT_AT_ALL, PersonChoices
from storage.posts import SETTLED
from storage.values import json_text, now, time_text


class ActionLog(HeldRequests, EndedRequests, EndedCodes, CustomerMails):
    """The log's changes, by the reference of the request; an unknown one raises KeyError."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        super().__init__(db)
        self._outbox = Outbox(db)
        self._choices = PersonChoices(db)

    def ask(
        self,
        reference: str,
        *,
        action: str,
        order_id: int | None,
        team_id: str,
        actor_id: str,
        request: dict[str, Any],
        counted: Decimal | None = NOTHING,
        counted_in: str | None = None,
        customer_id: int | None = None,
        customer_mail: str | None = None,
        admit: Admit | None = None,
    ) -> bool:
        """Write the request down. False: the reference is there already, nothing was written.

        `counted` is what it counts against limits, in the currency `counted_in`; `customer_id` and
        `customer_mail` (a hash) are whom that goes to. What `admit` says goes for the log as it is
        when the request is written: nothing comes in between. What it raises is raised here, and
        nothing is written.
        """
        with self._db.atomic():
            if admit is not None and self.find(reference) is not None:
                return False
            hold = None if admit is None else admit()
            is_new = self._insert(
                reference,
                action=action,
                order_id=order_id,
                team_id=team_id,
                actor_id=actor_id,
                request=request,
                counted=counted,
                counted_in=counted_in,
                customer_id=customer_id,
                customer_mail=customer_mail,
                hold=hold,
            )
            if is_new and hold is not None:
                self._hold(reference, order_id, actor_id, hold)
            return is_new

    def add_found(
        self,
        reference: str,
        *,
        action: str,
        order_id: int | None,
        team_id: str,
        request: dict[str, Any],
        done_at: datetime,
        status: str,
        outcome: dict[str, Any],
        counted: Decimal | None,
        counted_in: str | None = None,
        customer_id: int | None = None,
        customer_mail: str | None = None,
        next_check_at: datetime | None,
    ) -> bool:
        """Write down what the store shows of a request that this log has never known.

        False: it is known. Nobody is named as having asked for it, and it is not told.
        """
        with self._db.atomic():
            is_new = self._insert(
                reference,
                action=action,
                order_id=order_id,
                team_id=team_id,
                actor_id="",
                request=request,
                counted=counted,
                counted_in=counted_in,
                customer_id=customer_id,
                customer_mail=customer_mail,
                asked_at=done_at,
            )
            if is_new:
                self._note(reference, "found", at=time_text(done_at))
                self._set(
                    reference,
                    sent_at=time_text(done_at),
                    status=status,
                    outcome=json_text(outcome),
                    finished_at=time_text(now()),
                    finished_round=1,
                    next_check_at=time_text(next_check_at),
                    telling_status=status,
                    told_status=status,
                )
            return is_new

    def claim(self, reference: str) -> bool:
        """Take the right to send the write, once for a reference: ever after it is False.

        Only `end_unknown` as not made gives it back.
        """
        with self._db.atomic():
            entry = self.get(reference)
            if entry.sent_at is not None:
                return False
            self._set(reference, sent_at=time_text(now()))
            self._note(reference, "sent")
            return True

    def note_release(self, reference: str) -> None:
        """Note that the release of the order's payment is about to be sent."""
        with self._db.atomic():
            self._note(reference, RELEASE_ASKED)

    def finish(
        self,
        reference: str,
        *,
        status: str,
        outcome: dict[str, Any],
        next_check_at: datetime | None = None,
        tell_anew: bool = False,
        is_awaited: bool = False,
        follow_up: FollowUp | None = None,
    ) -> None:
        """Write the outcome of the round that is under way.

        `tell_anew`: what the thread says is out of date although the status is the same.
        `is_awaited`: who asked is told by themselves, too, in the way that they have chosen.
        `follow_up` is asked for in the same breath, unless one was before.
        """
        with self._db.atomic():
            entry = self.get(reference)
            self._set(
                reference,
                status=status,
                outcome=json_text(outcome),
                finished_at=time_text(now()),
                next_check_at=time_text(next_check_at),
                finished_round=entry.round,
                next_telling_at=None,
                **({"told_status": None} if tell_anew else {}),
            )
            detail = {"round": entry.round, **outcome, "status": status}
            if tell_anew:
                detail["tell_anew"] = True
            if next_check_at is not None:
                detail["next_check_at"] = time_text(next_check_at)
            self._note(reference, "outcome", **detail)
            self._end_its_code(entry, status, outcome)
            if is_awaited:
                self._tell_actor(entry)
            if follow_up is not None:
                self._ask_next(entry, follow_up)

    def begin_round(self, reference: str, *, actor_id: str | None = None) -> int | None:
        """Begin another run; return its number, or None while one is under way or may not begin.

        `actor_id` is whoever asked for it, None for the sweep.
        """
        with self._db.atomic():
            entry = self.get(reference)
            if entry.is_under_way or entry.status is None:
                return None
            number = entry.round + 1
            self._set(reference, round=number, next_check_at=None)
            self._note(reference, "checked_again", round=number, actor_id=actor_id)
            return number

    def start_telling(self, reference: str, status: str) -> bool:
        """Begin to tell the thread this status.

        False: a telling was begun before whose answer may be lost, of this status or another one:
        read the thread back first.
        """
        with self._db.atomic():
            entry = self.get(reference)
            if entry.telling_status == status:
                return False
            self._set(reference, telling_status=status)
            self._note(reference, "telling", status=status)
            # Before a restore it may have been told: the thread is what tells.
            is_forgotten = self.is_older_than_restore(entry.asked_at)
            return entry.telling_status == entry.told_status and not is_forgotten

    def mark_told(
        self,
        reference: str,
        *,
        status: str,
        channel: str,
        thread_ts: str,
        message_ts: str,
        mail_shown: int = 0,
    ) -> None:
        """Write where the thread says it; `mail_shown` is the `mail_news` that it tells."""
        place = {"channel": channel, "thread_ts": thread_ts, "message_ts": message_ts}
        with self._db.atomic():
            self.get(reference)
            self._set(
                reference,
                **place,
                telling_status=status,
                told_status=status,
                told_at=time_text(now()),
                next_telling_at=None,
                mail_shown=mail_shown,
            )
            detail = {"mail_shown": mail_shown} if mail_shown else {}
            self._note(reference, "told", status=status, **place, **detail)

    def telling_failed(self, reference: str, *, next_telling_at: datetime) -> int:
        """Note that the thread could not be told; return how often that has happened."""
        with self._db.atomic():
            tellings = self.get(reference).tellings + 1
            self._set(reference, tellings=tellings, next_telling_at=time_text(next_telling_at))
            again_at = time_text(next_telling_at)
            self._note(reference, "not_told", times=tellings, next_telling_at=again_at)
            return tellings

    def _tell_actor(self, entry: Entry) -> None:
        way = self._choices.settled_by(entry.team_id, entry.actor_id)
        if way == NOT_AT_ALL or not entry.actor_id:
            return
        in_thread = way == IN_THREAD and entry.order_id is not None
        self._outbox.add_once(
            f"{SETTLED}-{entry.reference}-{entry.round}",
            SETTLED,
            {"reference": entry.reference},
            order_id=entry.order_id if in_thread else None,
            recipient=None if in_thread else entry.actor_id,
            actor_id=entry.actor_id,
        )

    def _ask_next(self, entry: Entry, follow_up: FollowUp) -> None:
        self._insert(
            follow_up.reference,
            action=follow_up.action,
            order_id=entry.order_id,
            team_id=entry.team_id,
            actor_id=entry.actor_id,
            request=follow_up.request,
            follows=entry.reference,
        )
