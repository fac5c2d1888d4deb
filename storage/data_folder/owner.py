"""Whose data it is: one store, one Slack app. Another one's log must never be carried on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from storage.values import now, time_text


@dataclass(frozen=True, slots=True)
class Owner:
    """A store and the bot of a Slack app in a workspace, by the platforms' own ids."""

    store_hash: str
    team_id: str
    bot_id: str


class LogOwner:
    """The owner, written down at the first start."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def find(self) -> Owner | None:
        """Return the owner, None before the first start."""
        cursor = self._db.execute("SELECT store_hash, team_id, bot_id FROM log_owner")
        row = cursor.fetchone()
        return None if row is None else Owner(*row)

    def set(self, owner: Owner) -> None:
        """Write the owner down in place of an earlier one."""
        self._db.execute(
            "INSERT INTO log_owner (one, store_hash, team_id, bot_id, since)"
            " VALUES (1, ?, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET"
            " store_hash = excluded.store_hash, team_id = excluded.team_id,"
            " bot_id = excluded.bot_id, since = excluded.since",
            [owner.store_hash, owner.team_id, owner.bot_id, time_text(now())],
        )
