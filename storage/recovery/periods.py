"""The periods of the log: one begins wherever the data may be older than what was done with it.

What was asked for before the latest period began may be done, told or mailed already, although the
log does not say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.values import json_text, now, time_text, to_json, to_time

# Why a period began. RESTORED: by the command. OLDER: the data is older than the store, or than
# what this machine remembers of it. COPIED: the file is not the one that was used before.
RESTORED, OLDER, COPIED = "restored", "older", "copied"


@dataclass(frozen=True, slots=True)
class Period:
    """A period; `settled_at` None: it is not looked up yet what was done before it began."""

    id: int
    why: str
    settled_at: datetime | None
    found: dict[str, Any] | None


class LogPeriods:
    """The periods, oldest first; a log that was never restored has none."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def latest(self) -> Period | None:
        """Return the period that the log is in."""
        for row in self._db.query("SELECT * FROM log_periods ORDER BY id DESC LIMIT 1"):
            return _period(row)
        return None

    def begin(self, why: str) -> Period:
        """Begin a period.

        From here on Slack is read back before anything is posted that may stand there already.
        """
        with self._db.atomic():
            at = time_text(now())
            sql = "INSERT INTO log_periods (began_at, why) VALUES (?, ?)"
            self._db.execute(sql, [at, why])
            self._db.execute(
                "UPDATE outbox SET doubts = json_array(json_object('since', made_at))"
                " WHERE next_try_at IS NOT NULL AND (message_ts IS NULL OR why IS NOT NULL)"
            )
        period = self.latest()
        if period is None:
            raise RuntimeError("a period that was just begun is not there")
        return period

    def is_anything_open(self) -> bool:
        """Whether the log has requests whose end, or whose telling, is still to come."""
        sql = (
            "SELECT 1 FROM action_log WHERE finished_round < round OR next_check_at IS NOT NULL"
            " OR told_status IS NOT status OR (held_until IS NOT NULL AND decision IS NULL) LIMIT 1"
        )
        return self._db.execute(sql).fetchone() is not None

    def settle(self, found: dict[str, Any]) -> None:
        """Write down that it was looked up what was done before the periods, and what that is."""
        self._db.execute(
            "UPDATE log_periods SET settled_at = ?, found = ? WHERE settled_at IS NULL",
            [time_text(now()), json_text(found)],
        )


def _period(row: dict[str, Any]) -> Period:
    return Period(
        id=row["id"],
        why=row["why"],
        settled_at=to_time(row["settled_at"]),
        found=to_json(row["found"]),
    )
