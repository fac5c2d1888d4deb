"""The step of the migrations about e-mail that is tried again; never edited once released."""

from __future__ import annotations

from sqlite_utils import Database


def add_mail_tries(db: Database) -> None:
    """Since when an e-mail is due, when it is tried next, to whom, and what the thread says of it.

    The claim is given back by a refusal alone: until then nobody else may send.
    """
    db.execute("ALTER TABLE action_log ADD COLUMN mail_due_at TEXT")
    db.execute("ALTER TABLE action_log ADD COLUMN mail_next_at TEXT")
    db.execute("ALTER TABLE action_log ADD COLUMN mail_tries INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE action_log ADD COLUMN mail_to TEXT")
    db.execute("ALTER TABLE action_log ADD COLUMN mail_news INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE action_log ADD COLUMN mail_shown INTEGER NOT NULL DEFAULT 0")
    db.execute(
        "UPDATE action_log SET mail_result = 'lost'"
        " WHERE mail_claimed_at IS NOT NULL AND mail_result IS NULL"
    )
    db.execute("DROP TRIGGER action_log_mailed_once")
    db.execute("UPDATE action_log SET mail_claimed_at = NULL WHERE mail_result = 'failed'")
    db.execute(
        "CREATE TRIGGER action_log_mailed_once BEFORE UPDATE OF mail_claimed_at ON action_log"
        " WHEN OLD.mail_claimed_at IS NOT NULL"
        " AND (NEW.mail_claimed_at IS NOT NULL OR OLD.mail_result IS NOT NULL)"
        " BEGIN SELECT RAISE(ABORT, 'an e-mail is sent once'); END"
    )
    db.execute(
        "CREATE INDEX log_mail_due ON action_log (mail_next_at) WHERE mail_next_at IS NOT NULL"
    )
    db.execute(
        "CREATE INDEX log_mail_claimed ON action_log (mail_claimed_at)"
        " WHERE mail_claimed_at IS NOT NULL AND mail_result IS NULL"
    )
    db.execute("CREATE INDEX log_mail_news ON action_log (asked_at) WHERE mail_shown <> mail_news")
