from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from storage.configuration.proposals import (
    CONFIRMED,
    IN_FORCE,
    OPEN,
    WITHDRAWN,
    Proposal,
    Proposals,
)

CHANGES = [("day_limit", "100.00", None), ("approvers", {"user_ids": []}, {"user_ids": ["U2"]})]


@pytest.fixture
def proposals(db: Database) -> Proposals:
    return Proposals(db)


def add(proposals: Proposals, by: str = "U1") -> Proposal:
    return proposals.add(CHANGES, team_id="T1", actor_id=by)


def test_a_proposal_is_kept_as_it_was_asked(proposals: Proposals) -> None:
    added = add(proposals)

    found = proposals.find(added.id)
    assert found == added
    assert found is not None
    assert (found.actor_id, found.state, found.is_open) == ("U1", OPEN, True)
    assert found.changes == tuple(CHANGES)
    assert found.paths == ("day_limit", "approvers")
    assert proposals.find(99) is None


def test_it_ends_once(proposals: Proposals) -> None:
    added = add(proposals)

    assert proposals.end(added.id, CONFIRMED, by="U2")
    assert not proposals.end(added.id, WITHDRAWN, by="U1")
    proposals.set_alone_since(added.id, datetime.now(UTC))

    found = proposals.find(added.id)
    assert found is not None
    assert (found.state, found.ended_by, found.alone_since) == (CONFIRMED, "U2", None)
    assert proposals.open() == []
    assert [each.id for each in proposals.untold()] == [added.id]
    proposals.set_told(added.id, CONFIRMED)
    assert proposals.untold() == []


def test_what_is_in_force_is_held_from_who_asked_until_then(proposals: Proposals) -> None:
    until = datetime.now(UTC) + timedelta(hours=23)
    added = add(proposals)
    proposals.end(added.id, IN_FORCE, by=None, held_until=until)

    assert [each.id for each in proposals.held_from("U1", until - timedelta(seconds=1))] == [
        added.id
    ]
    assert proposals.held_from("U1", until) == []
    assert proposals.held_from("U2", datetime.now(UTC)) == []


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM configuration_proposals",
        "UPDATE configuration_proposals SET actor_id = 'U2'",
        "UPDATE configuration_proposals SET changes = '[]'",
        "UPDATE configuration_proposals SET state = 'confirmed'",
        "UPDATE configuration_proposals SET held_until = NULL",
    ],
)
def test_what_was_asked_and_how_it_ended_cannot_be_rewritten(
    db: Database, proposals: Proposals, sql: str
) -> None:
    proposals.end(add(proposals).id, WITHDRAWN, by="U1")

    with pytest.raises(sqlite3.IntegrityError):
        db.execute(sql)


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM configuration_proposals WHERE ended_at IS NULL", "proposals_open"),
        (
            "SELECT * FROM configuration_proposals WHERE actor_id = 'U1' AND held_until > 'x'",
            "proposals_held",
        ),
        (
            "SELECT * FROM configuration_proposals WHERE told IS NOT state AND state IS NOT 'open'",
            "proposals_untold",
        ),
    ],
)
def test_no_look_scans_all_that_was_ever_asked(
    db: Database, proposals: Proposals, sql: str, index: str
) -> None:
    plan = " ".join(str(row) for row in db.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert index in plan
