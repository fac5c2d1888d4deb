"""What is wrong with a database file, in words for whoever runs the bot, and finding it early."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

# Reading a file this large whole takes about a second, which is worth it at a start.
CHECKED_WHOLE_BYTES = 100_000_000

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
CLOSED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})


class DataFolderError(Exception):
    """The data folder cannot be used; `str()` says why, in words for whoever starts the bot."""


class DataFolderGone(DataFolderError, sqlite3.OperationalError):
    """The data folder is not the one any more that this process holds: nothing is written."""


def look_over(connection: sqlite3.Connection, path: Path) -> None:
    """Raise sqlite3.Error when the database is damaged or cannot be written just now.

    It commits a write that changes nothing: only that tells a full disk.
    """
    if path.stat().st_size <= CHECKED_WHOLE_BYTES:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            damaged = sqlite3.DatabaseError("damaged")
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    connection.execute(f"PRAGMA user_version = {version}")


def explained(path: Path, exc: Exception, *, when_damaged: str) -> DataFolderError:
    """Turn an error of the disk into words that name the file and what to do."""
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
    if code in DAMAGED:
        return DataFolderError(f"The file {path} is damaged or not a database. {when_damaged}")
    number = exc.errno if isinstance(exc, OSError) else None
    if code in FULL or number == errno.ENOSPC:
        return DataFolderError(
            f"The file {path} cannot be written: the disk is full or broken."
            " Make room on it, then start again."
        )
    if code in CLOSED or number in {errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR}:
        return DataFolderError(
            f"The file {path} cannot be opened for writing."
            " Give this user the right to write it and its folder, then start again."
        )
    if code == sqlite3.SQLITE_BUSY:
        return DataFolderError(
            f"The file {path} is held by another program. End that one, then start again."
        )
    why = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
    return DataFolderError(f"The data folder {path.parent} cannot be used: {why}.")
