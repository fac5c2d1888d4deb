"""Errors that nobody expected: logged and counted, at the one place that all catchers share.

Each one is a mistake in Makegood, whatever set it off. `GET /health` tells the count since the
start, so that whoever watches the bot sees what its people would only hear of.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

logger = logging.getLogger(__name__)

_found: Counter[str] = Counter()


def note_internal_error(place: str, *, error: BaseException | None = None, **details: Any) -> None:
    """Log and count an error; the one being handled when none is given.

    `place` says in a few words what broke; `details` must hold nothing that anybody typed.
    """
    _found[place] += 1
    logger.error(place, extra=details, exc_info=error or True)


def describe_internal_errors() -> str:
    """Return the count with its places in one line: "2 (command failed 1, sweep broke 1)"."""
    places = ", ".join(f"{place} {count}" for place, count in sorted(_found.items()))
    return f"{_found.total()} ({places})" if places else "0"
