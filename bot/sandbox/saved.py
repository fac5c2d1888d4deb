"""Keeping a text on disk: written soon after a change, whole or not at all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

DELAY_S = 0.3


class SavedFile:
    """One file with what `content` returns; without a folder nothing is ever written."""

    def __init__(self, folder: Path | None, name: str, content: Callable[[], str]) -> None:
        self.path = folder / name if folder is not None else None
        self._content = content
        self._timer: asyncio.TimerHandle | None = None

    def read(self) -> str | None:
        """Return what was saved, or None."""
        if self.path is None or not self.path.exists():
            return None
        return self.path.read_text(encoding="utf-8")

    def forget(self) -> None:
        """Remove the file."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def set_aside(self) -> None:
        """Give the file another name, so that it is neither read nor written over."""
        if self.path is not None:
            os.replace(self.path, self.path.with_suffix(".unreadable"))

    def touch(self) -> None:
        """Save shortly, once for any number of changes."""
        if self.path is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DELAY_S, self.save)

    def save(self) -> None:
        """Write the file now: beside the old one first, then in its place."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".tmp")
        with draft.open("w", encoding="utf-8") as file:
            file.write(self._content())
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)
