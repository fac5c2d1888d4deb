"""The configuration's history: every change, who made it, what was there before. It only grows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.configuration.proposals import Proposals
from storage.values import json_text, now, time_text, to_json


@dataclass(frozen=True, slots=True)
class ConfigurationChange:
    """One change of one section, as plain JSON values.

    `confirmed_by` is the second person, None where the change needed none.
    """

    at: datetime
    team_id: str
    actor_id: str
    section: str
    before: Any
    after: Any
    confirmed_by: str | None = None


class ConfigurationLog:
    """What was configured, and by whom."""

    def __init__(self, db: Database) -> None:
        """Keep the open database; `proposals` are the changes that wait."""
        self._db = db
        self.proposals = Proposals(db)

    def latest(self) -> dict[str, Any]:
        """Return section -> value as it was set last, without the sections nobody changed."""
        cursor = self._db.execute(
            "SELECT section, after FROM configuration_changes WHERE id IN"
            " (SELECT max(id) FROM configuration_changes GROUP BY section)"
        )
        return {section: to_json(after) for section, after in cursor}

    def latest_number(self) -> int:
        """Return the number of the latest change, 0 for none."""
        row = self._db.execute("SELECT max(id) FROM configuration_changes").fetchone()
        return int(row[0] or 0)

    def change(self, section: str, before: Any, after: Any, *, team_id: str, actor_id: str) -> None:
        """Write a change down: it counts from now on."""
        self.change_all([(section, before, after)], team_id=team_id, actor_id=actor_id)

    def change_all(
        self,
        changes: Sequence[tuple[str, Any, Any]],
        *,
        team_id: str,
        actor_id: str,
        confirmed_by: str | None = None,
    ) -> list[ConfigurationChange]:
        """Write changes down, each as (section, before, after): all of them or none."""
        at = now()
        kept = [
            ConfigurationChange(at, team_id, actor_id, *change, confirmed_by) for change in changes
        ]
        with self._db.atomic():
            for change in kept:
                self._db.execute(
                    "INSERT INTO configuration_changes"
                    " (at, team_id, actor_id, section, before, after, confirmed_by)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        time_text(change.at),
                        change.team_id,
                        change.actor_id,
                        change.section,
                        json_text(change.before),
                        json_text(change.after),
                        change.confirmed_by,
                    ],
                )
        return kept

    def history(self, limit: int = 20) -> list[ConfigurationChange]:
        """Return the latest changes, newest first."""
        sql = "SELECT * FROM configuration_changes ORDER BY id DESC LIMIT ?"
        return [_to_change(row) for row in self._db.query(sql, [limit])]

    def atomic(self) -> AbstractContextManager[Any]:
        """Keep what is written inside all together or not at all."""
        return self._db.atomic()

    def is_activated_ever(self) -> bool:
        """Tell whether the actions were ever activated."""
        return self._first_activation() is not None

    def since(self, at: datetime) -> list[ConfigurationChange]:
        """Return the changes since then and since the first activation, newest first."""
        sql = "SELECT * FROM configuration_changes WHERE id > ? AND at >= ? ORDER BY id DESC"
        first = self._first_activation() or 0
        return [_to_change(row) for row in self._db.query(sql, [first, time_text(at)])]

    def _first_activation(self) -> int | None:
        sql = "SELECT min(id) FROM configuration_changes WHERE section = ? AND after = 'true'"
        found: int | None = self._db.execute(sql, ["activated"]).fetchone()[0]
        return found


def _to_change(row: dict[str, Any]) -> ConfigurationChange:
    return ConfigurationChange(
        at=datetime.fromisoformat(row["at"]),
        team_id=row["team_id"],
        actor_id=row["actor_id"],
        section=row["section"],
        before=to_json(row["before"]),
        after=to_json(row["after"]),
        confirmed_by=row.get("confirmed_by"),  # older files have none
    )
