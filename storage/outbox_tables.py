"""The step of the migrations that brings the outbox; never edited once released."""

from __future__ import annotations

from sqlite_utils import Database


def add_outbox(db: Database) -> None:
    """One row for each message of the bot's; see `posts`."""
    db.execute(
        """
        CREATE TABLE outbox (
            key TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            order_id INTEGER,
            recipient TEXT,
            actor_id TEXT,
            content TEXT NOT NULL,
            made_at TEXT NOT NULL,
            wanted TEXT NOT NULL,
            shown TEXT,
            told_at TEXT,
            version INTEGER NOT NULL DEFAULT 1,
            place TEXT,
            why TEXT,
            channel TEXT,
            thread_ts TEXT,
            message_ts TEXT,
            doubts TEXT NOT NULL DEFAULT '[]',
            copies TEXT NOT NULL DEFAULT '[]',
            tries INTEGER NOT NULL DEFAULT 0,
            next_try_at TEXT
        ) STRICT
        """
    )
    db.execute("CREATE INDEX outbox_due ON outbox (next_try_at) WHERE next_try_at IS NOT NULL")
    db.execute("CREATE INDEX outbox_by_order ON outbox (order_id) WHERE order_id IS NOT NULL")
    db.execute("CREATE INDEX outbox_by_kind ON outbox (kind, made_at)")
    db.execute("CREATE INDEX outbox_by_spot ON outbox (channel, message_ts)")
    db.execute("CREATE INDEX outbox_untold ON outbox (place) WHERE place = 'home'")
    db.execute("CREATE INDEX outbox_fallen ON outbox (why) WHERE why IS NOT NULL")
