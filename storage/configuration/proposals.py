"""Changes of the configuration that loosen its rules: asked for, and ended once.

What was asked for stays as it was: a change of mind is another proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.values import json_text, now, time_text, to_json, to_time

OPEN = "open"
CONFIRMED, REFUSED, WITHDRAWN = "confirmed", "refused", "withdrawn"
# REPLACED: by another of the same person. OVERTAKEN: what it would change was changed meanwhile.
REPLACED, OVERTAKEN, LAPSED = "replaced", "overtaken", "lapsed"
IN_FORCE = "in force"  # by time: there was nobody else who could confirm it


@dataclass(frozen=True, slots=True)
class Proposal:
    """One. `changes` are (path of a field, plain value before, plain value after).

    `alone_since`: since when nobody else could confirm it, None while somebody can. `held_until`:
    in force for others, and for who asked from then on. `told`: the state that Slack was to show
    last, with a word behind it.
    """

    id: int
    asked_at: datetime
    team_id: str
    actor_id: str
    changes: tuple[tuple[str, Any, Any], ...]
    alone_since: datetime | None
    state: str
    ended_at: datetime | None
    ended_by: str | None
    held_until: datetime | None
    told: str | None

    @property
    def is_open(self) -> bool:
        """Whether it can still be confirmed."""
        return self.state == OPEN

    @property
    def paths(self) -> tuple[str, ...]:
        """The fields that it is about."""
        return tuple(path for path, _, _ in self.changes)


class Proposals:
    """What waits for a second person, and what became of it."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def add(
        self, changes: Sequence[tuple[str, Any, Any]], *, team_id: str, actor_id: str
    ) -> Proposal:
        """Write a proposal down."""
        plain = json_text([list(change) for change in changes])
        with self._db.atomic():
            added = self._db.execute(
                "INSERT INTO configuration_proposals (asked_at, team_id, actor_id, changes)"
                " VALUES (?, ?, ?, ?)",
                [time_text(now()), team_id, actor_id, plain],
            )
            sql = "SELECT * FROM configuration_proposals WHERE id = ?"
            rows = self._db.query(sql, [added.lastrowid])
            return next(_proposal(row) for row in rows)

    def find(self, proposal_id: int) -> Proposal | None:
        """Return the proposal, or None."""
        sql = "SELECT * FROM configuration_proposals WHERE id = ?"
        for row in self._db.query(sql, [proposal_id]):
            return _proposal(row)
        return None

    def open(self) -> list[Proposal]:
        """Return what can still be confirmed, oldest first."""
        sql = "SELECT * FROM configuration_proposals WHERE ended_at IS NULL ORDER BY id"
        return [_proposal(row) for row in self._db.query(sql)]

    def latest(self, limit: int) -> list[Proposal]:
        """Return what was asked for last, whatever became of it, newest first."""
        sql = "SELECT * FROM configuration_proposals ORDER BY id DESC LIMIT ?"
        return [_proposal(row) for row in self._db.query(sql, [limit])]

    def untold(self) -> list[Proposal]:
        """Return what ended without Slack being set to show that."""
        sql = "SELECT * FROM configuration_proposals WHERE told IS NOT state AND state IS NOT ?"
        return [_proposal(row) for row in self._db.query(sql, [OPEN])]

    def held_from(self, actor_id: str, at: datetime) -> list[Proposal]:
        """Return what is in force for others and not yet for who asked, oldest first."""
        sql = (
            "SELECT * FROM configuration_proposals"
            " WHERE actor_id = ? AND held_until > ? ORDER BY id"
        )
        return [_proposal(row) for row in self._db.query(sql, [actor_id, time_text(at)])]

    def end(
        self, proposal_id: int, state: str, *, by: str | None, held_until: datetime | None = None
    ) -> bool:
        """End it. False: it has ended already, or there is none."""
        cursor = self._db.execute(
            "UPDATE configuration_proposals SET state = ?, ended_at = ?, ended_by = ?,"
            " held_until = ? WHERE id = ? AND ended_at IS NULL",
            [
                state,
                time_text(now()),
                by,
                time_text(held_until) if held_until else None,
                proposal_id,
            ],
        )
        return cursor.rowcount == 1

    def set_alone_since(self, proposal_id: int, at: datetime | None) -> None:
        """Note since when nobody else can confirm it."""
        self._db.execute(
            "UPDATE configuration_proposals SET alone_since = ? WHERE id = ? AND ended_at IS NULL",
            [time_text(at) if at else None, proposal_id],
        )

    def set_told(self, proposal_id: int, told: str) -> None:
        """Note what Slack is to show of it."""
        self._db.execute(
            "UPDATE configuration_proposals SET told = ? WHERE id = ?", [told, proposal_id]
        )


def _proposal(row: dict[str, Any]) -> Proposal:
    return Proposal(
        id=row["id"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        team_id=row["team_id"],
        actor_id=row["actor_id"],
        changes=tuple((path, before, after) for path, before, after in to_json(row["changes"])),
        alone_since=to_time(row["alone_since"]),
        state=row["state"],
        ended_at=to_time(row["ended_at"]),
        ended_by=row["ended_by"],
        held_until=to_time(row["held_until"]),
        told=row["told"],
    )
