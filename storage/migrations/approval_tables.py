"""The step of the migrations that brings approvals and limits; never edited once released."""

from __future__ import annotations

from sqlite_utils import Database


def add_approvals(db: Database) -> None:
    """What a request counts against limits, and the second person whom some requests wait for."""
    for column in (
        "counted TEXT DEFAULT '0'",
        "held_until TEXT",
        "decision TEXT",
        "decided_by TEXT",
        "decided_at TEXT",
        "decision_reason TEXT",
    ):
        db.execute(f"ALTER TABLE action_log ADD COLUMN {column}")
    db.execute(
        "CREATE INDEX log_waiting ON action_log (held_until)"
        " WHERE held_until IS NOT NULL AND decision IS NULL"
    )
    db.execute(
        "CREATE TRIGGER action_log_terms_stay BEFORE UPDATE OF counted, held_until ON action_log"
        " BEGIN SELECT RAISE(ABORT, 'a request stays as it was asked'); END"
    )
    db.execute(
        "CREATE TRIGGER action_log_decided_once BEFORE UPDATE OF decision, decided_by, decided_at"
        " ON action_log WHEN OLD.decision IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'a request is decided once'); END"
    )
    db.execute(
        "CREATE TRIGGER action_log_held_rests BEFORE UPDATE OF round, sent_at ON action_log"
        " WHEN OLD.held_until IS NOT NULL AND NEW.decision IS NOT 'approved'"
        " BEGIN SELECT RAISE(ABORT, 'a request runs when it is approved'); END"
    )
    db.execute(
        """
        CREATE TABLE notices (
            key TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            order_id INTEGER,
            made_at TEXT NOT NULL,
            content TEXT NOT NULL,
            wanted TEXT NOT NULL,
            shown TEXT,
            begun_at TEXT,
            channel TEXT,
            message_ts TEXT,
            tries INTEGER NOT NULL DEFAULT 0,
            next_try_at TEXT
        ) STRICT
        """
    )
    db.execute("CREATE INDEX notices_to_show ON notices (made_at) WHERE shown IS NOT wanted")
