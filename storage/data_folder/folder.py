"""The data folder: made when it is missing, used by one process at a time, and watched."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.data_folder.file_modes import close_to_others
from storage.data_folder.trouble import DataFolderError, DataFolderGone

LOCK_FILE = "lock"
DATABASE_FILE = "makegood.sqlite"
WORKFLOWS_FILE = "workflows.sqlite"


class DataFolder:
    """A folder that this process holds from its making until `close`.

    Raises DataFolderError when it cannot be made or written, another process holds it, or others
    can read what is in it and that cannot be changed.
    """

    def __init__(self, path: Path) -> None:
        """Make the folder and take hold of it."""
        self.path = path
        try:
            # Only its owner may look in: the log holds customers' orders.
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(path / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as exc:
            raise DataFolderError(
                f"The data folder {path} cannot be used: {exc.strerror}."
                " Choose another one, or give this user the right to write there."
            ) from exc
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            os.close(self._lock)
            raise DataFolderError(
                f"Another Makegood is running on the data folder {path}."
                " Stop it first, or choose another data folder."
            ) from exc
        try:
            close_to_others(path)
        except BaseException:
            os.close(self._lock)
            raise
        self._files = {path / LOCK_FILE: _identity(os.fstat(self._lock))}
        self._gone = ""

    def watch(self, name: str) -> None:
        """Expect this file of the folder to stay the one that it is now."""
        path = self.path / name
        self._files[path] = _identity(path.stat())

    @property
    def trouble(self) -> str:
        """What has become of the folder under this process, "" while it is the same.

        Whoever deletes or replaces it leaves this process with files that nobody finds again. That
        stays so until a restart.
        """
        if not self._gone:
            self._gone = next(filter(None, map(_gone, self._files.items())), "")
        return self._gone

    def check(self) -> None:
        """Raise DataFolderGone when the folder is not the same any more."""
        if self.trouble:
            raise DataFolderGone(
                f"Makegood's data folder was {self._gone} while it ran, so nothing was sent. Tell"
                " whoever runs Makegood: it has to be started again."
            )

    def close(self) -> None:
        """Let go of the folder; the lock is also gone when the process is."""
        os.close(self._lock)


def make_private(path: Path) -> None:
    """Let only the owner read and write the file, which is made when it is missing."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    # SQLite gives its side files the rights of the database.
    for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        if each.exists() and each.stat().st_mode & 0o077:
            each.chmod(0o600)


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _gone(watched: tuple[Path, tuple[int, int]]) -> str:
    path, identity = watched
    try:
        found = path.stat()
    except OSError:
        return "deleted or moved away"
    return "" if _identity(found) == identity else "replaced"
