"""What happened to orders outside the bot, as their store told: each noted once, decided once.

An event waits undecided until it is known whether the bot itself was the cause. Then it has a
verdict: `outside` events go into the outbox, for the order's thread; the others do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.outbox import posts
from storage.outbox.outbox import Outbox
from storage.values import json_text, now, time_text, to_json, to_time

# OURS: the bot's own doing. UNSEEN: nothing to tell, or no thread to tell it in.
OUTSIDE, OURS, UNSEEN = "outside", "ours", "unseen"
_OPEN = "verdict IS NULL"


@dataclass(frozen=True, slots=True)
class OutsideEvent:
    """An event. `said` is what the thread says of it; `reference` the request that caused it."""

    id: int
    key: str
    order_id: int
    kind: str
    detail: dict[str, Any]
    happened_at: datetime
    received_at: datetime
    verdict: str | None
    reference: str | None
    said: str | None
    tries: int
    next_try_at: datetime | None


class OutsideEvents:
    """The events, by their ids."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db
        self._outbox = Outbox(db)

    def get(self, event_id: int) -> OutsideEvent:
        """Return the event; raises KeyError when there is none."""
        for event in self._all("id = ?", [event_id]):
            return event
        raise KeyError(event_id)

    def take(
        self, key: str, *, order_id: int, kind: str, detail: dict[str, Any], happened_at: datetime
    ) -> bool:
        """Note an event. False: it was noted before."""
        cursor = self._db.execute(
            "INSERT INTO outside_events (key, order_id, kind, detail, happened_at, received_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            [key, order_id, kind, json_text(detail), time_text(happened_at), time_text(now())],
        )
        return int(cursor.rowcount) == 1

    def due(self, at: datetime, order_id: int | None = None) -> list[OutsideEvent]:
        """Return of each order the oldest that is undecided, unless that has to wait.

        What comes after it waits with it: an order is told in order, and no order for another one.
        With `order_id`: of that one alone.
        """
        whose = _OPEN if order_id is None else f"{_OPEN} AND order_id = {order_id:d}"
        place = "row_number() OVER (PARTITION BY order_id ORDER BY happened_at, id)"
        first = f"SELECT id, {place} AS place FROM outside_events WHERE {whose}"  # noqa: S608 - ours
        is_first = f"id IN (SELECT id FROM ({first}) WHERE place = 1)"  # noqa: S608 - ours
        is_time = "(next_try_at IS NULL OR next_try_at <= ?)"
        return self._all(f"{is_first} AND {is_time}", [time_text(at)])

    def is_open(self, order_id: int, kind: str) -> bool:
        """Whether such an event of the order is undecided."""
        return bool(self._all(f"{_OPEN} AND order_id = ? AND kind = ?", [order_id, kind]))

    def earlier(self, event: OutsideEvent) -> list[OutsideEvent]:
        """Return the events of the same order and kind that happened before this one."""
        at = time_text(event.happened_at)
        return self._all(
            "order_id = ? AND kind = ? AND (happened_at < ? OR (happened_at = ? AND id < ?))",
            [event.order_id, event.kind, at, at, event.id],
        )

    def of_order(self, order_id: int) -> list[OutsideEvent]:
        """Return what was found to have happened to an order outside the bot, oldest first."""
        return self._all("order_id = ? AND verdict = 'outside'", [order_id])

    def is_used(self, reference: str, kind: str, detail: dict[str, Any]) -> bool:
        """Tell whether this request is the known cause of just such an event already."""
        where = "verdict = 'ours' AND reference = ? AND kind = ?"
        same = self._all(where, [reference, kind])
        return any(event.detail.get("after") == detail.get("after") for event in same)

    def count_own(self, event: OutsideEvent) -> int:
        """Return how many events of the same order and kind were the bot's own doing."""
        sql = "SELECT count(*) FROM outside_events WHERE verdict = 'ours'"
        same = [event.order_id, event.kind]
        row = self._db.execute(f"{sql} AND order_id = ? AND kind = ?", same).fetchone()
        return int(row[0])

    def decide(
        self, event_id: int, verdict: str, *, said: str = "", reference: str | None = None
    ) -> None:
        """Write the verdict, with what is to be told of what came from outside."""
        with self._db.atomic():
            self._set(event_id, verdict=verdict, said=said, reference=reference, next_try_at=None)
            if verdict == OUTSIDE:
                event = self.get(event_id)
                self._outbox.put(
                    f"{posts.OUTSIDE}-{event_id}",
                    posts.OUTSIDE,
                    {"event_id": event_id},
                    order_id=event.order_id,
                    since=event.received_at,
                )

    def wait(self, event_id: int, *, until: datetime, tries: int) -> None:
        """Have it looked at again then."""
        self._set(event_id, next_try_at=time_text(until), tries=tries)

    def _set(self, event_id: int, **values: Any) -> None:
        assignments = ", ".join(f"{name} = :{name}" for name in values)
        sql = f"UPDATE outside_events SET {assignments} WHERE id = :id"  # noqa: S608 - our names
        self._db.execute(sql, {**values, "id": event_id})

    def _all(self, where: str, values: list[Any]) -> list[OutsideEvent]:
        sql = f"SELECT * FROM outside_events WHERE {where} ORDER BY id"  # noqa: S608 - ours
        return [_event(row) for row in self._db.query(sql, values)]


def _event(row: dict[str, Any]) -> OutsideEvent:
    times = {name: to_time(value) for name, value in row.items() if name.endswith("_at")}
    return OutsideEvent(**(row | times | {"detail": to_json(row["detail"])}))
