"""Up to where the log knows the store: what came into being since then is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.values import time_text


@dataclass(frozen=True, slots=True)
class StoreLook:
    """A look that came to its end: when it began, and the highest ids that it saw."""

    looked_at: datetime
    coupon_id: int = 0
    promotion_id: int = 0


class StoreLooks:
    """The latest look."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def latest(self) -> StoreLook | None:
        """Return the latest look, None before the first."""
        sql = "SELECT looked_at, coupon_id, promotion_id FROM store_looks"
        row = self._db.execute(sql).fetchone()
        return None if row is None else StoreLook(datetime.fromisoformat(row[0]), row[1], row[2])

    def save(self, look: StoreLook) -> None:
        """Remember the look in place of the one before."""
        self._db.execute(
            "INSERT INTO store_looks (one, looked_at, coupon_id, promotion_id)"
            " VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET looked_at = excluded.looked_at,"
            " coupon_id = excluded.coupon_id, promotion_id = excluded.promotion_id",
            [time_text(look.looked_at), look.coupon_id, look.promotion_id],
        )
