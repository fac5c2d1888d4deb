"""The step of the migrations about codes that no longer work; never edited once released."""

from __future__ import annotations

from sqlite_utils import Database


def add_code_ends(db: Database) -> None:
    """What ended a code, since when that is known, and who did it.

    What expired long ago is not drawn anew for that.
    """
    db.execute("ALTER TABLE action_log ADD COLUMN code_over TEXT")
    db.execute("ALTER TABLE action_log ADD COLUMN code_over_at TEXT")
    db.execute("ALTER TABLE action_log ADD COLUMN code_over_by TEXT")
    db.execute(
        """
        UPDATE action_log SET
            code_over = 'expired',
            code_over_at = strftime(
                '%Y-%m-%dT%H:%M:%f+00:00', json_extract(request, '$.expires_at')
            )
        WHERE action = 'create_discount_code' AND status = 'succeeded'
        AND CASE WHEN json_valid(request) THEN julianday(json_extract(request, '$.expires_at')) END
            < julianday('now', '-30 days')
        """
    )
    db.execute(
        "CREATE INDEX log_codes ON action_log (asked_at)"
        " WHERE action = 'create_discount_code' AND status = 'succeeded' AND code_over IS NULL"
    )
