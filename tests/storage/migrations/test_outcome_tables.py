"""What an earlier release told, began to tell or left untold, carried over into the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlite_utils import Database

from storage.log.action_log import ActionLog
from storage.migrations.migrations import migrations
from storage.outbox.outbox import Outbox
from storage.outbox.posts import Doubt, Post, Spot, outcome_key

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
AT = "2026-11-23T09:30:00.000000+00:00"
AFTER = "2026-11-23T10:30:00.000000+00:00"
IN_THREAD = {"channel": "C1", "thread_ts": "1.0", "message_ts": "1.1"}
TOLD = {"status": "succeeded", "telling_status": "succeeded", "told_status": "succeeded"}


@pytest.fixture
def old() -> Iterator[Database]:
    """A log in the form that an earlier release wrote."""
    db = Database(memory=True)
    migrations.apply(db, stop_before="m025_outcomes")
    yield db
    db.close()


def write(old: Database, **values: Any) -> None:
    row = {
        "reference": "MG-1",
        "action": "refund_order",
        "order_id": 1042,
        "team_id": "T1",
        "actor_id": "U1",
        "request": "{}",
        "asked_at": AT,
        "finished_round": 1,
        "counted": "0",
        **values,
    }
    if row.get("status"):
        row["outcome"] = "{}"
    old.table("action_log").insert(row)


def carried(old: Database) -> Post | None:
    migrations.apply(old)
    assert ActionLog(old).get("MG-1").reference == "MG-1"
    return Outbox(old).find(outcome_key("MG-1"))


def due(post: Post | None) -> bool:
    assert post is not None
    return post.next_try_at is not None and post.next_try_at <= datetime.now(UTC)


def test_what_was_told_stands_where_it_was_told(old: Database) -> None:
    write(old, **TOLD, **IN_THREAD, told_at=AFTER)

    post = carried(old)

    assert post is not None
    assert (post.wanted, post.shown, post.place, post.why) == ("succeeded",) * 2 + ("thread", None)
    assert post.spot == Spot("C1", "1.0", "1.1")
    assert (post.order_id, post.actor_id, post.content) == (1042, "U1", {"reference": "MG-1"})
    assert (post.doubts, post.next_try_at) == ((), None)


def test_what_was_told_without_an_order_stands_in_the_channel(old: Database) -> None:
    place = {"channel": "C1", "thread_ts": "1.1", "message_ts": "1.1"}
    write(old, **TOLD, **place, order_id=None)

    post = carried(old)

    assert post is not None
    assert (post.place, post.spot) == ("channel", Spot("C1", None, "1.1"))


def test_what_was_told_to_a_person_alone_has_fallen_there(old: Database) -> None:
    write(old, **TOLD, channel="D1", thread_ts="1.1", message_ts="1.1")

    post = carried(old)

    assert post is not None
    assert (post.place, post.why) == ("direct", "channel_not_found")


def test_what_was_never_told_is_told_now(old: Database) -> None:
    write(old, status="failed")

    post = carried(old)

    assert due(post)
    assert post is not None
    assert (post.wanted, post.shown, post.spot, post.doubts) == ("failed", None, None, ())


def test_what_was_begun_to_be_told_may_stand_already(old: Database) -> None:
    write(old, status="failed", telling_status="failed")

    post = carried(old)

    assert due(post)
    assert post is not None
    assert post.doubts == (Doubt(ASKED),)


def test_what_is_untold_in_restored_data_may_stand_already(old: Database) -> None:
    write(old, status="failed")
    old.table("log_periods").insert({"began_at": AFTER, "why": "older"})

    post = carried(old)

    assert post is not None
    assert post.doubts == (Doubt(ASKED),)


def test_news_of_an_email_is_still_to_be_told(old: Database) -> None:
    write(old, **TOLD, **IN_THREAD, mail_news=2, mail_shown=1)

    assert due(carried(old))


def test_what_was_asked_again_is_under_way(old: Database) -> None:
    write(old, **IN_THREAD, round=2, asked_again_at=AFTER)

    post = carried(old)

    assert post is not None
    assert (post.wanted, post.shown) == ("under way", None)


def test_what_has_no_outcome_yet_is_not_told(old: Database) -> None:
    write(old, finished_round=0)

    assert carried(old) is None


def test_what_was_found_in_the_store_was_never_to_be_told(old: Database) -> None:
    write(old, **TOLD, actor_id="")

    assert carried(old) is None
