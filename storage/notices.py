"""Messages besides the outcomes that are to stand in Slack once: approvals asked for, alarms.

What a notice is to show (`wanted`) is written with what it is about. A notice that was begun may
stand in Slack already although its answer was lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.values import json_text, now, time_text, to_json

# Notices about the data itself. RESTORED_DATA: it was older than the store. FOREIGN: another
# Makegood writes to the store. CONNECTIONS: another one answers on the same Slack app.
RESTORED_DATA, FOREIGN, CONNECTIONS = "restored data", "another makegood", "connections"
ABOUT_DATA = frozenset({RESTORED_DATA, FOREIGN, CONNECTIONS})
# Notices about changes of the configuration. PROPOSED: one asks for a second person. IN_EFFECT: one
# that loosens the rules counts from now on.
PROPOSED, IN_EFFECT = "proposal", "in effect"
# Notices whose content has the words, as mrkdwn. PEOPLE: who came, left, or may act now. CHANNEL:
# the audit channel is not the team's alone any more. WAITING: of a request that waits.
PEOPLE, CHANNEL, WAITING = "people", "channel", "waiting"
IN_WORDS = frozenset({PEOPLE, CHANNEL, WAITING})
SAID = "said"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to be. `shown` is what it shows, None before it stands at `message_ts`.

    `order_id` None: it stands in the channel itself. `is_begun`: it may have been posted.
    """

    key: str
    kind: str
    order_id: int | None
    made_at: datetime
    content: dict[str, Any]
    wanted: str
    shown: str | None
    is_begun: bool
    channel: str | None
    message_ts: str | None
    tries: int


class Notices:
    """The notices, by their keys."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def add_unless_since(
        self, kind: str, content: dict[str, Any], *, wanted: str, since: datetime
    ) -> bool:
        """Add a notice for the channel. False: there is one of the kind made since then."""
        with self._db.atomic():
            latest = "SELECT 1 FROM notices WHERE kind = ? AND made_at > ?"
            if self._db.execute(latest, [kind, time_text(since)]).fetchone() is not None:
                return False
            self.add(kind, content, wanted=wanted)
            return True

    def add(self, kind: str, content: dict[str, Any], *, wanted: str) -> None:
        """Add a notice for the channel."""
        with self._db.atomic():
            count = self._db.execute("SELECT count(*) FROM notices").fetchone()[0]
            self._db.execute(
                "INSERT INTO notices (key, kind, made_at, content, wanted) VALUES (?, ?, ?, ?, ?)",
                [f"{kind}-{count + 1}", kind, time_text(now()), json_text(content), wanted],
            )

    def put(self, key: str, kind: str, content: dict[str, Any], *, wanted: str) -> None:
        """Add a notice for the channel, or change what the one of this key is to show."""
        self._db.execute(
            "INSERT INTO notices (key, kind, made_at, content, wanted) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET content = excluded.content, wanted = excluded.wanted,"
            " next_try_at = NULL",
            [key, kind, time_text(now()), json_text(content), wanted],
        )

    def add_once(
        self, key: str, kind: str, content: dict[str, Any], *, order_id: int | None
    ) -> bool:
        """Add a notice of this key, for the order's thread where it has one. False: it is there."""
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO notices (key, kind, order_id, made_at, content, wanted)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [key, kind, order_id, time_text(now()), json_text(content), SAID],
        )
        return cursor.rowcount == 1

    def change_wanted(self, key: str, *, was: str, wanted: str) -> bool:
        """Have the notice show something else. False: it was to show another thing than `was`."""
        cursor = self._db.execute(
            "UPDATE notices SET wanted = ?, next_try_at = NULL WHERE key = ? AND wanted = ?",
            [wanted, key, was],
        )
        return cursor.rowcount == 1

    def latest_of(self, kind: str) -> Notice | None:
        """Return the latest notice of the kind, None when there was none."""
        sql = "SELECT * FROM notices WHERE kind = ? ORDER BY made_at DESC LIMIT 1"
        for row in self._db.query(sql, [kind]):
            return _notice(row)
        return None

    def find(self, key: str) -> Notice | None:
        """Return the notice, or None."""
        for row in self._db.query("SELECT * FROM notices WHERE key = ?", [key]):
            return _notice(row)
        return None

    def to_show(self, at: datetime) -> list[str]:
        """Return the keys of what does not stand in Slack as it should, when it is time to try."""
        cursor = self._db.execute(
            "SELECT key FROM notices WHERE shown IS NOT wanted"
            " AND (next_try_at IS NULL OR next_try_at <= ?) ORDER BY made_at",
            [time_text(at)],
        )
        return [row[0] for row in cursor]

    def begin(self, key: str) -> None:
        """Note that it is posted now: from here on its answer may get lost."""
        self._db.execute("UPDATE notices SET begun_at = ? WHERE key = ?", [time_text(now()), key])

    def shown(self, key: str, what: str, *, channel: str | None, message_ts: str | None) -> None:
        """Note where it stands, and what it shows there; or that it need not be posted any more."""
        self._db.execute(
            "UPDATE notices SET shown = ?, channel = ?, message_ts = ?, next_try_at = NULL"
            " WHERE key = ?",
            [what, channel, message_ts, key],
        )

    def failed(self, key: str, *, next_try_at: datetime) -> None:
        """Note that it could not be shown."""
        self._db.execute(
            "UPDATE notices SET tries = tries + 1, next_try_at = ? WHERE key = ?",
            [time_text(next_try_at), key],
        )


def _notice(row: dict[str, Any]) -> Notice:
    return Notice(
        key=row["key"],
        kind=row["kind"],
        order_id=row["order_id"],
        made_at=datetime.fromisoformat(row["made_at"]),
        content=to_json(row["content"]),
        wanted=row["wanted"],
        shown=row["shown"],
        is_begun=row["begun_at"] is not None,
        channel=row["channel"],
        message_ts=row["message_ts"],
        tries=row["tries"],
    )
