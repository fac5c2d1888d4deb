from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.database import open_database
from storage.outbox.outbox import Outbox
from storage.outbox.posts import PEOPLE
from storage.people.known_people import KnownPeople
from storage.recovery.periods import RESTORED, LogPeriods


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "makegood.sqlite")
    yield db
    db.close()


def test_a_place_that_was_never_looked_at_is_not_an_empty_one(db: Database) -> None:
    known = KnownPeople(db)
    assert known.of("C1") is None

    known.take_in("C1", {}, (), {})

    assert known.of("C1") == {}
    assert known.of("C2") is None


def test_who_is_there_is_kept_with_what_was_found_out(db: Database) -> None:
    known = KnownPeople(db)
    known.take_in("C1", {"U1": True, "U2": False, "U3": None}, (), {})
    known.take_in("S1", {"U1": None}, (), {})

    known.take_in("C1", {"U2": True, "U4": True}, ["U1"], {})

    assert known.of("C1") == {"U2": True, "U3": None, "U4": True}
    assert known.of("S1") == {"U1": None}


def test_what_is_announced_is_kept_with_it_or_not_at_all(db: Database) -> None:
    known = KnownPeople(db)
    known.take_in("C1", {"U1": True}, (), {PEOPLE: {"mrkdwn": "U1 joined"}})
    db.execute(
        "CREATE TRIGGER full_disk BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END"
    )

    with pytest.raises(Exception, match="full"):
        known.take_in("C1", {"U2": True}, ["U1"], {PEOPLE: {"mrkdwn": "U2 joined"}})

    assert known.of("C1") == {"U1": True}
    notice = Outbox(db).latest_of(PEOPLE)
    assert notice is not None
    assert notice.content == {"mrkdwn": "U1 joined"}


def test_a_trouble_is_told_to_each(db: Database) -> None:
    known = KnownPeople(db)
    assert known.trouble("C1") == ""

    known.set_trouble("C1", "archived", "channel", [{"to": "U1"}, {"to": "U2"}])

    assert known.trouble("C1") == "archived"
    assert known.of("C1") is None  # it was not looked at
    assert [post.recipient for post in Outbox(db).due(datetime.now(UTC))] == ["U1", "U2"]


def test_what_is_announced_again_after_a_restore_has_the_key_that_it_had(db: Database) -> None:
    known, outbox = KnownPeople(db), Outbox(db)
    known.take_in("C1", {"U1": True}, (), {})
    said = {PEOPLE: {"mrkdwn": "U2 joined, added by U1"}}
    known.take_in("C1", {"U1": True, "U2": True}, (), said)
    told = outbox.latest_of(PEOPLE)
    assert told is not None
    assert told.doubts == ()
    # The backup was made before; who had added them is not known any more.
    db.execute("DELETE FROM outbox")
    db.execute("DELETE FROM known_people WHERE user_id = 'U2'")
    LogPeriods(db).begin(RESTORED)

    known.take_in("C1", {"U1": True, "U2": True}, (), {PEOPLE: {"mrkdwn": "U2 joined"}})

    again = outbox.latest_of(PEOPLE)
    assert again is not None
    assert again.key == told.key
    assert [doubt.channel for doubt in again.doubts] == [None]  # read back first
    known.take_in("C1", {"U1": True}, ["U2"], {})
    known.take_in("C1", {"U1": True, "U2": True}, (), said)
    assert len({key for (key,) in db.execute("SELECT key FROM outbox")}) == 2
