"""Questions to the action log: who, which order, what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.log.entries import Entry, to_entry
from storage.values import json_text, time_text

MOST_CHANGES = 1000


@dataclass(frozen=True, slots=True)
class LogChange:
    """One event of the log by its number, and what it is about."""

    event: int
    reference: str
    order_id: int | None


class LogQueries:
    """The log, read only. Lists are newest first where people read them, else oldest first."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def under_way(self, order_id: int) -> list[Entry]:
        """Return the order's requests that have no outcome yet, oldest first."""
        return self._all(
            "SELECT * FROM action_log WHERE order_id = ? AND status IS NULL ORDER BY asked_at",
            [order_id],
        )

    def is_busy(self, order_id: int) -> bool:
        """Tell whether a run of one of the order's requests has not come to its outcome yet."""
        sql = "SELECT 1 FROM action_log WHERE order_id = ? AND finished_round < round"
        return self._db.execute(sql, [order_id]).fetchone() is not None

    def of_order(self, order_id: int, limit: int = 20) -> list[Entry]:
        """Return the order's latest requests, newest first."""
        return self._all(
            "SELECT * FROM action_log WHERE order_id = ? ORDER BY asked_at DESC LIMIT ?",
            [order_id, limit],
        )

    def of_orders(self, order_ids: Sequence[int], limit: int = 20) -> list[Entry]:
        """Return the latest requests on any of these orders, newest first."""
        # SQLite counts the values that stand for a question mark.
        return self._all(
            "SELECT * FROM action_log WHERE order_id IN (SELECT value FROM json_each(?))"
            " ORDER BY asked_at DESC LIMIT ?",
            [json_text(list(order_ids)), limit],
        )

    def of_actor(self, team_id: str, actor_id: str, limit: int = 20) -> list[Entry]:
        """Return what a person asked for, newest first."""
        return self._all(
            "SELECT * FROM action_log WHERE team_id = ? AND actor_id = ?"
            " ORDER BY asked_at DESC LIMIT ?",
            [team_id, actor_id, limit],
        )

    def recent(self, limit: int = 20) -> list[Entry]:
        """Return the latest requests, newest first."""
        return self._all("SELECT * FROM action_log ORDER BY asked_at DESC LIMIT ?", [limit])

    def open_ends(self, limit: int = 20) -> list[Entry]:
        """Return what waits for a person or a payment, of everybody, oldest first."""
        # Two questions, for each has an index of its own.
        unsettled = self._all(
            "SELECT * FROM action_log WHERE status IN ('pending', 'unknown', 'to_do')"
            " ORDER BY asked_at LIMIT ?",
            [limit],
        )
        found = sorted((*unsettled, *self.waiting()), key=lambda entry: entry.asked_at)
        return found[:limit]

    def open_of(self, order_id: int) -> list[Entry]:
        """Return the order's requests that are under way, waiting, or not at their end."""
        return self._all(
            "SELECT * FROM action_log WHERE order_id = ?"
            " AND (status IS NULL OR status IN ('pending', 'unknown', 'to_do')) ORDER BY asked_at",
            [order_id],
        )

    def sent_by_hand(self, order_ids: Sequence[int]) -> frozenset[int]:
        """Return those recorded refunds of the orders whose money a person has sent."""
        cursor = self._db.execute(
            "SELECT json_extract(outcome, '$.refund_id') FROM action_log"
            " WHERE order_id IN (SELECT value FROM json_each(?)) AND ended_as = 'sent'",
            [json_text(list(order_ids))],
        )
        return frozenset(int(row[0]) for row in cursor if row[0] is not None)

    def is_older_than_restore(self, at: datetime | None) -> bool:
        """Tell whether a later restore makes what the log says since then incomplete."""
        sql = "SELECT 1 FROM log_periods WHERE began_at >= ?"
        return at is not None and self._db.execute(sql, [time_text(at)]).fetchone() is not None

    def latest_event_at(self) -> datetime | None:
        """Return when the log was last written, None for an empty one."""
        row = self._db.execute("SELECT at FROM action_events ORDER BY id DESC LIMIT 1").fetchone()
        return None if row is None else datetime.fromisoformat(row[0])

    def latest_event(self) -> int:
        """Return the number of the latest event, 0 for an empty log."""
        row = self._db.execute("SELECT max(id) FROM action_events").fetchone()
        return int(row[0] or 0)

    def changes_after(self, event: int) -> list[LogChange]:
        """Return the events after that number, oldest first, at most so many at a time."""
        cursor = self._db.execute(
            "SELECT id, reference, order_id FROM action_events LEFT JOIN action_log"
            " USING (reference) WHERE id > ? ORDER BY id LIMIT ?",
            [event, MOST_CHANGES],
        )
        return [LogChange(*row) for row in cursor]

    def has_changed(self, order_id: int, since: datetime) -> bool:
        """Tell whether anything became of the order's requests after that moment."""
        row = self._db.execute(
            "SELECT 1 FROM action_events WHERE at > ? AND reference IN"
            " (SELECT reference FROM action_log WHERE order_id = ?) LIMIT 1",
            [time_text(since), order_id],
        ).fetchone()
        return row is not None

    def turn(self, reference: str) -> int:
        """Return a number by which later requests and later rounds come later."""
        sql = "SELECT max(id) AS turn FROM action_events WHERE reference = ?"
        return next(int(row["turn"]) for row in self._db.query(sql, [reference]))

    def pressed_by(self, reference: str) -> str | None:
        """Return who had it looked at or carried out again last, None when nobody did."""
        row = self._db.execute(
            "SELECT json_extract(detail, '$.actor_id') FROM action_events WHERE reference = ?"
            " AND event IN ('checked_again', 'asked_again')"
            " AND json_extract(detail, '$.actor_id') IS NOT NULL ORDER BY id DESC LIMIT 1",
            [reference],
        ).fetchone()
        return None if row is None else str(row[0])

    def unfinished(self) -> list[Entry]:
        """Return what has a run under way, oldest first."""
        return self._all("SELECT * FROM action_log WHERE finished_round < round ORDER BY asked_at")

    def untold(self) -> list[Entry]:
        """Return what has an outcome that nobody was told, oldest first."""
        return self._all(
            "SELECT * FROM action_log WHERE told_status IS NOT status AND status IS NOT NULL"
            " ORDER BY asked_at"
        )

    def due(self, now: datetime) -> list[Entry]:
        """Return the pending payments that it is time to look at again, longest due first."""
        return self._all(
            "SELECT * FROM action_log WHERE next_check_at <= ? AND finished_round = round"
            " ORDER BY next_check_at",
            [time_text(now)],
        )

    def waiting(self) -> list[Entry]:
        """Return what waits for a second person, oldest first."""
        return self._all(
            "SELECT * FROM action_log WHERE held_until IS NOT NULL AND decision IS NULL"
            " ORDER BY asked_at"
        )

    def _all(self, sql: str, values: list[Any] | None = None) -> list[Entry]:
        # Not `query`: it puts a savepoint around each reading, which doubles the time.
        cursor = self._db.execute(sql, values or [])
        names = [column[0] for column in cursor.description]
        return [to_entry(dict(zip(names, row, strict=True))) for row in cursor]

    def _first(self, sql: str, values: list[Any]) -> Entry | None:
        for entry in self._all(sql, values):
            return entry
        return None
