from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from storage.data_folder.file_modes import close_to_others
from storage.data_folder.folder import DataFolder
from storage.data_folder.trouble import DataFolderError
from storage.database import open_database

OURS = (
    "makegood.sqlite",
    "makegood.sqlite-wal",
    "makegood.sqlite-shm",
    "workflows.sqlite",
    "workflows.sqlite-wal",
    "workflows.sqlite-shm",
    "position",
    "position.part",
    "before-restore-20261127-1/makegood.sqlite",
    ".restore-abc/workflows.sqlite",
)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder that was there before, with everything in it open to others."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in OURS:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
        (folder / name).chmod(0o644)
    (folder / "notes.txt").touch()
    (folder / "notes.txt").chmod(0o644)
    folder.chmod(0o777)
    return folder


def test_what_others_could_read_is_closed_at_the_start(open_folder: Path) -> None:
    DataFolder(open_folder).close()

    assert {name: mode(open_folder / name) for name in OURS} == dict.fromkeys(OURS, 0o600)
    assert mode(open_folder / "lock") == 0o600
    assert mode(open_folder) == 0o755  # nobody else writes there


def test_what_is_somebody_elses_is_left(open_folder: Path) -> None:
    DataFolder(open_folder).close()

    assert mode(open_folder / "notes.txt") == 0o644


def test_a_database_in_a_folder_that_existed_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    before = os.umask(0o000)
    try:
        held = DataFolder(folder)
        db = open_database(folder / "makegood.sqlite", held.check)
        db.execute("SELECT 1")
        found = {path.name: mode(path) for path in folder.iterdir()}
        db.close()
        held.close()
    finally:
        os.umask(before)

    assert set(found.values()) == {0o600}


def test_a_folder_that_everybody_shares_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)

    with pytest.raises(DataFolderError, match=r"everybody may write to.*set DATA to .*makegood"):
        DataFolder(shared)

    assert mode(shared) == 0o1777


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user's files")
def test_what_cannot_be_closed_is_refused_with_what_to_do() -> None:
    with TemporaryDirectory() as made:  # pytest's own folders let nobody else through
        folder = Path(made)
        folder.chmod(0o755)
        (folder / "makegood.sqlite").touch()
        (folder / "makegood.sqlite").chmod(0o644)
        os.seteuid(65534)
        try:
            with pytest.raises(DataFolderError, match=r"another user.*root: chmod 600"):
                close_to_others(folder)
        finally:
            os.seteuid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user's folder")
def test_a_folder_of_somebody_elses_that_all_can_write_is_refused_and_one_in_it_is_not() -> None:
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o777)
        os.seteuid(65534)
        try:
            with pytest.raises(DataFolderError, match=r"by everybody.*Set DATA to .*makegood"):
                DataFolder(folder)
            DataFolder(folder / "makegood").close()
        finally:
            os.seteuid(0)


def test_a_folder_that_is_refused_can_be_used_once_it_is_right(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    with pytest.raises(DataFolderError):
        DataFolder(shared)
    shared.chmod(0o700)

    DataFolder(shared).close()
