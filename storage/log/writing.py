"""What every change of the action log is made of: an entry set, an event noted beside it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from storage.log.entries import Entry, Event, Hold, to_event
from storage.log.sums import LogSums
from storage.outbox.outbox import Outbox
from storage.outbox.posts import OUTCOME, UNDER_WAY, outcome_key, root_key
from storage.values import json_text, now, time_text

NOTHING = Decimal(0)


class LogWriting(LogSums):
    """The log's rows, by the reference of the request; an unknown one raises KeyError."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        super().__init__(db)
        self._outbox = Outbox(db)

    def atomic(self) -> AbstractContextManager[Any]:
        """Return a transaction around several changes."""
        return self._db.atomic()

    def find(self, reference: str) -> Entry | None:
        """Return the entry, or None."""
        return self._first("SELECT * FROM action_log WHERE reference = ?", [reference])

    def get(self, reference: str) -> Entry:
        """Return the entry; raises KeyError when there is none."""
        entry = self.find(reference)
        if entry is None:
            raise KeyError(reference)
        return entry

    def draw_anew(self, reference: str) -> None:
        """Have the message of the request's outcome drawn anew, where there is one."""
        self._outbox.want(outcome_key(reference))

    def events(self, reference: str) -> list[Event]:
        """Return what happened to the request, oldest first."""
        sql = "SELECT * FROM action_events WHERE reference = ? ORDER BY id"
        return [to_event(row) for row in self._db.query(sql, [reference])]

    def _insert(
        self,
        reference: str,
        *,
        action: str,
        order_id: int | None,
        team_id: str,
        actor_id: str,
        request: dict[str, Any],
        follows: str | None = None,
        counted: Decimal | None = NOTHING,
        counted_in: str | None = None,
        customer_id: int | None = None,
        customer_mail: str | None = None,
        hold: Hold | None = None,
        asked_at: datetime | None = None,
    ) -> bool:
        unique = "reference" if follows is None else "follows"
        row = {
            "reference": reference,
            "action": action,
            "order_id": order_id,
            "team_id": team_id,
            "actor_id": actor_id,
            "request": json_text(request),
            "asked_at": time_text(asked_at or now()),
            "follows": follows,
            "counted": None if counted is None else str(counted),
            "counted_in": counted_in,
            "customer_id": customer_id,
            "customer_mail": customer_mail,
            "held_until": None if hold is None else time_text(hold.until),
            "round": 1 if hold is None else 0,
        }
        names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        cursor = self._db.execute(
            f"INSERT INTO action_log ({names}) VALUES ({places}) ON CONFLICT ({unique}) DO NOTHING",  # noqa: S608 - our names
            row,
        )
        if cursor.rowcount != 1:
            return False
        self._note(
            reference,
            "asked",
            action=action,
            order_id=order_id,
            team_id=team_id,
            actor_id=actor_id,
            **({} if follows is None else {"follows": follows}),
        )
        return True

    def _say(self, reference: str) -> None:
        """Have the message of the request say what the log says of it now."""
        entry = self.get(reference)
        self._outbox.put(
            outcome_key(reference),
            OUTCOME,
            {"reference": reference},
            wanted=entry.status or UNDER_WAY,
            order_id=entry.order_id,
            actor_id=entry.actor_id or None,
            since=entry.asked_at,
        )

    def _say_how_it_stands(self, reference: str) -> None:
        """Have the message of the request say it, and the order's root message, if it has one."""
        self._say(reference)
        if (order_id := self.get(reference).order_id) is not None:
            self._outbox.want(root_key(order_id))

    def _set(self, reference: str, **values: Any) -> None:
        assignments = ", ".join(f"{name} = :{name}" for name in values)
        sql = f"UPDATE action_log SET {assignments} WHERE reference = :reference"  # noqa: S608 - our names
        self._db.execute(sql, {**values, "reference": reference})

    def _note(self, reference: str, event: str, **detail: Any) -> None:
        self._db.execute(
            "INSERT INTO action_events (reference, at, event, detail) VALUES (?, ?, ?, ?)",
            [reference, time_text(now()), event, json_text(detail)],
        )
