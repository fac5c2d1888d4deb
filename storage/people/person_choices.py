"""What people have chosen for themselves."""

from __future__ import annotations

from sqlite_utils import Database

# How who asked is told that what was on its way has come to its end.
BY_MESSAGE, IN_THREAD, NOT_AT_ALL = "message", "thread", "none"
WAYS = (BY_MESSAGE, IN_THREAD, NOT_AT_ALL)


class PersonChoices:
    """Choices by team and person."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def settled_by(self, team_id: str, user_id: str) -> str:
        """Return one of WAYS, BY_MESSAGE for who has chosen nothing."""
        sql = "SELECT settled_by FROM person_choices WHERE team_id = ? AND user_id = ?"
        row = self._db.execute(sql, [team_id, user_id]).fetchone()
        return BY_MESSAGE if row is None else str(row[0])

    def choose_settled_by(self, team_id: str, user_id: str, way: str) -> None:
        """Keep one of WAYS; raises ValueError for anything else."""
        if way not in WAYS:
            raise ValueError(way)
        self._db.execute(
            "INSERT INTO person_choices (team_id, user_id, settled_by) VALUES (?, ?, ?)"
            " ON CONFLICT (team_id, user_id) DO UPDATE SET settled_by = excluded.settled_by",
            [team_id, user_id, way],
        )
