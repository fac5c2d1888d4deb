from __future__ import annotations

import os
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.backup import restore_backup, write_backup
from storage.data_folder.folder import DATABASE_FILE, WORKFLOWS_FILE, DataFolder
from storage.data_folder.owner import LogOwner, Owner
from storage.data_folder.trouble import DataFolderError
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.recovery.periods import LogPeriods

US = Owner("shop1", "T1", "B1")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def log(data: Path) -> Iterator[ActionLog]:
    db = open_database(data / DATABASE_FILE)
    LogOwner(db).set(US)
    with closing(sqlite3.connect(data / WORKFLOWS_FILE)) as queue:
        queue.execute("PRAGMA journal_mode = WAL")
        queue.execute("CREATE TABLE queue (reference TEXT)")
    yield ActionLog(db)
    db.close()


def ask(log: ActionLog, reference: str) -> None:
    log.ask(
        reference,
        action="refund_order",
        order_id=1042,
        team_id="T1",
        actor_id="U1",
        request={"order_id": 1042},
    )


def references(folder: Path) -> list[str]:
    with closing(open_database(folder / DATABASE_FILE)) as db:
        return sorted(entry.reference for entry in ActionLog(db).recent())


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_backup_is_taken_while_the_log_is_written(
    log: ActionLog, data: Path, tmp_path: Path
) -> None:
    ask(log, "MG-1")
    umask = os.umask(0)
    try:
        manifest = write_backup(data, tmp_path / "b.tar", version="1.2.3")
    finally:
        os.umask(umask)
    ask(log, "MG-2")

    assert (manifest.store_hash, manifest.team_id, manifest.bot_id) == ("shop1", "T1", "B1")
    assert manifest.version == "1.2.3"
    assert mode(tmp_path / "b.tar") == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar", "data"]
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert sorted(tar.getnames()) == [DATABASE_FILE, "manifest.json", WORKFLOWS_FILE]
    there = tmp_path / "there"
    there.mkdir()
    restore_backup(there, tmp_path / "b.tar", store_hash="shop1")
    assert references(there) == ["MG-1"]


def test_what_was_there_is_kept_with_what_was_written_last(
    log: ActionLog, data: Path, tmp_path: Path
) -> None:
    ask(log, "MG-1")
    write_backup(data, tmp_path / "b.tar", version="")
    ask(log, "MG-2")
    # As after a crash: the last writes are in the side file alone.
    assert (data / f"{DATABASE_FILE}-wal").stat().st_size > 0

    _, aside = restore_backup(data, tmp_path / "b.tar")

    assert aside is not None
    assert aside.parent == data
    assert references(aside) == ["MG-1", "MG-2"]
    assert references(data) == ["MG-1"]
    assert {mode(path) for path in data.iterdir() if path.is_file()} == {0o600}


def test_a_restore_begins_a_new_period_of_the_log(
    log: ActionLog, data: Path, tmp_path: Path
) -> None:
    assert LogPeriods(log._db).latest() is None
    write_backup(data, tmp_path / "b.tar", version="")

    restore_backup(data, tmp_path / "b.tar")

    with closing(open_database(data / DATABASE_FILE)) as db:
        period = LogPeriods(db).latest()
    assert period is not None
    assert (period.why, period.settled_at) == ("restored", None)


def test_no_file_is_overwritten(log: ActionLog, data: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.write_text("precious")

    with pytest.raises(DataFolderError, match="is there already"):
        write_backup(data, target, version="")

    assert target.read_text() == "precious"


def test_a_damaged_database_makes_no_backup(log: ActionLog, data: Path, tmp_path: Path) -> None:
    (data / WORKFLOWS_FILE).write_bytes(b"nothing like a database" * 100)

    with pytest.raises(DataFolderError, match=r"b\.tar could not be written"):
        write_backup(data, tmp_path / "b.tar", version="")

    assert not list(tmp_path.glob("*b.tar*"))


def test_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match="nothing to back up"):
        write_backup(tmp_path, tmp_path / "b.tar", version="")


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_damaged_backup_is_refused(log: ActionLog, data: Path, tmp_path: Path, at: float) -> None:
    write_backup(data, tmp_path / "b.tar", version="")
    ask(log, "MG-2")
    content = bytearray((tmp_path / "b.tar").read_bytes())
    place = int(len(content) * at)
    content[place : place + 600] = b"\x55" * 600
    (tmp_path / "b.tar").write_bytes(bytes(content))

    with pytest.raises(DataFolderError, match="Nothing was changed"):
        restore_backup(data, tmp_path / "b.tar")

    assert references(data) == ["MG-2"]
    assert not list(data.glob(".restore*"))
    assert not list(data.glob("before*"))


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\0" * 20_000])
def test_a_file_that_is_no_backup_is_refused(
    log: ActionLog, data: Path, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "b.tar").write_bytes(content)

    with pytest.raises(DataFolderError, match=r"no backup of Makegood's\. Nothing was changed"):
        restore_backup(data, tmp_path / "b.tar")


def test_another_stores_backup_is_refused(log: ActionLog, data: Path, tmp_path: Path) -> None:
    write_backup(data, tmp_path / "b.tar", version="")

    with pytest.raises(DataFolderError, match="is a backup of the store shop1"):
        restore_backup(data, tmp_path / "b.tar", store_hash="shop2")


def test_a_watched_folder_tells_what_became_of_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    db = open_database(tmp_path / "data" / DATABASE_FILE, folder.check)
    folder.watch(DATABASE_FILE)
    log = ActionLog(db)
    ask(log, "MG-1")
    assert folder.trouble == ""

    (tmp_path / "data").rename(tmp_path / "elsewhere")
    with pytest.raises(sqlite3.OperationalError, match="deleted or moved away while it ran"):
        log.claim("MG-1")
    assert log.get("MG-1").sent_at is None

    # What comes back may be another bot's by now.
    (tmp_path / "elsewhere").rename(tmp_path / "data")
    assert folder.trouble == "deleted or moved away"
    db.close()
    folder.close()


def test_a_database_that_is_replaced_is_not_written(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    path = tmp_path / "data" / DATABASE_FILE
    db = open_database(path, folder.check)
    folder.watch(DATABASE_FILE)
    path.rename(tmp_path / "old")
    path.write_bytes((tmp_path / "old").read_bytes())

    with pytest.raises(sqlite3.OperationalError, match="replaced while it ran"):
        ask(ActionLog(db), "MG-1")

    assert ActionLog(db).recent() == []
    db.close()
    folder.close()


def test_files_that_others_could_read_are_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_FILE
    open_database(path).close()
    path.chmod(0o644)

    open_database(path).close()

    assert mode(path) == 0o600
