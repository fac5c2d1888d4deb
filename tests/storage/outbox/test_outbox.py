"""What is to be said is kept with what it is about, and so is where it may stand already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time
from sqlite_utils import Database

from storage.log.action_log import ActionLog
from storage.outbox.outbox import Outbox
from storage.outbox.posts import (
    DIRECT,
    HOME,
    IN_THREAD,
    OVER,
    PEOPLE,
    ROOT,
    SAID,
    WAITING,
    Doubt,
    Post,
    Spot,
    root_key,
)
from storage.outbox.rows import LOST_MATTERS
from storage.recovery.periods import RESTORED, LogPeriods

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def outbox(db: Database) -> Iterator[Outbox]:
    with freeze_time(START):
        yield Outbox(db)


def found(outbox: Outbox, key: str) -> Post:
    post = outbox.find(key)
    assert post is not None
    return post


def due(outbox: Outbox, at: datetime = START) -> list[str]:
    return [post.key for post in outbox.due(at)]


def told(outbox: Outbox, key: str) -> None:
    spot = Spot("C1", None, "1.0")
    post = found(outbox, key)
    where = replace(post, channel=spot.channel, message_ts=spot.message_ts, shown=post.wanted)
    outbox.save(where)
    outbox.told(where, post.wanted, next_try_at=None)


def test_what_is_put_is_due_until_it_is_told(outbox: Outbox) -> None:
    outbox.put("a", WAITING, {"mrkdwn": "Hm"}, order_id=1042, actor_id="U1")

    assert due(outbox) == ["a"]
    post = found(outbox, "a")
    assert (post.order_id, post.actor_id, post.content) == (1042, "U1", {"mrkdwn": "Hm"})
    assert (post.wanted, post.shown, post.spot) == (SAID, None, None)

    told(outbox, "a")

    assert due(outbox) == []
    assert found(outbox, "a").spot == Spot("C1", None, "1.0")
    assert found(outbox, "a").told_at == START


def test_a_message_is_added_once_and_put_again_with_something_else(outbox: Outbox) -> None:
    assert outbox.add_once("a", PEOPLE, {"mrkdwn": "one"})
    assert not outbox.add_once("a", PEOPLE, {"mrkdwn": "two"})
    told(outbox, "a")
    outbox.put("a", PEOPLE, {"mrkdwn": "three"}, wanted="other")

    assert due(outbox) == ["a"]
    assert found(outbox, "a").content == {"mrkdwn": "three"}
    assert (found(outbox, "a").wanted, found(outbox, "a").shown) == ("other", SAID)


def test_what_is_wanted_while_it_is_on_its_way_is_not_taken_for_shown(outbox: Outbox) -> None:
    outbox.put("a", WAITING, {}, wanted="asked")
    sent = found(outbox, "a")
    assert outbox.change_wanted("a", was="asked", wanted="approved")

    outbox.told(sent, "asked", next_try_at=None)

    assert due(outbox) == ["a"]
    assert (found(outbox, "a").shown, found(outbox, "a").wanted) == ("asked", "approved")
    assert not outbox.change_wanted("a", was="asked", wanted="declined")


def test_a_failed_try_does_not_put_off_what_is_new(outbox: Outbox) -> None:
    outbox.put("a", WAITING, {})
    tried = found(outbox, "a")
    outbox.later(replace(tried, tries=1), START + MINUTE)
    assert due(outbox) == []
    assert due(outbox, START + MINUTE) == ["a"]

    tried = found(outbox, "a")
    outbox.want("a")
    outbox.later(replace(tried, tries=2), START + MINUTE)

    assert due(outbox) == ["a"]
    assert found(outbox, "a").tries == 0


def test_what_is_wanted_for_later_is_not_drawn_before_and_never_after(outbox: Outbox) -> None:
    key = root_key(1042)
    outbox.put(key, ROOT, {}, order_id=1042)
    told(outbox, key)

    assert outbox.want(key, at=START + 2 * MINUTE)
    assert due(outbox, START + MINUTE) == []
    assert outbox.want(key, at=START + MINUTE)
    assert outbox.want(key, at=START + 3 * MINUTE)

    assert due(outbox, START + MINUTE) == [key]
    assert not outbox.want(root_key(1043))


def test_roots_that_were_drawn_lately_are_drawn_anew(outbox: Outbox) -> None:
    for order_id, at in ((1, START - 3 * MINUTE), (2, START), (3, START)):
        with freeze_time(at):
            outbox.put(root_key(order_id), ROOT, {}, order_id=order_id)
            if order_id < 3:  # the third one was never posted
                told(outbox, root_key(order_id))
    outbox.later(found(outbox, root_key(3)), None)

    outbox.want_roots(START, told_since=START - MINUTE)

    assert due(outbox) == [root_key(2)]


def test_roots_are_drawn_anew_the_latest_first(outbox: Outbox) -> None:
    for order_id in (1, 2, 3):
        with freeze_time(START + order_id * MINUTE):
            outbox.put(root_key(order_id), ROOT, {}, order_id=order_id)
            told(outbox, root_key(order_id))

    at = START + 5 * MINUTE
    outbox.want_roots(at, told_since=START, apart=MINUTE)

    assert due(outbox, at) == [root_key(3)]
    assert due(outbox, at + MINUTE) == [root_key(2), root_key(3)]
    assert due(outbox, at + 2 * MINUTE) == [root_key(1), root_key(2), root_key(3)]


def test_an_alarm_ends_once_for_everybody_who_was_told_of_it(outbox: Outbox) -> None:
    for key, recipient in (("anna", "U1"), ("ben", "U2"), ("channel", None)):
        outbox.put(key, PEOPLE, {}, recipient=recipient)
        told(outbox, key)

    assert outbox.end(PEOPLE)
    assert due(outbox) == ["anna", "ben"]
    assert [found(outbox, key).wanted for key in ("anna", "ben", "channel")] == [OVER, OVER, SAID]
    assert not outbox.end(PEOPLE)


def test_of_a_kind_one_is_added_in_a_while(outbox: Outbox) -> None:
    assert outbox.add_unless_since("brake", {"n": 1}, since=START - MINUTE)
    assert not outbox.add_unless_since("brake", {"n": 2}, since=START - MINUTE)
    assert outbox.add_unless_since("brake", {"n": 3}, since=START)

    latest = outbox.latest_of("brake")
    assert len(due(outbox)) == 2
    assert latest is not None
    assert outbox.latest_of("other") is None


def test_copies_are_none_of_what_is_counted(outbox: Outbox) -> None:
    at = datetime.now(UTC)
    with freeze_time(at - timedelta(hours=2)):
        assert outbox.add_unless_since("brake", {"limit": "50"}, since=at - timedelta(hours=3))
    first = outbox.latest_of("brake")
    assert first is not None
    outbox.copy_to(["U1", "U2"], first, "said")

    assert [each.recipient for each in outbox.copies_of(first.key)] == ["U1", "U2"]
    assert outbox.add_unless_since("brake", {"limit": "50"}, since=at - timedelta(hours=1))
    assert outbox.find(first.key.removesuffix("-0") + "-1") is not None


def test_where_it_is_being_posted_is_kept_until_that_is_known(outbox: Outbox) -> None:
    outbox.put("a", WAITING, {}, order_id=1042)
    first, second = Doubt(START, "C1", "1.0"), Doubt(START, "C1")
    outbox.claim("a", first)
    outbox.claim("a", second)

    assert found(outbox, "a").doubts == (first, second)
    assert found(outbox, "a").is_begun

    outbox.save(replace(found(outbox, "a"), doubts=(), copies=(Spot("D1", None, "2.0"),)))

    assert not found(outbox, "a").is_begun
    assert found(outbox, "a").copies == (Spot("D1", None, "2.0"),)


def test_what_fell_is_tried_at_once_when_something_is_back(outbox: Outbox) -> None:
    for key in ("direct", "home", "copied", "waits", "well"):
        outbox.put(key, WAITING, {}, order_id=1042)
        told(outbox, key)
    outbox.save(replace(found(outbox, "direct"), place=DIRECT, why="is_archived"))
    outbox.save(replace(found(outbox, "home"), place=HOME, why="is_archived"))
    outbox.save(replace(found(outbox, "copied"), copies=(Spot("D1", None, "2.0"),)))
    outbox.save(replace(found(outbox, "well"), place=IN_THREAD))
    outbox.later(replace(found(outbox, "waits"), tries=3), START + 60 * MINUTE)
    assert due(outbox) == []

    outbox.hurry(START, told_since=START)

    assert sorted(due(outbox)) == ["copied", "direct", "home", "waits"]
    assert [post.key for post in outbox.untold()] == ["home"]


def test_what_has_long_been_told_elsewhere_comes_one_by_one(outbox: Outbox) -> None:
    for minutes, key in enumerate(("latest", "copied", "direct")):
        with freeze_time(START - minutes * MINUTE):
            outbox.put(key, WAITING, {}, order_id=1042)
            told(outbox, key)
    for key in ("latest", "direct"):
        outbox.save(replace(found(outbox, key), place=DIRECT, why="is_archived"))
    outbox.save(replace(found(outbox, "copied"), copies=(Spot("D1", None, "2.0"),)))

    outbox.hurry(START, told_since=START + MINUTE)
    assert due(outbox, START + 9 * MINUTE) == []

    outbox.hurry_older(START, apart=MINUTE)
    assert due(outbox) == ["latest"]
    assert sorted(due(outbox, START + MINUTE)) == ["copied", "latest"]
    assert sorted(due(outbox, START + 2 * MINUTE)) == ["copied", "direct", "latest"]


def test_after_a_restore_what_was_not_told_may_stand_already(db: Database, outbox: Outbox) -> None:
    for key in ("told", "untold"):
        outbox.put(key, WAITING, {})
    told(outbox, "told")

    LogPeriods(db).begin(RESTORED)

    assert found(outbox, "told").doubts == ()
    assert found(outbox, "untold").doubts == (Doubt(START),)
    outbox.put("older", WAITING, {}, since=START - MINUTE)
    assert found(outbox, "older").doubts == (Doubt(START - MINUTE),)
    outbox.put("younger", WAITING, {}, since=START + MINUTE)
    assert found(outbox, "younger").doubts == ()


def test_what_was_never_said_goes_before_what_is_said_in_another_place(outbox: Outbox) -> None:
    outbox.put("fell", WAITING, {"mrkdwn": "Hm"}, order_id=1042)
    fell = replace(found(outbox, "fell"), place=DIRECT, why="is_archived", message_ts="1.0")
    outbox.save(fell)
    outbox.told(fell, SAID, next_try_at=START)
    with freeze_time(START + MINUTE):
        outbox.put(root_key(1042), ROOT, {}, order_id=1042)
        outbox.put("new", WAITING, {"mrkdwn": "Hm"}, order_id=1043)

    assert outbox.due_lanes(START + MINUTE, 9) == [(1043, True), (1042, True)]


def test_no_more_lanes_are_read_than_can_be_taken(db: Database, outbox: Outbox) -> None:
    for order_id in range(1, 6):
        with freeze_time(START + order_id * MINUTE):
            outbox.put(root_key(order_id), ROOT, {}, order_id=order_id)
            told(outbox, root_key(order_id))
            outbox.want(root_key(order_id))
    at = START + 9 * MINUTE
    outbox.put("a", WAITING, {}, order_id=4)
    outbox.put("b", WAITING, {}, order_id=4)
    outbox.put("c", WAITING, {})

    assert outbox.due_lanes(at, 1) == [(4, True)]
    assert outbox.due_lanes(at, 3) == [(4, True), ("c", True), (5, False)]
    all_of_them = [(4, True), ("c", True), (5, False), (3, False), (2, False), (1, False)]
    assert outbox.due_lanes(at, 9) == all_of_them

    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    outbox.due_lanes(at, 9)
    db.conn.set_trace_callback(None)
    plans = [row[3] for sql in asked for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert plans == [
        "SCAN outbox USING INDEX outbox_due_news",
        "SCAN outbox USING INDEX outbox_due_roots",
    ]  # nothing is sorted, so that reading ends with what is taken


def test_no_look_reads_the_whole_table(db: Database, outbox: Outbox) -> None:
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    outbox.due(START)
    outbox.due(START, 1042)
    outbox.due_lanes(START, 9)
    outbox.untold()
    outbox.latest_of(PEOPLE)
    outbox.in_thread(Spot("C1", None, "1.0"), told_since=START)
    outbox.add(PEOPLE, {})
    outbox.add_unless_since(PEOPLE, {}, since=START)
    outbox.want("a")
    db.conn.set_trace_callback(None)

    asked = [sql for sql in asked if sql.startswith(("SELECT", "UPDATE"))]
    plans = [row[3] for sql in asked for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert len(asked) >= 8
    due = "USING INDEX outbox_due_"  # of what waits alone, in its order
    few = "SCAN log_periods"  # one for each restore
    assert [p for p in plans if p.startswith("SCAN") and due not in p and p != few] == []


def test_what_was_lost_lies_between_the_last_event_and_the_restore(
    db: Database, outbox: Outbox
) -> None:
    assert outbox.lost(START) is None

    LogPeriods(db).begin(RESTORED)
    assert outbox.lost(START) == Doubt(START - LOST_MATTERS, until=START)

    with freeze_time(START - MINUTE):
        ActionLog(db).ask(
            "MG-1", action="cancel_order", order_id=1, team_id="T1", actor_id="U1", request={}
        )
    with freeze_time(START + MINUTE):
        ActionLog(db).note_release("MG-1")
    assert outbox.lost(START + MINUTE) == Doubt(START - MINUTE, until=START)
    assert outbox.lost(START + LOST_MATTERS + MINUTE) is None


def test_a_root_is_sought_only_where_data_was_lost(outbox: Outbox, db: Database) -> None:
    outbox.seek_root(1042)
    assert outbox.find(root_key(1042)) is None  # nothing was lost: there is none to be found

    LogPeriods(db).begin(RESTORED)
    outbox.seek_root(1042)

    assert found(outbox, root_key(1042)).doubts == (outbox.lost(START),)
    assert due(outbox) == [root_key(1042)]
    told(outbox, root_key(1042))
    outbox.seek_root(1042)
    assert due(outbox) == [root_key(1042)]  # drawn anew where it stands
    assert found(outbox, root_key(1042)).spot == Spot("C1", None, "1.0")
