"""What this machine remembers of the log beside the log itself, to notice an older or copied one.

A file in the data folder tells how far the log had come: a database that was put back is behind it.
And the log tells the file in which it was used last: a copy is another file. Both are local signs
that may be missing; what the store shows is asked in any case.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from sqlite_utils import Database

from storage.recovery.periods import COPIED, OLDER

POSITION_FILE = "position"


class LogWitness:
    """The signs of one log."""

    def __init__(self, db: Database, path: Path) -> None:
        """Keep the open database and its path."""
        self._db = db
        self._database = path
        self._file = path.with_name(POSITION_FILE)
        self._written = -1

    def doubt(self) -> str:
        """Return OLDER or COPIED when the log is not as it was last used here, else ""."""
        if self._position() < self._remembered():
            return OLDER
        return COPIED if self.is_copy else ""

    @property
    def is_copy(self) -> bool:
        """Whether the log was last used in another file; asked before `take`."""
        row = self._db.execute("SELECT inode FROM log_file").fetchone()
        return row is not None and row[0] != self._inode()

    def take(self) -> None:
        """Note that the log is used in this file from now on."""
        self._db.execute(
            "INSERT INTO log_file (one, inode) VALUES (1, ?)"
            " ON CONFLICT (one) DO UPDATE SET inode = excluded.inode",
            [self._inode()],
        )
        self._written = -1
        self.note()

    def note(self) -> None:
        """Note how far the log has come, if it has moved; a disk that is full is no matter here."""
        position = self._position()
        if position == self._written:
            return
        part = self._file.with_name(f"{POSITION_FILE}.part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as file:
                json.dump({"events": position}, file)
            os.replace(part, self._file)
        except OSError:
            return
        self._written = position

    def _position(self) -> int:
        row = self._db.execute("SELECT max(id) FROM action_events").fetchone()
        return int(row[0] or 0)

    def _remembered(self) -> int:
        try:
            return int(json.loads(self._file.read_text())["events"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def _inode(self) -> str:
        # The device's number may change with each start of the machine.
        return str(self._database.stat().st_ino)
