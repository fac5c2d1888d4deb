"""A log of the release before the outbox, in the middle of everything, goes on where it stood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.migrations.migrations import migrations
from storage.outbox.outbox import Outbox
from storage.outbox.posts import Doubt, Post, Spot, outcome_key, root_key
from storage.people.person_choices import BY_MESSAGE, PersonChoices
from storage.webhooks.external_changes import OutsideEvents

AT = "2026-09-01T12:00:00.000000+00:00"
TIME = datetime(2026, 9, 1, 12, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
TOLD = {"told_status": "succeeded", "telling_status": "succeeded", "told_at": AT}
STANDS = {"channel": "C1", "thread_ts": "1.0", "message_ts": "1.4"}
REQUESTS: list[dict[str, Any]] = [
    # told; the e-mail has gone out since, which the thread does not say yet
    {"reference": "MG-MAILED", **TOLD, **STANDS, "mail_news": 2, "mail_shown": 1},
    # its telling was begun when the process ended
    {"reference": "MG-BEGUN", "telling_status": "succeeded"},
    # told, and nothing is left to do
    {"reference": "MG-DONE", **TOLD, **STANDS, "message_ts": "1.5"},
    # told as on its way; the money has moved since
    {
        "reference": "MG-MOVED",
        **TOLD,
        "told_status": "pending",
        **STANDS,
        "message_ts": "1.6",
    },
    # waits for approval: the notice below asks for it
    {"reference": "MG-WAITS", "status": None, "round": 0, "finished_round": 0},
    # codes, one over for long
    *(
        {
            "reference": reference,
            "action": "create_discount_code",
            "order_id": None,
            "request": f'{{"code": "{reference}", "expires_at": "{until}"}}',
            **TOLD,
            "channel": "C1",
            "thread_ts": ts,
            "message_ts": ts,
        }
        for reference, until, ts in (
            ("MG-OLD", "2026-01-01T00:00:00+00:00", "2.0"),
            ("MG-NEW", "2099-01-01T00:00:00+00:00", "3.0"),
        )
    ),
]
NOTICE = {"made_at": AT, "wanted": "asked", "shown": None, "channel": None, "message_ts": None}
NOTICES: list[dict[str, Any]] = [
    {**NOTICE, "key": "MG-WAITS", "kind": "approval", "order_id": 1042, "begun_at": AT},
    {**NOTICE, "key": "people-5", "kind": "people", "wanted": "said"},
]
EVENT = {"kind": "status", "order_id": 1042, "happened_at": AT, "received_at": AT, "detail": "{}"}
EVENTS: list[dict[str, Any]] = [
    {"key": "1", "verdict": "outside", "said": "Set to Shipped.", "telling_at": AT},
    {"key": "2", "verdict": None},
    {"key": "3", "verdict": "ours"},
]


@pytest.fixture
def upgraded(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "makegood.sqlite"
    db = Database(path)
    migrations.apply(db, stop_before="m021_outbox")
    thread = {"order_id": 1042, "channel": "C1", "thread_ts": "1.0", "saved_at": AT}
    db.table("order_threads").insert(thread)
    asked = {"team_id": "T1", "actor_id": "U1", "request": "{}", "asked_at": AT, "counted": "0"}
    ended = {"status": "succeeded", "outcome": "{}", "finished_at": AT, "finished_round": 1}
    refund = {"action": "refund_order", "order_id": 1042}
    for each in REQUESTS:
        row = {**asked, **ended, **refund, **each}
        if row["status"] is None:
            row |= {"outcome": None, "finished_at": None}
        db.table("action_log").insert(row)
    db.table("notices").insert_all({"content": "{}", **each} for each in NOTICES)
    for each in EVENTS:
        db.table("outside_events").insert(EVENT | each)
    db.conn.commit()
    db.close()
    opened = open_database(path)
    yield opened
    opened.close()


def found(db: Database, key: str) -> Post:
    post = Outbox(db).find(key)
    assert post is not None
    return post


def test_what_was_still_to_be_said_is_due_and_nothing_else(upgraded: Database) -> None:
    due = {post.key for post in Outbox(upgraded).due(LATER)}

    assert due == {
        *(outcome_key(each) for each in ("MG-MAILED", "MG-BEGUN", "MG-MOVED")),
        *("MG-WAITS", "people-5", "outside-1"),
    }


def test_what_stands_is_corrected_where_it_stands(upgraded: Database) -> None:
    mailed, moved = (found(upgraded, outcome_key(each)) for each in ("MG-MAILED", "MG-MOVED"))

    assert (mailed.spot, mailed.doubts) == (Spot("C1", "1.0", "1.4"), ())
    assert (mailed.shown, mailed.wanted) == ("succeeded", "succeeded")
    assert (moved.spot, moved.doubts) == (Spot("C1", "1.0", "1.6"), (Doubt(TIME),))
    assert (moved.shown, moved.wanted) == ("pending", "succeeded")
    assert found(upgraded, root_key(1042)).spot == Spot("C1", None, "1.0")


def test_what_was_begun_may_stand_already(upgraded: Database) -> None:
    for key in (outcome_key("MG-BEGUN"), "MG-WAITS", "outside-1"):
        post = found(upgraded, key)
        assert (post.spot, post.shown, post.doubts) == (None, None, (Doubt(TIME),)), key
    assert found(upgraded, "people-5").doubts == ()


def test_events_that_were_not_decided_are_decided(upgraded: Database) -> None:
    events = OutsideEvents(upgraded)

    assert [event.key for event in events.due(LATER)] == ["2"]
    assert events.get(1).said == "Set to Shipped."


def test_a_code_that_was_over_for_long_is_not_offered_and_a_new_one_is(upgraded: Database) -> None:
    log = ActionLog(upgraded)

    old, new = log.get("MG-OLD"), log.get("MG-NEW")

    assert (old.code_over, old.code_over_at) == ("expired", datetime(2026, 1, 1, tzinfo=UTC))
    assert (old.is_code_over, new.is_code_over) == (True, False)
    assert found(upgraded, outcome_key("MG-NEW")).spot == Spot("C1", None, "3.0")


def test_who_asked_is_told_of_ends_as_they_have_not_chosen_otherwise(upgraded: Database) -> None:
    choices = PersonChoices(upgraded)

    assert choices.settled_by("T1", "U1") == BY_MESSAGE
    assert ActionLog(upgraded).get("MG-WAITS").status is None
