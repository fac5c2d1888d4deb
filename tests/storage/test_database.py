from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.data_folder.trouble import DataFolderError
from storage.database import open_database, read_database
from storage.log.action_log import ActionLog
from tests.storage.log.test_action_log import ask


def test_what_was_written_is_there_when_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "makegood.sqlite"
    first = open_database(path)
    ask(ActionLog(first))
    first.close()

    second = open_database(path)

    assert ActionLog(second).get("MG-1").order_id == 1042
    second.close()


def test_commits_are_made_to_survive_a_power_cut(tmp_path: Path) -> None:
    db = open_database(tmp_path / "makegood.sqlite")

    settings = [
        db.conn.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]

    assert settings == ["wal", 2, 1]
    db.close()


def test_an_event_needs_its_entry(tmp_path: Path) -> None:
    db = open_database(tmp_path / "makegood.sqlite")

    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        db.execute("INSERT INTO action_events VALUES (1, 'MG-0', 'now', 'sent', '{}')")

    db.close()


def test_a_reader_looks_on_while_the_bot_writes(tmp_path: Path) -> None:
    path = tmp_path / "makegood.sqlite"
    writer = open_database(path)
    reader = read_database(path)

    ask(ActionLog(writer))

    assert len(ActionLog(reader).recent()) == 1
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        ask(ActionLog(reader), "MG-2")
    reader.close()
    writer.close()


def test_a_reader_without_a_database_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match=r"no makegood.sqlite in"):
        read_database(tmp_path / "makegood.sqlite")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(DataFolderError, match=r"data folder .*file cannot be used"):
        open_database(tmp_path / "file" / "makegood.sqlite")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "makegood.sqlite").write_text("something else, and long enough to be read" * 50)

    with pytest.raises(DataFolderError, match="not a database"):
        open_database(tmp_path / "makegood.sqlite")


def test_a_folder_that_a_newer_release_used_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "makegood.sqlite"
    db = open_database(path)
    db.table("_sqlite_migrations").insert(
        {"migration_set": "makegood", "name": "m999_to_come", "applied_at": "2030-01-01"}
    )
    db.close()

    with pytest.raises(DataFolderError, match="was written by a newer Makegood"):
        open_database(path)


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("WHERE order_id = 1 ORDER BY asked_at DESC", "log_by_order"),
        ("WHERE team_id = 'T' AND actor_id = 'U' ORDER BY asked_at DESC", "log_by_actor"),
        ("ORDER BY asked_at DESC LIMIT 5", "log_by_time"),
        ("WHERE finished_round < round ORDER BY asked_at", "log_unfinished"),
        ("WHERE finished_round = round AND told_status IS NOT status", "log_untold"),
        ("WHERE next_check_at <= 'x' AND finished_round = round", "log_due"),
    ],
)
def test_questions_to_the_log_use_an_index(db: Database, condition: str, index: str) -> None:
    plan = db.conn.execute(f"EXPLAIN QUERY PLAN SELECT * FROM action_log {condition}")  # noqa: S608 - ours

    assert [row[3].split("INDEX ")[1].split()[0] for row in plan.fetchall()] == [index]
