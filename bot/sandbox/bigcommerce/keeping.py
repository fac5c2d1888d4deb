"""The books on disk: one JSON file, replaced whole, soon after a change and at the end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from bot.sandbox.bigcommerce.books import Books

FILE = "store.json"
SAVE_AFTER_S = 0.3


def load_or_seed(
    data: Path | None, *, seed: int, reset: bool, plant: Callable[[int], Books]
) -> Books:
    """Return the kept books of this seed, or freshly planted ones.

    Raises ValueError when the file is there but cannot be read: it is never overwritten unasked.
    """
    if data is not None and not reset and (data / FILE).exists():
        try:
            books = Books.model_validate_json((data / FILE).read_bytes())
        except ValidationError as exc:
            raise ValueError(f"{data / FILE} is not readable; start over with --reset") from exc
        if books.seed == seed:
            return books
    return plant(seed)


class Keeper:
    """Saves the books a little after the last change, and when it is closed."""

    def __init__(self, books: Books, data: Path | None) -> None:
        self._books = books
        self._data = data
        self._timer: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        """Ask for the books to be saved soon."""
        if self._timer is None and self._data is not None:
            self._timer = asyncio.get_running_loop().call_later(SAVE_AFTER_S, self._save)

    def close(self) -> None:
        """Save now."""
        if self._timer is not None:
            self._timer.cancel()
        self._save()

    def _save(self) -> None:
        self._timer = None
        if self._data is None:
            return
        self._data.mkdir(parents=True, exist_ok=True)
        fresh = self._data / f"{FILE}.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(self._books.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._data / FILE)
