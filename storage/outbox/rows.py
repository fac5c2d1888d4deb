"""The rows of the outbox as whoever sends them sees them: what is due, and what has come of it.

Where a message is about to be posted is written before that (`claim`): a copy may stand there until
it is known whether it does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.outbox.posts import Doubt, Post, Spot, copies_text, copy_key, doubts_text, to_post
from storage.values import json_text, now, time_text

# Older cases are closed.
LOST_MATTERS = timedelta(days=30)
# Behind every id.
LAST = "~"
# Stands in another place than its own, or has copies there.
ASTRAY = "(why IS NOT NULL OR copies <> '[]')"


class OutboxRows:
    """The messages, by their keys; `Outbox` adds them, and says what they are to show."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def atomic(self) -> AbstractContextManager[Any]:
        """Return a transaction, also around what others write into the same database."""
        return self._db.atomic()

    def find(self, key: str) -> Post | None:
        """Return the message, or None."""
        return next(iter(self._all("key = ?", [key])), None)

    def latest_of(self, kind: str) -> Post | None:
        """Return the latest message of the kind, None when there was none."""
        return next(iter(self._all("kind = ? ORDER BY made_at DESC LIMIT 1", [kind])), None)

    def copies_of(self, key: str) -> list[Post]:
        """Return what `copy_to` has made of a message."""
        return self._all("key BETWEEN ? AND ?", [copy_key(key, ""), copy_key(key, LAST)])

    def hurry(self, at: datetime, *, told_since: datetime) -> None:
        """Have everything tried then that waits.

        Also what was told since then, and stands in another place or has copies there.
        """
        waits, values = "next_try_at > ? AND tries > 0", [at, at, told_since]
        where = f"({waits}) OR ({ASTRAY} AND told_at >= ?)"
        sql = f"UPDATE outbox SET next_try_at = ? WHERE {where}"  # noqa: S608 - ours
        self._db.execute(sql, [time_text(each) for each in values])

    def hurry_older(self, at: datetime, *, apart: timedelta) -> None:
        """Have tried what stands in another place and is tried no more, the latest one first.

        `apart`: so long after one another.
        """
        sql = f"SELECT key FROM outbox WHERE {ASTRAY} AND next_try_at IS NULL"  # noqa: S608 - ours
        cursor = self._db.execute(f"{sql} ORDER BY told_at DESC, rowid DESC")
        with self._db.atomic():
            for place, (key,) in enumerate(cursor.fetchall()):
                self._db.execute(
                    "UPDATE outbox SET next_try_at = ? WHERE key = ?",
                    [time_text(at + place * apart), key],
                )

    def due(self, at: datetime, order_id: int | None = None) -> list[Post]:
        """Return what there is to do something about, oldest first; of that order alone.

        Root messages come last, for they show what the others tell.
        """
        whose = "" if order_id is None else f" AND order_id = {order_id:d}"
        order = "ORDER BY kind = 'root', made_at, rowid"
        return self._all(f"next_try_at <= ?{whose} {order}", [time_text(at)])

    def due_lanes(self, at: datetime, most: int) -> list[tuple[int | str, bool]]:
        """Return of which orders, or messages without one, something is due, oldest first.

        At most so many of them. What is said already, if not in its place, comes after what is not.
        With each whether there is more than its root message to draw; the others come last, those
        drawn latest first.
        """
        # Each is read in the order of its index, and no further than is needed.
        news = (
            "SELECT coalesce(order_id, key) FROM outbox INDEXED BY outbox_due_news"
            " WHERE kind <> 'root' AND next_try_at <= ? ORDER BY noted = version, made_at"
        )
        roots = (
            "SELECT order_id FROM outbox INDEXED BY outbox_due_roots"
            " WHERE kind = 'root' AND next_try_at <= ? ORDER BY told_at DESC LIMIT ?"
        )
        lanes: dict[int | str, bool] = {}
        for (lane,) in self._db.execute(news, [time_text(at)]):
            lanes.setdefault(lane, True)
            if len(lanes) == most:
                return list(lanes.items())
        # Those that have news are among them.
        for (lane,) in self._db.execute(roots, [time_text(at), most]):
            lanes.setdefault(lane, False)
        return list(lanes.items())[:most]

    def untold(self) -> list[Post]:
        """Return what is told by the Home tab alone, while it is tried; oldest first."""
        # In so many words, for the index is of these alone.
        return self._all("place = 'home' AND next_try_at IS NOT NULL ORDER BY made_at", [])

    def lost(self, at: datetime) -> Doubt | None:
        """Return when messages may have been posted that this data has never known; None: never.

        That is between its last event and the moment since when it is used, where it was older than
        the store. Of what is longer ago than LOST_MATTERS nothing is asked any more.
        """
        began = "SELECT max(began_at) FROM log_periods WHERE began_at >= ?"
        (until,) = self._db.execute(began, [time_text(at - LOST_MATTERS)]).fetchone()
        if until is None:
            return None
        before = "SELECT at FROM action_events WHERE at < ? ORDER BY id DESC LIMIT 1"
        last = self._db.execute(before, [until]).fetchone()
        began_at = datetime.fromisoformat(until)
        since = began_at - LOST_MATTERS
        if last is not None:
            since = max(since, datetime.fromisoformat(last[0]))
        return Doubt(since, until=began_at)

    def doubt_astray(self, doubt: Doubt) -> None:
        """Note that what is not in its place, or nowhere yet, may have been said before `until`."""
        text = json_text(json.loads(doubts_text((doubt,)))[0])
        self._db.execute(
            "UPDATE outbox SET doubts = json_insert(doubts, '$[#]', json(?))"
            " WHERE (why IS NOT NULL OR message_ts IS NULL) AND made_at <= ?",
            [text, time_text(doubt.until)],
        )

    def in_thread(self, root: Spot, *, told_since: datetime) -> list[Post]:
        """Return what stands below a root message and was drawn since then."""
        return self._all(
            "channel = ? AND thread_ts = ? AND told_at >= ?",
            [root.channel, root.message_ts, time_text(told_since)],
        )

    def claim(self, key: str, doubt: Doubt) -> None:
        """Note that it is posted there now: from here on its answer may get lost."""
        with self._db.atomic():
            post = self.find(key)
            if post is None:
                raise KeyError(key)
            sql = "UPDATE outbox SET doubts = ? WHERE key = ?"
            self._db.execute(sql, [doubts_text((*post.doubts, doubt)), key])

    def save(self, post: Post) -> None:
        """Write where it stands, may stand, and has left copies; not what it is to show."""
        self._db.execute(
            "UPDATE outbox SET shown = ?, place = ?, why = ?, channel = ?, thread_ts = ?,"
            " message_ts = ?, doubts = ?, copies = ?, tries = ? WHERE key = ?",
            [
                *(post.shown, post.place, post.why, post.channel, post.thread_ts, post.message_ts),
                *(doubts_text(post.doubts), copies_text(post.copies), post.tries, post.key),
            ],
        )

    def told(self, post: Post, shown: str, *, next_try_at: datetime | None) -> None:
        """Write that it shows that; what it is to show since its `version` is still to be done."""
        self._db.execute(
            "UPDATE outbox SET shown = ?, told_at = ?, noted = ?,"
            " wanted = iif(version = ?, ?, wanted),"
            " next_try_at = iif(version = ?, ?, next_try_at) WHERE key = ?",
            [
                *(shown, time_text(now()), post.version),
                *(post.version, shown, post.version, time_text(next_try_at), post.key),
            ],
        )

    def not_told(self, post: Post, *, next_try_at: datetime | None) -> None:
        """Write that it is told by the Home tab alone, where it is looked up."""
        sql = "UPDATE outbox SET noted = ? WHERE key = ?"
        self._db.execute(sql, [post.version, post.key])
        self.later(post, next_try_at)

    def later(self, post: Post, next_try_at: datetime | None) -> None:
        """Have it tried again then, or at once where it is to show something else by now."""
        self._db.execute(
            "UPDATE outbox SET next_try_at = ?, tries = ? WHERE key = ? AND version = ?",
            [time_text(next_try_at), post.tries, post.key, post.version],
        )

    def forget(self, key: str) -> None:
        """Keep nothing of what a message says."""
        self._db.execute("UPDATE outbox SET content = '{}' WHERE key = ?", [key])

    def _all(self, where: str, values: Sequence[Any]) -> list[Post]:
        sql = f"SELECT * FROM outbox WHERE {where}"  # noqa: S608 - ours
        return [to_post(row) for row in self._db.query(sql, list(values))]
