"""The books on disk: one JSON file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from bot.sandbox.bigcommerce.books import Books

FILE = "store.json"


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
