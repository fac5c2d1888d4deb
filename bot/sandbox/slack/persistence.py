"""Keeping a JSON document on disk: written soon after a change, whole or not at all."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

from bot.sandbox.slack.errors import Json

logger = logging.getLogger(__name__)

DELAY_S = 0.3


class SavedDocument:
    """One JSON file; without a folder nothing is ever written."""

    def __init__(self, folder: Path | None, name: str, content: Callable[[], Json]) -> None:
        self.path = folder / name if folder is not None else None
        self._content = content
        self._timer: asyncio.TimerHandle | None = None

    def load(self) -> Json | None:
        """Return what was saved, or None; a file that cannot be read is set aside, not deleted."""
        if self.path is None or not self.path.exists():
            return None
        try:
            saved = json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError:
            logger.warning("saved workspace is unreadable and was set aside")
            os.replace(self.path, self.path.with_suffix(".unreadable"))
            return None
        return saved if isinstance(saved, dict) else None

    def forget(self) -> None:
        """Remove the file."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def touch(self) -> None:
        """Save shortly, once for any number of changes."""
        if self.path is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DELAY_S, self.save)

    def save(self) -> None:
        """Write the document now: beside the old file first, then in its place."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".tmp")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(self._content(), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)
