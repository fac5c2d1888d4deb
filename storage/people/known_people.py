"""Who was in the audit channel and in the user groups that count, when they were last looked at.

It is kept so that who came while the bot was not running is noticed, and nobody is announced twice.
A place is a channel's or a user group's id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.outbox.outbox import Outbox
from storage.values import now, time_text, to_time


class KnownPeople:
    """People by place; `may_act`: they were fit to act, None where that was not found out."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db
        self._outbox = Outbox(db)

    def of(self, place: str) -> dict[str, bool | None] | None:
        """Return who was there and whether they may act; None: it was never looked at."""
        seen = "SELECT 1 FROM known_places WHERE place = ? AND looked_at IS NOT NULL"
        if self._db.execute(seen, [place]).fetchone() is None:
            return None
        sql = "SELECT user_id, may_act FROM known_people WHERE place = ?"
        rows = self._db.execute(sql, [place]).fetchall()
        return {user: None if able is None else bool(able) for user, able in rows}

    def take_in(
        self,
        place: str,
        here: Mapping[str, bool | None],
        left: Collection[str],
        announcements: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Note who is here and who has left, with what is to be announced, by its kind."""
        with self._db.atomic():
            before, since = self.of(place) or {}, self._looked_at(place)
            changed = [each for each in here.items() if each not in before.items()]
            self._add(place)
            looked = "UPDATE known_places SET looked_at = ? WHERE place = ?"
            self._db.execute(looked, [time_text(now()), place])
            for user in left:
                gone = "DELETE FROM known_people WHERE place = ? AND user_id = ?"
                self._db.execute(gone, [place, user])
                noticed = "INSERT OR REPLACE INTO gone_people VALUES (?, ?, ?)"
                self._db.execute(noticed, [place, user, time_text(now())])
            for user, able in here.items():
                self._db.execute(
                    "INSERT INTO known_people (place, user_id, may_act) VALUES (?, ?, ?)"
                    " ON CONFLICT (place, user_id) DO UPDATE SET may_act = excluded.may_act",
                    [place, user, able],
                )
            for kind, content in announcements.items():
                about = [place, sorted(changed, key=str), sorted(left)]
                self._outbox.add(kind, dict(content), about=about, since=since)

    def gone_since(self, place: str, since: datetime) -> frozenset[str]:
        """Return who was there and is not any more, as noticed since then."""
        sql = "SELECT user_id FROM gone_people WHERE place = ? AND noticed_at >= ?"
        return frozenset(user for (user,) in self._db.execute(sql, [place, time_text(since)]))

    def trouble(self, place: str) -> str:
        """Return what was wrong with the place when that was last told, "" when nothing was."""
        sql = "SELECT trouble FROM known_places WHERE place = ?"
        row = self._db.execute(sql, [place]).fetchone()
        return str(row[0]) if row else ""

    def set_trouble(
        self, place: str, trouble: str, kind: str, contents: Collection[Mapping[str, Any]]
    ) -> None:
        """Note what is wrong with the place, with the messages that tell it: to a person, `to`."""
        with self._db.atomic():
            self._add(place)
            told = "UPDATE known_places SET trouble = ? WHERE place = ?"
            self._db.execute(told, [trouble, place])
            for content in contents:
                self._outbox.add(
                    kind,
                    dict(content),
                    about=[place, trouble],
                    recipient=content.get("to"),
                    since=self._looked_at(place),
                )

    def end_alarms(self, kind: str) -> bool:
        """Have the alarms that were told in person say that they are over. False: all do."""
        return self._outbox.end(kind)

    def _looked_at(self, place: str) -> datetime | None:
        sql = "SELECT looked_at FROM known_places WHERE place = ?"
        row = self._db.execute(sql, [place]).fetchone()
        return to_time(row[0]) if row else None

    def _add(self, place: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO known_places (place) VALUES (?)", [place])
