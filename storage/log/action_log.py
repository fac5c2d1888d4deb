"""The action log: every request, and what became of it.

Each change is one transaction that also writes an event; events are never changed or deleted.
Questions about many entries are answered by `log_queries`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from storage.log.customer_emails import CustomerMails
from storage.log.ended_codes import EndedCodes
from storage.log.ended_requests import EndedRequests
from storage.log.entries import RELEASE_ASKED, Entry, Event, Hold, LoggedFollowUp
from storage.log.held_requests import HeldRequests
from storage.log.writing import NOTHING
from storage.outbox.posts import SETTLED, Post, outcome_key
from storage.people.person_choices import BY_MESSAGE, IN_THREAD, NOT_AT_ALL, PersonChoices
from storage.values import json_text, now, time_text


class ActionLog(HeldRequests, EndedRequests, EndedCodes, CustomerMails):
    """The log's changes, by the reference of the request; an unknown one raises KeyError."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        super().__init__(db)
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
        hold: Hold | None = None,
    ) -> bool:
        """Write the request down. False: the reference is there already, nothing was written.

        `counted` is what it counts against limits, in the currency `counted_in`; `customer_id` and
        `customer_mail` (a hash) are whom that goes to. With a `hold` it waits for a second person.
        Whoever holds it against what the log says does that in the same transaction (`atomic`).
        """
        with self._db.atomic():
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

        False: it is known. Nobody is named as having asked for it, and it is not told; the
        order's root message shows it.
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
                    told_status=status,
                )
            if is_new and order_id is not None:
                self._outbox.seek_root(order_id)
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
            self._outbox.want(outcome_key(reference))  # where it says that nothing was sent
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
        is_awaited: bool = False,
        is_loud: bool = False,
        follow_up: LoggedFollowUp | None = None,
    ) -> None:
        """Write the outcome of the round that is under way.

        Besides the outcome's message, a line is said of it where it `is_awaited`: to who asked, in
        the way that they have chosen; and where it `is_loud`: to the channel.
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
            )
            detail = {"round": entry.round, **outcome, "status": status}
            if next_check_at is not None:
                detail["next_check_at"] = time_text(next_check_at)
            self._note(reference, "outcome", **detail)
            self._end_its_code(entry, status, outcome)
            if (entry.status, entry.outcome) != (status, outcome):
                self._set(reference, told_status=None)
                self._say_how_it_stands(reference)
            way = self._way(entry) if is_awaited else NOT_AT_ALL
            if way == BY_MESSAGE:
                self._add_line(entry, recipient=entry.actor_id)
            if way == IN_THREAD or is_loud:
                self._add_line(entry, mentions=way == IN_THREAD, is_loud=is_loud)
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

    def say_under_way(self, reference: str) -> bool:
        """Have the thread say that it is carried out. False: it has an outcome, or does not run."""
        with self._db.atomic():
            entry = self.get(reference)
            if entry.status is not None or not entry.is_under_way:
                return False
            self._say_how_it_stands(reference)
            return True

    def note_told(self, post: Post) -> None:
        """Write where the message of a request stands, and what it says of the outcome."""
        reference = str(post.content["reference"])
        place = {
            "channel": post.channel,
            "thread_ts": post.thread_ts or post.message_ts,
            "message_ts": post.message_ts,
        }
        detail = {"status": post.shown, "place": post.place, "why": post.why}
        known = {name: value for name, value in detail.items() if value is not None}
        with self._db.atomic():
            self.get(reference)
            if post.spot is None:
                self._note(reference, "not_told", **known)
                return
            self._set(reference, **place, told_status=post.shown, told_at=time_text(now()))
            self._note(reference, "told", **known, **place)

    def was_told_on_its_way(self, reference: str, ended_at: datetime) -> bool:
        """Whether people were told, before or after the end at that time, that it was on its way.

        Not what they were told before an earlier end. Slack's answer to that message may have come
        after the end.
        """
        events = self.events(reference)
        ends = [event.at for event in events if _is_end(event) and event.at <= ended_at]
        return any(
            event.event == "told" and event.detail.get("status") == "pending"
            for event in events
            if len(ends) < 2 or event.at > ends[-2]
        )

    def _way(self, entry: Entry) -> str:
        """Return how who asked is told of an end."""
        way = self._choices.settled_by(entry.team_id, entry.actor_id)
        return way if entry.actor_id else NOT_AT_ALL

    def _add_line(self, entry: Entry, *, recipient: str | None = None, **content: bool) -> None:
        # How many ends there were is the same after a restore; how many looks at it were is not.
        ends = {each.detail["round"] for each in self.events(entry.reference) if _is_end(each)}
        key = f"{SETTLED}-{entry.reference}-{len(ends)}"
        self._outbox.add_once(
            key if recipient is None else f"{key}-{recipient}",
            SETTLED,
            {"reference": entry.reference, **content},
            order_id=entry.order_id if recipient is None else None,
            recipient=recipient,
            actor_id=entry.actor_id or None,
            since=entry.asked_at,
        )

    def _ask_next(self, entry: Entry, follow_up: LoggedFollowUp) -> None:
        self._insert(
            follow_up.reference,
            action=follow_up.action,
            order_id=entry.order_id,
            team_id=entry.team_id,
            actor_id=entry.actor_id,
            request=follow_up.request,
            follows=entry.reference,
        )


def _is_end(event: Event) -> bool:
    return event.event == "outcome" and event.detail["status"] != "pending"
