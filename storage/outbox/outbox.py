"""The outbox: everything that the bot says in a channel, a thread or to a person, a row each.

What a message is to show is written in the same transaction as what it is about, and rendered when
it is sent. Where it is about to be posted is written before that (`claim`): a copy may stand there
until it is known whether it does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.outbox.posts import (
    OVER,
    ROOT,
    SAID,
    Doubt,
    Post,
    Spot,
    copies_text,
    copy_key,
    doubts_text,
    root_key,
    to_post,
)
from storage.values import json_text, now, time_text

# Older cases are closed.
LOST_MATTERS = timedelta(days=30)
# Behind every id.
LAST = "~"
# Stands in another place than its own, or has copies there.
ASTRAY = "(why IS NOT NULL OR copies <> '[]')"
# No copy of another message that goes to a person.
ORIGINAL = "instr(key, '~') = 0"


class Outbox:
    """The messages, by their keys."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def atomic(self) -> AbstractContextManager[Any]:
        """Return a transaction, also around what others write into the same database."""
        return self._db.atomic()

    # What is to be said.

    def put(
        self,
        key: str,
        kind: str,
        content: dict[str, Any],
        *,
        wanted: str = SAID,
        order_id: int | None = None,
        recipient: str | None = None,
        actor_id: str | None = None,
        since: datetime | None = None,
    ) -> None:
        """Add a message, or change what the one of this key is to show.

        `since`: when what it is about began. Where the data was restored later than that it may
        have been said already.
        """
        with self._db.atomic():
            if not self.add_once(
                key,
                kind,
                content,
                wanted=wanted,
                order_id=order_id,
                recipient=recipient,
                actor_id=actor_id,
                since=since,
            ):
                sql = "UPDATE outbox SET content = ? WHERE key = ?"
                self._db.execute(sql, [json_text(content), key])
                self.want(key, wanted)

    def add_once(
        self,
        key: str,
        kind: str,
        content: dict[str, Any],
        *,
        wanted: str = SAID,
        order_id: int | None = None,
        recipient: str | None = None,
        actor_id: str | None = None,
        since: datetime | None = None,
    ) -> bool:
        """Add a message as `put` does. False: there is one of this key, and nothing was changed."""
        at = time_text(now())
        doubts = (Doubt(since),) if since is not None and self._is_restored_since(since) else ()
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO outbox (key, kind, order_id, recipient, actor_id, content,"
            " made_at, wanted, doubts, next_try_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(key, kind, order_id, recipient, actor_id, json_text(content)),
                *(at, wanted, doubts_text(doubts), at),
            ],
        )
        return cursor.rowcount == 1

    def add(
        self,
        kind: str,
        content: dict[str, Any],
        *,
        about: Sequence[Any] = (),
        wanted: str = SAID,
        recipient: str | None = None,
        since: datetime | None = None,
    ) -> None:
        """Add a message of which there may be several, under a key that follows from what it says.

        `about` are plain values that tell what that is, () for its content: with data that was lost
        the same is found again, as it was the next one of its key then. `since` as for `put`.
        """
        said = json_text([*about] or content) + (recipient or "")
        first = f"{kind}-{hashlib.sha256(said.encode()).hexdigest()[:12]}-"
        with self._db.atomic():
            # Their copies count for nothing: whom those went to is not part of what is said.
            sql = f"SELECT count(*) FROM outbox WHERE key BETWEEN ? AND ? AND {ORIGINAL}"  # noqa: S608
            (number,) = self._db.execute(sql, [first, first + LAST]).fetchone()
            self.add_once(
                f"{first}{number}", kind, content, wanted=wanted, recipient=recipient, since=since
            )

    def add_unless_since(
        self, kind: str, content: dict[str, Any], *, since: datetime, wanted: str = SAID
    ) -> bool:
        """Add a message for the channel. False: there is one of the kind made since then."""
        with self._db.atomic():
            # A copy may be much later than what it is of.
            latest = f"SELECT 1 FROM outbox WHERE kind = ? AND made_at > ? AND {ORIGINAL}"  # noqa: S608
            if self._db.execute(latest, [kind, time_text(since)]).fetchone() is not None:
                return False
            self.add(kind, content, wanted=wanted, since=since)
            return True

    def copy_to(self, people: Iterable[str], post: Post, shown: str) -> None:
        """Have each of them told directly what a message says; who has been is not told again."""
        for user_id in people:
            self.add_once(
                copy_key(post.key, user_id),
                post.kind,
                post.content,
                wanted=shown,
                recipient=user_id,
                actor_id=post.actor_id,
                since=post.made_at,
            )

    def want(self, key: str, wanted: str | None = None, *, at: datetime | None = None) -> bool:
        """Have a message and its copies drawn anew, to show that; None: they are out of date.

        `at`: not before then, unless it is to be drawn before that anyway. False: there is none.
        """
        first, last = copy_key(key, ""), copy_key(key, LAST)
        cursor = self._db.execute(
            "UPDATE outbox SET wanted = coalesce(?, wanted), version = version + 1, tries = 0,"
            " next_try_at = min(?, coalesce(next_try_at, '9'))"
            " WHERE key = ? OR key BETWEEN ? AND ?",
            [wanted, time_text(at or now()), key, first, last],
        )
        return cursor.rowcount > 0

    def end(self, kind: str) -> bool:
        """Have all messages of a kind to persons show that it is over. False: all do already."""
        cursor = self._db.execute(
            "SELECT key FROM outbox WHERE kind = ? AND recipient IS NOT NULL AND wanted <> ?",
            [kind, OVER],
        )
        keys = [key for (key,) in cursor.fetchall()]
        with self._db.atomic():
            for key in keys:
                self.want(key, OVER)
        return bool(keys)

    def change_wanted(self, key: str, *, was: str, wanted: str) -> bool:
        """Have it show something else. False: it was to show another thing than `was`."""
        with self._db.atomic():
            sql = "SELECT 1 FROM outbox WHERE key = ? AND wanted = ?"
            return self._db.execute(sql, [key, was]).fetchone() is not None and self.want(
                key, wanted
            )

    def want_roots(
        self, at: datetime, *, told_since: datetime, apart: timedelta = timedelta(0)
    ) -> None:
        """Have all root messages drawn anew that were drawn since then, the latest one first.

        `apart`: so long after one another.
        """
        cursor = self._db.execute(
            "SELECT key FROM outbox WHERE kind = ? AND message_ts IS NOT NULL AND told_at >= ?"
            " ORDER BY told_at DESC, rowid DESC",
            [ROOT, time_text(told_since)],
        )
        with self._db.atomic():
            for place, (key,) in enumerate(cursor.fetchall()):
                self.want(key, at=at + place * apart)

    def seek_root(self, order_id: int) -> None:
        """Have the order's root message drawn anew, also one that only lost data has known."""
        key, lost = root_key(order_id), self.lost(now())
        with self._db.atomic():
            if not self.want(key) and lost is not None:
                self.put(key, ROOT, {}, order_id=order_id)
                self.claim(key, lost)

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

    # What there is.

    def find(self, key: str) -> Post | None:
        """Return the message, or None."""
        return next(iter(self._all("key = ?", [key])), None)

    def copies_of(self, key: str) -> list[Post]:
        """Return what `copy_to` has made of a message."""
        return self._all("key BETWEEN ? AND ?", [copy_key(key, ""), copy_key(key, LAST)])

    def latest_of(self, kind: str) -> Post | None:
        """Return the latest message of the kind, None when there was none."""
        return next(iter(self._all("kind = ? ORDER BY made_at DESC LIMIT 1", [kind])), None)

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

    # What the delivery writes.

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

    def _is_restored_since(self, at: datetime) -> bool:
        sql = "SELECT 1 FROM log_periods WHERE began_at >= ?"
        return self._db.execute(sql, [time_text(at)]).fetchone() is not None

    def _all(self, where: str, values: Sequence[Any]) -> list[Post]:
        sql = f"SELECT * FROM outbox WHERE {where}"  # noqa: S608 - ours
        return [to_post(row) for row in self._db.query(sql, list(values))]
