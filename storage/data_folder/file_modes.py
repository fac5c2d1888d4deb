"""Who may read the data folder's files: their owner alone. Modes are corrected, or refused.

The log holds customers' orders, and whoever can write the queue or the log has a say in what is
sent. A folder that was there before, a copy or an unpacked archive may have let others in.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from storage.data_folder.trouble import DataFolderError

OTHERS = 0o077
OTHERS_WRITE = 0o022
# SQLite's side files, and what is written before it takes its place.
NAMES = ("makegood.sqlite*", "workflows.sqlite*", "lock", "position*")
FOLDERS = ("before-restore-*", ".restore-*", ".backup-*")


def close_to_others(folder: Path) -> None:
    """Take from others the right to write the folder, and every right to the files in it.

    Only what Makegood keeps there is touched. Raises DataFolderError for what cannot be closed.
    """
    _close_folder(folder)
    for path in kept_in(folder):
        close_file(path)


def kept_in(folder: Path) -> Iterator[Path]:
    """Yield what Makegood keeps in its folder, what a restore put aside included."""
    for name in NAMES:
        yield from (path for path in folder.glob(name) if path.is_file())
    for name in FOLDERS:
        for aside in folder.glob(name):
            if aside.is_dir() and not aside.is_symlink():
                yield from (path for path in aside.iterdir() if path.is_file())


def close_file(path: Path) -> None:
    """Let only its owner read and write the file; raises DataFolderError where that fails."""
    if not is_open(path):
        return
    shown = shown_mode(path)
    try:
        path.chmod(0o600)
    except OSError as exc:
        raise DataFolderError(
            f"The file {path} can be read or written by others (mode {shown}), and it belongs to"
            f" another user. As that user or root: chmod 600 {path}, and give it to this user."
        ) from exc
    if is_open(path):
        raise DataFolderError(
            f"The file {path} can be read or written by others (mode {shown}), and its disk keeps"
            " no modes. Choose a folder on another disk with the setting DATA."
        )


def is_open(path: Path) -> bool:
    """Whether others than its owner may do anything with the file."""
    return bool(path.stat().st_mode & OTHERS)


def shown_mode(path: Path) -> str:
    """Return a mode as `chmod` takes it, such as 0644."""
    return f"{stat.S_IMODE(path.stat().st_mode):04o}"


def _close_folder(folder: Path) -> None:
    mode = folder.stat().st_mode
    if not mode & OTHERS_WRITE:
        return
    if mode & stat.S_ISVTX:
        raise DataFolderError(
            f"The data folder {folder} is one that everybody may write to. Makegood needs one of"
            f" its own: set DATA to {folder / 'makegood'}, for example."
        )
    shown = shown_mode(folder)
    try:
        folder.chmod(stat.S_IMODE(mode) & ~OTHERS_WRITE)
    except OSError as exc:
        # A container's volume may belong to root and let in the group that the bot runs as.
        if mode & stat.S_IWOTH:
            raise DataFolderError(
                f"The data folder {folder} can be written by everybody (mode {shown}), and it"
                f" belongs to another user. Set DATA to {folder / 'makegood'}, which Makegood then"
                f" makes, or, as that user or root: chmod go-w {folder}"
            ) from exc
        return
    if folder.stat().st_mode & stat.S_IWOTH:
        raise DataFolderError(
            f"The data folder {folder} can be written by everybody (mode {shown}), and its disk"
            " keeps no modes. Choose a folder on another disk with the setting DATA."
        )
