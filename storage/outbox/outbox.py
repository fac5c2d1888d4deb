"""The outbox: everything that the bot says in a channel, a thread or to a person, a row each.

What a message is to show is written in the same transaction as what it is about, and rendered when
it is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from storage.outbox.posts import OVER, ROOT, SAID, Doubt, Post, copy_key, doubts_text, root_key
from storage.outbox.rows import LAST, OutboxRows
from storage.values import json_text, now, time_text

# No copy of another message that goes to a person.
ORIGINAL = "instr(key, '~') = 0"


class Whose(TypedDict, total=False):
    """Whose a message is, as in `Post`, and what it is to show, SAID where that is not told.

    `since`: when what it is about began. Where the data was restored later than that it may have
    been said already.
    """

    wanted: str
    order_id: int | None
    recipient: str | None
    actor_id: str | None
    since: datetime | None


class Outbox(OutboxRows):
    """What is to be said."""

    def put(self, key: str, kind: str, content: dict[str, Any], **whose: Unpack[Whose]) -> None:
        """Add a message, or change what the one of this key says and is to show."""
        with self._db.atomic():
            if not self.add_once(key, kind, content, **whose):
                sql = "UPDATE outbox SET content = ? WHERE key = ?"
                self._db.execute(sql, [json_text(content), key])
                self.want(key, whose.get("wanted", SAID))

    def add_once(
        self, key: str, kind: str, content: dict[str, Any], **whose: Unpack[Whose]
    ) -> bool:
        """Add a message. False: there is one of this key, and nothing was changed."""
        at, since = time_text(now()), whose.get("since")
        doubts = (Doubt(since),) if since is not None and self._is_restored_since(since) else ()
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO outbox (key, kind, order_id, recipient, actor_id, content,"
            " made_at, wanted, doubts, next_try_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(key, kind, *(whose.get(each) for each in ("order_id", "recipient", "actor_id"))),
                *(json_text(content), at, whose.get("wanted", SAID), doubts_text(doubts), at),
            ],
        )
        return cursor.rowcount == 1

    def add(
        self,
        kind: str,
        content: dict[str, Any],
        *,
        about: Sequence[Any] = (),
        **whose: Unpack[Whose],
    ) -> None:
        """Add a message of which there may be several, under a key that follows from what it says.

        `about` are plain values that tell what that is, () for its content: with data that was lost
        the same is found again, as it was the next one of its key then.
        """
        said = json_text([*about] or content) + (whose.get("recipient") or "")
        first = f"{kind}-{hashlib.sha256(said.encode()).hexdigest()[:12]}-"
        with self._db.atomic():
            # Their copies count for nothing: whom those went to is not part of what is said.
            sql = f"SELECT count(*) FROM outbox WHERE key BETWEEN ? AND ? AND {ORIGINAL}"  # noqa: S608 - ours
            (number,) = self._db.execute(sql, [first, first + LAST]).fetchone()
            self.add_once(f"{first}{number}", kind, content, **whose)

    def add_unless_since(
        self, kind: str, content: dict[str, Any], *, since: datetime, wanted: str = SAID
    ) -> bool:
        """Add a message for the channel. False: there is one of the kind made since then."""
        with self._db.atomic():
            # A copy may be much later than what it is of.
            latest = f"SELECT 1 FROM outbox WHERE kind = ? AND made_at > ? AND {ORIGINAL}"  # noqa: S608 - ours
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

    def _is_restored_since(self, at: datetime) -> bool:
        sql = "SELECT 1 FROM log_periods WHERE began_at >= ?"
        return self._db.execute(sql, [time_text(at)]).fetchone() is not None
