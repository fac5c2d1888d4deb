"""The steps of the migrations that bring the known people; never edited once released."""

from __future__ import annotations

from sqlite_utils import Database


def add_known_people(db: Database) -> None:
    """Who was in a channel or a user group when it was last looked at; see `known_people`."""
    db.execute(
        """
        CREATE TABLE known_places (
            place TEXT PRIMARY KEY,
            looked_at TEXT,
            trouble TEXT NOT NULL DEFAULT ''
        ) STRICT
        """
    )
    db.execute(
        """
        CREATE TABLE known_people (
            place TEXT NOT NULL,
            user_id TEXT NOT NULL,
            may_act INTEGER,
            PRIMARY KEY (place, user_id)
        ) STRICT
        """
    )


def add_gone_people(db: Database) -> None:
    """Who was there and is not any more, with when that was noticed last."""
    db.execute(
        """
        CREATE TABLE gone_people (
            place TEXT NOT NULL,
            user_id TEXT NOT NULL,
            noticed_at TEXT NOT NULL,
            PRIMARY KEY (place, user_id)
        ) STRICT
        """
    )
