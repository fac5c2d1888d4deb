"""Forms that are being filled in: what Slack's 3,000 bytes of view metadata cannot hold."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.values import json_text, now, time_text, to_json, to_time

JSON_FIELDS = ("values", "context", "request", "review")
TIME_FIELDS = ("created_at", "updated_at")
# A draft's step: before somebody's eyes as one of these two, then sent or put away.
FORM, REVIEW, SENT, CLOSED = "form", "review", "sent", "closed"


@dataclass(frozen=True, slots=True)
class Draft:
    """A form on its way to a request; change it with `dataclasses.replace`, then save it.

    `reference` is the one that its request will have, fixed when the form opens: the same form
    submitted twice is the same request. `values` is what was typed, `context` what the form needs
    to know, `request` and `review` what the agent is asked to confirm; all plain JSON.
    """

    draft_id: str
    reference: str
    team_id: str
    actor_id: str
    action: str
    order_id: int | None
    created_at: datetime
    updated_at: datetime
    view_id: str | None = None
    step: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    request: dict[str, Any] | None = None
    review: dict[str, Any] | None = None


class Drafts:
    """The drafts, by their unguessable ids."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def create(
        self, *, reference: str, team_id: str, actor_id: str, action: str, order_id: int | None
    ) -> Draft:
        """Begin a draft and keep it."""
        at = now()
        draft = Draft(
            draft_id=secrets.token_urlsafe(12),
            reference=reference,
            team_id=team_id,
            actor_id=actor_id,
            action=action,
            order_id=order_id,
            created_at=at,
            updated_at=at,
        )
        self._db.table("drafts").insert(_row(draft))
        return draft

    def find(self, draft_id: str) -> Draft | None:
        """Return the draft, or None when it is not there (any more)."""
        for row in self._db.query("SELECT * FROM drafts WHERE draft_id = ?", [draft_id]):
            return _draft(row)
        return None

    def open_on(self, order_id: int, *, since: datetime) -> list[Draft]:
        """Return the order's drafts that are filled in or reviewed, touched since then."""
        sql = (
            "SELECT * FROM drafts WHERE order_id = ? AND updated_at >= ? AND step IN (?, ?)"
            " ORDER BY created_at"
        )
        values = [order_id, time_text(since), FORM, REVIEW]
        return [_draft(row) for row in self._db.query(sql, values)]

    def save(self, draft: Draft) -> None:
        """Keep the draft as it is now; `updated_at` is set. Raises KeyError when it is gone."""
        row = _row(replace(draft, updated_at=now()))
        assignments = ", ".join(f'"{name}" = :{name}' for name in row)
        sql = f"UPDATE drafts SET {assignments} WHERE draft_id = :draft_id"  # noqa: S608 - our names
        if self._db.execute(sql, row).rowcount != 1:
            raise KeyError(draft.draft_id)

    def delete_before(self, at: datetime) -> int:
        """Delete the drafts untouched since `at`; return how many there were."""
        sql = "DELETE FROM drafts WHERE updated_at < ?"
        return int(self._db.execute(sql, [time_text(at)]).rowcount)


def _row(draft: Draft) -> dict[str, Any]:
    row = asdict(draft)
    for name in JSON_FIELDS:
        row[name] = None if row[name] is None else json_text(row[name])
    for name in TIME_FIELDS:
        row[name] = time_text(row[name])
    return row


def _draft(row: dict[str, Any]) -> Draft:
    values = {name: to_json(row[name]) for name in JSON_FIELDS}
    times = {name: to_time(row[name]) for name in TIME_FIELDS}
    return Draft(**(row | values | times))
