from __future__ import annotations

from pathlib import Path

import pytest

from storage.data_folder.folder import DataFolder
from storage.data_folder.trouble import DataFolderError


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "new" / "data")

    assert folder.path.is_dir()
    folder.close()


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    first = DataFolder(tmp_path)

    with pytest.raises(DataFolderError, match="Another Makegood is running on the data folder"):
        DataFolder(tmp_path)

    first.close()
    DataFolder(tmp_path).close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DataFolderError, match=r"file/data cannot be used: .*Choose another"):
        DataFolder(tmp_path / "file" / "data")


def test_only_its_owner_may_look_into_a_new_folder(tmp_path: Path) -> None:
    DataFolder(tmp_path / "data").close()

    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
