"""How values are kept in SQLite: times as sortable UTC text, the rest as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bot.values.clean_text import cleaned


def now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def time_text(at: datetime | None) -> str | None:
    """Write an aware time so that text order is time order."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError("a time without its zone cannot be kept")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def to_time(text: str | None) -> datetime | None:
    """Read what `time_text` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def json_text(value: Any) -> str:
    """Write JSON; raises TypeError for what JSON does not know (convert it before)."""
    return json.dumps(cleaned(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def to_json(text: str | None) -> Any:
    """Read what `json_text` wrote; None stays None."""
    return None if text is None else json.loads(text)
