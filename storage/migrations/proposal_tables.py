"""The step of the migrations that brings proposals; never edited once released."""

from __future__ import annotations

from sqlite_utils import Database


def add_proposals(db: Database) -> None:
    """Changes of the configuration that wait for a second person, and who that was."""
    db.execute("ALTER TABLE configuration_changes ADD COLUMN confirmed_by TEXT")
    db.execute(
        """
        CREATE TABLE configuration_proposals (
            id INTEGER PRIMARY KEY,
            asked_at TEXT NOT NULL,
            team_id TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            changes TEXT NOT NULL,
            alone_since TEXT,
            state TEXT NOT NULL DEFAULT 'open',
            ended_at TEXT,
            ended_by TEXT,
            held_until TEXT,
            told TEXT
        ) STRICT
        """
    )
    db.execute("CREATE INDEX proposals_open ON configuration_proposals (id) WHERE ended_at IS NULL")
    db.execute(
        "CREATE INDEX proposals_untold ON configuration_proposals (id) WHERE told IS NOT state"
    )
    db.execute(
        "CREATE INDEX proposals_held ON configuration_proposals (actor_id, held_until)"
        " WHERE held_until IS NOT NULL"
    )
    db.execute(
        "CREATE TRIGGER configuration_proposals_stay BEFORE UPDATE OF"
        " id, asked_at, team_id, actor_id, changes ON configuration_proposals"
        " BEGIN SELECT RAISE(ABORT, 'a proposal stays as it was asked'); END"
    )
    db.execute(
        "CREATE TRIGGER configuration_proposals_end_once BEFORE UPDATE OF"
        " state, ended_at, ended_by, held_until ON configuration_proposals"
        " WHEN OLD.ended_at IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'a proposal ends once'); END"
    )
    db.execute(
        "CREATE TRIGGER configuration_proposals_no_delete BEFORE DELETE ON configuration_proposals"
        " BEGIN SELECT RAISE(ABORT, 'the configuration proposals only grow'); END"
    )
