"""What an earlier release had said, and had to say, goes on in the outbox."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from storage.database import open_database
from storage.migrations.migrations import migrations
from storage.outbox.outbox import Outbox
from storage.outbox.posts import DIRECT, IN_THREAD, Doubt, Post, Spot
from storage.threads.order_threads import OrderThreads, Thread
from storage.webhooks.external_changes import OutsideEvents

AT = "2026-09-01T12:00:00.000000+00:00"
TIME = datetime(2026, 9, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 9, 2, tzinfo=UTC)


def test_notices_threads_and_events_are_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "makegood.sqlite"
    db = Database(path)
    migrations.apply(db, stop_before="m021_outbox")
    threads = [
        {"order_id": 1042, "channel": "C1", "thread_ts": "1.0", "saved_at": AT},
        {"order_id": 1043, "channel": "C1", "thread_ts": "2.0", "saved_at": AT, "refresh_at": AT},
    ]
    db.table("order_threads").insert_all(threads)
    names = ("key", "kind", "order_id", "content", "wanted", "shown", "begun_at", "channel")
    to_anna = '{"mrkdwn":"Hm","to":"U1"}'
    notices: list[tuple[Any, ...]] = [
        ("MG-TOLD", "approval", 1042, "{}", "approved", "approved", AT, "C1", "1.1"),
        ("MG-CHANGED", "approval", 1042, "{}", "approved", "asked", AT, "C1", "1.2"),
        ("MG-BEGUN", "approval", 1042, "{}", "asked", None, AT, None, None),
        ("people-4", "people", None, to_anna, "said", "said", AT, "D1", "3.0"),
        ("people-5", "people", None, "{}", "said", None, None, None, None),
    ]
    rows = [dict(zip((*names, "message_ts"), each, strict=True)) for each in notices]
    db.table("notices").insert_all(row | {"made_at": AT} for row in rows)
    event = {"order_id": 1042, "kind": "status", "detail": "{}", "said": "So.", "channel": "C1"}
    event |= {"happened_at": AT, "received_at": AT, "verdict": "outside", "telling_at": AT}
    told_at = {"told_at": AT, "thread_ts": "1.0", "message_ts": "1.3"}
    db.table("outside_events").insert(event | told_at | {"id": 1, "key": "key-1"})
    db.table("outside_events").insert(event | {"id": 2, "key": "key-2", "channel": None})
    db.conn.commit()
    db.close()

    db = open_database(path)
    outbox = Outbox(db)

    def found(key: str) -> Post:
        post = outbox.find(key)
        assert post is not None
        return post

    assert found("MG-TOLD").spot == Spot("C1", "1.0", "1.1")
    assert found("MG-TOLD").place == IN_THREAD
    assert (found("MG-CHANGED").shown, found("MG-CHANGED").wanted) == ("asked", "approved")
    assert (found("MG-BEGUN").spot, found("MG-BEGUN").doubts) == (None, (Doubt(TIME),))
    assert (found("people-4").recipient, found("people-4").place) == ("U1", DIRECT)
    assert found("outside-1").spot == Spot("C1", "1.0", "1.3")
    assert found("outside-2").doubts == (Doubt(TIME),)
    assert [post.key for post in outbox.due(LATER)] == [
        *("MG-CHANGED", "MG-BEGUN", "people-5", "outside-2", "root-1043"),
    ]
    assert OrderThreads(db).find(1042) == Thread("C1", "1.0")
    assert OrderThreads(db).order_of("C1", "2.0") == 1043
    assert OutsideEvents(db).get(2).said == "So."
    assert OutsideEvents(db).due(LATER) == []
    db.close()
