"""Entries of the log for the pure tests: a refund that was asked for, and as plain as can be."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from storage.log.entries import Entry

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = "<!date^1795435200^{date_short_pretty} at {time}|23 November 2026, 12:00 UTC>"


def entry(**changes: Any) -> Entry:
    fields: dict[str, Any] = {
        field.name: None
        for field in dataclasses.fields(Entry)
        if field.default is dataclasses.MISSING
    }
    fields |= {
        "reference": "MG-7F3K-2Q9D",
        "action": "refund_order",
        "order_id": 1042,
        "team_id": "T1",
        "actor_id": "UANNA",
        "request": {"order_id": 1042, "reason": "Damaged"},
        "asked_at": NOON,
        "round": 1,
        "finished_round": 1,
    }
    return Entry(**(fields | changes))
