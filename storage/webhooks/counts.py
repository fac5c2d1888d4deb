"""What came to the webhook receiver that it could not use, counted; and the secrets it has had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.values import now, time_text

_SECRET = "secret:"  # noqa: S105 - before the hash of one


@dataclass(frozen=True, slots=True)
class WebhookCount:
    """How often something came that is `name`, and when for the last time."""

    name: str
    count: int
    last_at: datetime


class WebhookCounts:
    """The counts, by what they are of."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def add(self, name: str) -> None:
        """Count one more. `name` is of few kinds: each has a row for ever."""
        self._db.execute(
            "INSERT INTO webhook_counts (name, count, first_at, last_at)"
            " VALUES (:name, 1, :at, :at)"
            " ON CONFLICT (name) DO UPDATE SET count = count + 1, last_at = excluded.last_at",
            {"name": name, "at": time_text(now())},
        )

    def since(self, at: datetime) -> list[WebhookCount]:
        """Return what has come since then, the most frequent first."""
        rows = self._db.query(
            "SELECT * FROM webhook_counts WHERE last_at >= ? AND name NOT LIKE ?"
            " ORDER BY count DESC, name",
            [time_text(at), f"{_SECRET}%"],
        )
        return [
            WebhookCount(
                row["name"],
                row["count"],
                datetime.fromisoformat(row["last_at"]),
            )
            for row in rows
        ]

    def use_secret(self, digest: str) -> None:
        """Note the hash of the secret that deliveries are known by from now on."""
        self.add(f"{_SECRET}{digest}")

    def former_secrets(self, digest: str) -> frozenset[str]:
        """Return the hashes of the secrets that were used beside this one."""
        rows = self._db.query("SELECT name FROM webhook_counts WHERE name LIKE ?", [f"{_SECRET}%"])
        return frozenset(row["name"].removeprefix(_SECRET) for row in rows) - {digest}
