from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.commands.command_line import main
from storage.data_folder.folder import DATABASE_FILE, DataFolder
from storage.database import open_database
from storage.log.action_log import ActionLog


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA", "mine")
    with closing(open_database(tmp_path / "mine" / DATABASE_FILE)) as db:
        ask(db, "MG-1")
        yield tmp_path / "mine"


def ask(db: Database, reference: str) -> None:
    ActionLog(db).ask(
        reference,
        action="refund_order",
        order_id=1042,
        team_id="T1",
        actor_id="U1",
        request={"order_id": 1042},
    )


def test_back_up_and_restore(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "monday.tar"]) == 0
    assert capsys.readouterr().out.startswith("Backed up, 1 databases, ")

    assert main(["restore", "monday.tar"]) == 0

    said = capsys.readouterr().out
    assert "Restored the backup of " in said
    assert "What was there is kept in mine/before-restore-" in said
    assert "it first looks up in BigCommerce what was done since" in said


def test_a_running_bots_folder_is_not_touched(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "monday.tar"]) == 0
    folder = DataFolder(data)

    assert main(["restore", "monday.tar"]) == 1

    assert "Another Makegood is running on the data folder mine" in capsys.readouterr().err
    assert not list(data.glob("before-restore*"))
    folder.close()


def test_what_is_no_backup_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.txt").write_text("Buy milk")

    assert main(["restore", "notes.txt"]) == 1
    assert main(["restore", "missing.tar"]) == 1

    said = capsys.readouterr().err
    assert "notes.txt is no backup of Makegood's. Nothing was changed." in said
    assert "missing.tar could not be restored: No such file or directory" in said
