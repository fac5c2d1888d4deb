from __future__ import annotations

import sqlite3

import pytest
from sqlite_utils import Database

from storage.configuration.history import ConfigurationLog


@pytest.fixture
def log(db: Database) -> ConfigurationLog:
    return ConfigurationLog(db)


def change(log: ConfigurationLog, section: str, before: object, after: object) -> None:
    log.change(section, before, after, team_id="T1", actor_id="U1")


def test_the_latest_change_of_each_section_counts(log: ConfigurationLog) -> None:
    change(log, "activated", False, True)
    change(log, "day_limit", None, "100.00")
    change(log, "activated", True, False)

    assert log.latest() == {"activated": False, "day_limit": "100.00"}


def test_history_tells_who_changed_what_newest_first(log: ConfigurationLog) -> None:
    change(log, "activated", False, True)
    change(log, "day_limit", None, "100.00")

    newest, oldest = log.history()
    assert (newest.section, newest.before, newest.after) == ("day_limit", None, "100.00")
    assert (oldest.actor_id, oldest.after) == ("U1", True)


@pytest.mark.parametrize("sql", ["DELETE FROM", "UPDATE"])
def test_no_change_can_be_rewritten(db: Database, log: ConfigurationLog, sql: str) -> None:
    change(log, "activated", False, True)
    rest = " SET actor_id = 'U2'" if sql == "UPDATE" else ""

    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        db.execute(f"{sql} configuration_changes{rest}")
