"""Opening the database file, so that what is committed survives a power cut."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.values.clean_text import cleaned
from storage.data_folder.folder import make_private
from storage.data_folder.trouble import DataFolderError, explained, look_over
from storage.migrations.migrations import migrations

# Whoever else holds the file, a backup perhaps, is waited for on the event loop; and Slack awaits
# its answer for three seconds.
BUSY_TIMEOUT_MS = 1000
WRITES = frozenset({"INSERT", "UPDATE", "DELETE"})

WHEN_DAMAGED = "Put back your latest backup: it says what was asked for, and what was already sent."


class GuardedDatabase(Database):
    """A database that asks before it is written; `guard` raises to keep it from being."""

    guard: Callable[[], None] | None = None

    def execute(self, sql: str, parameters: Any = None) -> sqlite3.Cursor:
        """Execute the statement; a text that SQLite cannot hold is kept as far as it can."""
        if self.guard is not None and sql.lstrip()[:6].upper() in WRITES:
            self.guard()
        return super().execute(sql, cleaned(parameters))


def open_database(path: Path, guard: Callable[[], None] | None = None) -> Database:
    """Open or create the database at `path` and bring it to the newest form.

    `guard` is asked before each later write, and raises to refuse it.

    Raises DataFolderError when the folder cannot be created or written, the file is damaged or no
    database, or a newer release wrote it; what was there is then as it was.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private(path)
        db = GuardedDatabase(_connect(str(path)))
    except (OSError, sqlite3.Error) as exc:
        raise _unusable(path, exc) from exc
    try:
        _set_up(db, path)
    except DataFolderError:
        db.close()
        raise
    except sqlite3.Error as exc:
        db.close()
        raise _unusable(path, exc) from exc
    db.guard = guard
    return db


def read_database(path: Path) -> Database:
    """Open an existing database for reading only, also while the bot is running.

    Raises DataFolderError when there is none.
    """
    if not path.is_file():
        raise DataFolderError(f"There is no {path.name} in {path.parent}.")
    try:
        return Database(_connect(f"{path.resolve().as_uri()}?mode=ro", uri=True))
    except sqlite3.Error as exc:
        raise _unusable(path, exc) from exc


def is_usable(db: Database) -> bool:
    """Whether the database can be read and its right to write be had just now."""
    try:
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            db.conn.execute("SELECT 1 FROM action_log LIMIT 1").fetchall()
        finally:
            db.conn.execute("ROLLBACK")
    except sqlite3.Error:
        return False
    return True


def _connect(name: str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(name, uri=uri, timeout=BUSY_TIMEOUT_MS / 1000)


def _set_up(db: Database, path: Path) -> None:
    _refuse_newer(db, path)
    db.conn.execute("PRAGMA journal_mode = WAL")
    # FULL: a refund that was claimed must still be claimed after a power cut.
    db.conn.execute("PRAGMA synchronous = FULL")
    db.conn.execute("PRAGMA foreign_keys = ON")
    look_over(db.conn, path)
    migrations.apply(db)


def _refuse_newer(db: Database, path: Path) -> None:
    """Keep an older release away from tables that it does not know."""
    nothing_applied = Database(memory=True)
    known = {step.name for step in migrations.pending(nothing_applied)}
    nothing_applied.close()
    if any(step.name not in known for step in migrations.applied(db)):
        raise DataFolderError(
            f"The file {path} was written by a newer Makegood."
            " Install that release, or put back a backup from before it."
        )


def _unusable(path: Path, exc: Exception) -> DataFolderError:
    return explained(path, exc, when_damaged=WHEN_DAMAGED)
