"""Which Slack thread belongs to which order: that of its root message in the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from storage.outbox.posts import ROOT, root_key


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread, by its channel and the `ts` of its root message."""

    channel: str
    thread_ts: str


class OrderThreads:
    """One thread for each order, as far as its root message stands."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def find(self, order_id: int) -> Thread | None:
        """Return the order's thread, or None before its first message."""
        sql = "SELECT channel, message_ts FROM outbox WHERE key = ? AND message_ts IS NOT NULL"
        row = self._db.execute(sql, [root_key(order_id)]).fetchone()
        return None if row is None else Thread(*row)

    def order_of(self, channel: str, thread_ts: str) -> int | None:
        """Return the order whose thread this is, None for any other thread."""
        sql = "SELECT order_id FROM outbox WHERE channel = ? AND message_ts = ? AND kind = ?"
        row = self._db.execute(sql, [channel, thread_ts, ROOT]).fetchone()
        return None if row is None else int(row[0])
