"""The step of the migrations that brings the customer's keys; never edited once released."""

from __future__ import annotations

from sqlite_utils import Database


def add_customer_keys(db: Database) -> None:
    """Whom a request's money goes to; NULL: asked before these were kept."""
    db.execute("ALTER TABLE action_log ADD COLUMN customer_id INTEGER")
    db.execute("ALTER TABLE action_log ADD COLUMN customer_mail TEXT")
    db.execute("CREATE INDEX log_by_customer ON action_log (customer_id) WHERE customer_id > 0")
    db.execute("CREATE INDEX log_by_mail ON action_log (customer_mail) WHERE customer_mail <> ''")
    db.execute("CREATE INDEX log_decided ON action_log (decided_at) WHERE decided_at IS NOT NULL")
