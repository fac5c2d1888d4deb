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
            noted INTEGER NOT NULL DEFAULT 0,
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
    for name, columns in (
        ("due", "(next_try_at) WHERE next_try_at IS NOT NULL"),
        ("by_order", "(order_id) WHERE order_id IS NOT NULL"),
        ("by_kind", "(kind, made_at)"),
        ("by_spot", "(channel, message_ts)"),
        ("by_thread", "(channel, thread_ts) WHERE thread_ts IS NOT NULL"),
        ("untold", "(place) WHERE place = 'home'"),
        ("fallen", "(why) WHERE why IS NOT NULL"),
    ):
        db.execute(f"CREATE INDEX outbox_{name} ON outbox {columns}")
    _take_over_notices(db)
    _take_over_threads(db)
    _take_over_outside_events(db)


def _take_over_notices(db: Database) -> None:
    db.execute(
        """
        INSERT INTO outbox (key, kind, order_id, recipient, content, made_at, wanted, shown, place,
            channel, thread_ts, message_ts, doubts, next_try_at)
        SELECT n.key, n.kind, n.order_id, json_extract(n.content, '$.to'), n.content, n.made_at,
            n.wanted, n.shown,
            CASE WHEN n.message_ts IS NULL THEN NULL
                WHEN json_extract(n.content, '$.to') IS NOT NULL THEN 'direct'
                WHEN n.order_id IS NOT NULL THEN 'thread' ELSE 'channel' END,
            n.channel, t.thread_ts, n.message_ts,
            iif(n.begun_at IS NOT NULL AND n.message_ts IS NULL AND n.shown IS NOT n.wanted,
                json_array(json_object('since', n.made_at)), '[]'),
            iif(n.shown IS n.wanted, NULL, coalesce(n.next_try_at, n.made_at))
        FROM notices n LEFT JOIN order_threads t
            ON t.order_id = n.order_id AND t.channel = n.channel
        """
    )
    db.execute("DROP TABLE notices")


def _take_over_threads(db: Database) -> None:
    db.execute(
        """
        INSERT INTO outbox (key, kind, order_id, content, made_at, wanted, shown, told_at, place,
            channel, message_ts, next_try_at)
        SELECT 'root-' || order_id, 'root', order_id, '{}', saved_at, 'said', 'said', saved_at,
            'channel', channel, thread_ts, refresh_at
        FROM order_threads
        """
    )
    db.execute("DROP TABLE order_threads")


def _take_over_outside_events(db: Database) -> None:
    db.execute(
        """
        INSERT INTO outbox (key, kind, order_id, content, made_at, wanted, shown, told_at, place,
            channel, thread_ts, message_ts, doubts, next_try_at)
        SELECT 'outside-' || id, 'outside', order_id, json_object('event_id', id), received_at,
            'said', iif(told_at IS NULL, NULL, 'said'), told_at,
            iif(told_at IS NULL, NULL, 'thread'), channel, thread_ts, message_ts,
            iif(telling_at IS NOT NULL AND told_at IS NULL,
                json_array(json_object('since', received_at)), '[]'),
            iif(told_at IS NULL, coalesce(next_try_at, received_at), NULL)
        FROM outside_events WHERE verdict = 'outside'
        """
    )
    db.execute("DROP INDEX outside_open")
    db.execute("CREATE INDEX outside_open ON outside_events (id) WHERE verdict IS NULL")
    for column in ("telling_at", "told_at", "channel", "thread_ts", "message_ts"):
        db.execute(f"ALTER TABLE outside_events DROP COLUMN {column}")
