"""A backup: both databases in one file, with a manifest that says whose they are.

The log is copied last, so that it knows whatever the queue holds: what the queue lacks is put in
line again from the log.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.data_folder.folder import DATABASE_FILE, WORKFLOWS_FILE
from storage.data_folder.owner import LogOwner
from storage.data_folder.trouble import DataFolderError
from storage.database import open_database, read_database
from storage.recovery.periods import RESTORED, LogPeriods
from storage.recovery.witness import POSITION_FILE
from storage.values import now, time_text

MANIFEST = "manifest.json"
FORMAT = 1
ENDINGS = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `files` has each file's SHA-256; ids are "" before a start."""

    format: int
    made_at: str
    version: str
    store_hash: str
    team_id: str
    bot_id: str
    files: dict[str, str]


def write_backup(data: Path, target: Path, *, version: str) -> Manifest:
    """Write both databases of the folder to a new file, also while the bot is running.

    Raises DataFolderError when there is nothing to back up, a copy is damaged, or `target` is there
    or cannot be written; then no file is left behind.
    """
    if not (data / DATABASE_FILE).is_file():
        raise DataFolderError(f"There is no {DATABASE_FILE} in {data}, so nothing to back up.")
    part = target.with_name(f"{target.name}.part")
    is_done = False
    try:
        # Nobody else's file is overwritten, also one that comes into being meanwhile.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as exc:
        raise _unwritten(target, exc) from exc
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as made:
            names = [name for name in (WORKFLOWS_FILE, DATABASE_FILE) if (data / name).is_file()]
            for name in names:
                _copy(data / name, Path(made) / name)
            manifest = _manifest(Path(made), names, version)
            _pack(Path(made), names, manifest, part)
        os.replace(part, target)
        _sync(target.parent)
        is_done = True
    except (OSError, sqlite3.Error) as exc:
        raise _unwritten(target, exc) from exc
    finally:
        if not is_done:
            part.unlink(missing_ok=True)
            target.unlink(missing_ok=True)
    return manifest


def restore_backup(
    data: Path, source: Path, *, store_hash: str = ""
) -> tuple[Manifest, Path | None]:
    """Put a backup's databases into the folder, which the caller holds.

    What was there is kept: returns the folder into which it was moved, None when there was nothing.
    Raises DataFolderError, with the folder as it was, when the file is no backup, is damaged, is
    another store's or a newer release's.
    """
    with _unpacked(source, data) as (manifest, made):
        if store_hash and manifest.store_hash and manifest.store_hash != store_hash:
            raise DataFolderError(
                f"{source} is a backup of the store {manifest.store_hash}, and the settings name"
                f" {store_hash}. Nothing was changed."
            )
        for name in manifest.files:
            _check(made / name, source)
        _begin_anew(made / DATABASE_FILE)
        aside = _put_aside(data)
        for name in manifest.files:
            os.replace(made / name, data / name)
    _sync(data)
    return manifest, aside


def _unwritten(target: Path, exc: Exception) -> DataFolderError:
    if isinstance(exc, FileExistsError):
        return DataFolderError(f"{target} is there already. Choose another name for the backup.")
    why = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
    return DataFolderError(f"The backup {target} could not be written: {why}.")


def _copy(source: Path, target: Path) -> None:
    with closing(read_database(source)) as original, closing(sqlite3.connect(target)) as copy:
        # All pages in one step: one moment, whatever the bot writes meanwhile.
        original.conn.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
    _check(target, source)


def _check(path: Path, what: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        try:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as exc:
            found = str(exc)
    if found != "ok":
        raise DataFolderError(f"{path.name} of {what} is damaged. Nothing was changed.")


def _manifest(made: Path, names: list[str], version: str) -> Manifest:
    with closing(read_database(made / DATABASE_FILE)) as db:
        has_owner = "log_owner" in db.table_names()
        owner = LogOwner(db).find() if has_owner else None
    return Manifest(
        format=FORMAT,
        made_at=time_text(now()) or "",
        version=version,
        store_hash=owner.store_hash if owner else "",
        team_id=owner.team_id if owner else "",
        bot_id=owner.bot_id if owner else "",
        files={name: _digest(made / name) for name in names},
    )


def _pack(made: Path, names: list[str], manifest: Manifest, part: Path) -> None:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        with tarfile.open(fileobj=file, mode="w") as tar:
            text = json.dumps(asdict(manifest), indent=2).encode()
            member = tarfile.TarInfo(MANIFEST)
            member.size, member.mode = len(text), 0o600
            tar.addfile(member, io.BytesIO(text))
            for name in names:
                tar.add(made / name, arcname=name, filter=_plain)
        file.flush()
        os.fsync(file.fileno())


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


@contextmanager
def _unpacked(source: Path, data: Path) -> Iterator[tuple[Manifest, Path]]:
    """Yield the manifest, and a folder beside the data with the files that it names."""
    try:
        # On the data's own disk, so that each file comes to its place in one step.
        with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as made:
            with tarfile.open(source, "r:") as tar:
                manifest = _read_manifest(tar)
                for name, digest in manifest.files.items():
                    _unpack(tar, name, digest, Path(made) / name)
            yield manifest, Path(made)
    except (tarfile.TarError, KeyError, ValueError, TypeError) as exc:
        raise DataFolderError(f"{source} is no backup of Makegood's. Nothing was changed.") from exc
    except OSError as exc:
        raise DataFolderError(f"{source} could not be restored: {exc.strerror or exc}.") from exc


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    file = tar.extractfile(MANIFEST)
    found: dict[str, Any] = json.loads(file.read(1_000_000)) if file else {}
    manifest = Manifest(**found)
    if manifest.format != FORMAT or not {DATABASE_FILE} <= set(manifest.files) <= {
        DATABASE_FILE,
        WORKFLOWS_FILE,
    }:
        raise ValueError("another format")
    return manifest


def _unpack(tar: tarfile.TarFile, name: str, digest: str, target: Path) -> None:
    file = tar.extractfile(name)
    if file is None:
        raise ValueError("not a file")
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as copy:
        while chunk := file.read(1 << 20):
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    if _digest(target) != digest:
        raise DataFolderError(f"{name} in the backup is damaged. Nothing was changed.")


def _begin_anew(path: Path) -> None:
    """Note in the restored log that a new period begins with it."""
    with closing(open_database(path)) as db:
        LogPeriods(db).begin(RESTORED)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for ending in ENDINGS[1:]:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _put_aside(data: Path) -> Path | None:
    # With their side files: those hold what was written last.
    names = [name + end for name in (DATABASE_FILE, WORKFLOWS_FILE) for end in ENDINGS]
    names.append(POSITION_FILE)
    there = [name for name in names if (data / name).exists()]
    if not there:
        return None
    aside = Path(
        tempfile.mkdtemp(dir=data, prefix=f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}-")
    )
    for name in there:
        os.replace(data / name, aside / name)
    return aside


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
