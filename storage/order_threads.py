"""Which Slack thread belongs to which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.values import now, time_text


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread, by its channel and the `ts` of its root message."""

    channel: str
    thread_ts: str


class OrderThreads:
    """One thread for each order, found again after a restart."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def find(self, order_id: int) -> Thread | None:
        """Return the order's thread, or None before its first message."""
        sql = "SELECT channel, thread_ts FROM order_threads WHERE order_id = ?"
        for row in self._db.query(sql, [order_id]):
            return Thread(row["channel"], row["thread_ts"])
        return None

    def order_of(self, channel: str, thread_ts: str) -> int | None:
        """Return the order whose thread this is, None for any other thread."""
        sql = "SELECT order_id FROM order_threads WHERE channel = ? AND thread_ts = ?"
        for row in self._db.query(sql, [channel, thread_ts]):
            return int(row["order_id"])
        return None

    def save(self, order_id: int, channel: str, thread_ts: str) -> None:
        """Remember the thread in place of an earlier one."""
        self._db.execute(
            "INSERT INTO order_threads (order_id, channel, thread_ts, saved_at)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (order_id) DO UPDATE SET"
            " channel = excluded.channel, thread_ts = excluded.thread_ts,"
            " saved_at = excluded.saved_at",
            [order_id, channel, thread_ts, time_text(now())],
        )

    def expect_refresh(self, order_id: int, at: datetime) -> None:
        """Note that the thread's root message is out of date, to be drawn anew by then."""
        self._db.execute(
            "UPDATE order_threads SET refresh_at = ? WHERE order_id = ?", [time_text(at), order_id]
        )

    def expect_refresh_of_all(self, at: datetime, *, saved_since: datetime) -> None:
        """Note that the root messages of these threads may all be out of date."""
        self._db.execute(
            "UPDATE order_threads SET refresh_at = ? WHERE saved_at >= ?",
            [time_text(at), time_text(saved_since)],
        )

    def refreshed(self, order_id: int) -> None:
        """Note that the root message shows the order as it is."""
        self._db.execute(
            "UPDATE order_threads SET refresh_at = NULL WHERE order_id = ?", [order_id]
        )

    def awaits_refresh(self, order_id: int) -> bool:
        """Whether the thread's root message is known to be out of date."""
        sql = "SELECT 1 FROM order_threads WHERE order_id = ? AND refresh_at IS NOT NULL"
        return self._db.execute(sql, [order_id]).fetchone() is not None

    def due(self, now: datetime) -> list[int]:
        """Return the orders whose root message is overdue, longest overdue first."""
        sql = "SELECT order_id FROM order_threads WHERE refresh_at <= ? ORDER BY refresh_at"
        return [row["order_id"] for row in self._db.query(sql, [time_text(now)])]

    def forget(self, order_id: int) -> None:
        """Forget a thread that is gone; the next message opens a new one."""
        self._db.execute("DELETE FROM order_threads WHERE order_id = ?", [order_id])
