"""The data folder: made when it is missing, and used by one process at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.trouble import DataFolderError

LOCK_FILE = "lock"


class DataFolder:
    """A folder that this process holds from its making until `close`.

    Raises DataFolderError when it cannot be made or written, or another process holds it.
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

    def close(self) -> None:
        """Let go of the folder; the lock is also gone when the process is."""
        os.close(self._lock)
