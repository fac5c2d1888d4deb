"""Whom a channel or a thread is about. Only numbers are kept: a customer's, or a guest's order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from storage.values import now, time_text


@dataclass(frozen=True, slots=True)
class Conversation:
    """A channel, or with `thread_ts` one thread in it."""

    team_id: str
    channel: str
    thread_ts: str = ""

    @property
    def key(self) -> list[str]:
        """The three as the table has them."""
        return [self.team_id, self.channel, self.thread_ts]


@dataclass(frozen=True, slots=True)
class Link:
    """The one a conversation is about: `customer_id`, else the guest of the order `order_id`."""

    customer_id: int | None
    order_id: int | None
    linked_by: str


class Links:
    """One customer for each conversation."""

    def __init__(self, db: Database) -> None:
        """Keep the open database."""
        self._db = db

    def find(self, conversation: Conversation) -> Link | None:
        """Return whom the conversation is about, None when nobody said."""
        sql = (
            "SELECT customer_id, order_id, linked_by FROM links"
            " WHERE team_id = ? AND channel = ? AND thread_ts = ?"
        )
        for row in self._db.query(sql, conversation.key):
            return Link(**row)
        return None

    def save(self, conversation: Conversation, link: Link) -> None:
        """Remember whom the conversation is about, in place of somebody else."""
        self._db.execute(
            "INSERT INTO links (team_id, channel, thread_ts, customer_id, order_id, linked_by,"
            " linked_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (team_id, channel, thread_ts)"
            " DO UPDATE SET customer_id = excluded.customer_id, order_id = excluded.order_id,"
            " linked_by = excluded.linked_by, linked_at = excluded.linked_at",
            [
                *conversation.key,
                link.customer_id,
                link.order_id,
                link.linked_by,
                time_text(now()),
            ],
        )

    def forget(self, conversation: Conversation) -> bool:
        """Forget it; False when there was nothing to forget."""
        sql = "DELETE FROM links WHERE team_id = ? AND channel = ? AND thread_ts = ?"
        return bool(self._db.execute(sql, conversation.key).rowcount)
