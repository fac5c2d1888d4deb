"""The step of the migrations for what people end by hand; never edited once released."""

from __future__ import annotations

from sqlite_utils import Database


def add_endings(db: Database) -> None:
    """How a person ended a request, the refund that was taken for it, and when it was asked again.

    What a person calls not made may be sent once more: only that takes the mark of the sending
    away.
    """
    for column in (
        "ended_as TEXT",
        "ended_by TEXT",
        "ended_at TEXT",
        "ended_note TEXT",
        "taken_refund_id INTEGER",
        "asked_again_at TEXT",
    ):
        db.execute(f"ALTER TABLE action_log ADD COLUMN {column}")
    db.execute(
        "CREATE UNIQUE INDEX log_by_taken_refund ON action_log (taken_refund_id)"
        " WHERE taken_refund_id IS NOT NULL"
    )
    db.execute(
        "CREATE INDEX log_open ON action_log (asked_at)"
        " WHERE status IN ('pending', 'unknown', 'to_do')"
    )
    db.execute(
        "CREATE INDEX log_asked_again ON action_log (asked_again_at)"
        " WHERE asked_again_at IS NOT NULL"
    )
    db.execute("DROP TRIGGER action_log_sent_once")
    db.execute(
        "CREATE TRIGGER action_log_sent_once BEFORE UPDATE OF sent_at ON action_log"
        " WHEN OLD.sent_at IS NOT NULL"
        " AND (NEW.sent_at IS NOT NULL OR NEW.ended_as IS NOT 'not_made')"
        " BEGIN SELECT RAISE(ABORT, 'a request is sent once'); END"
    )
