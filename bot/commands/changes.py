"""`log --configuration`: who changed what in the configuration."""

from __future__ import annotations

import json
from typing import Any

from bot.logs import printable
from storage import ConfigurationChange, ConfigurationLog


def print_changes(log: ConfigurationLog, limit: int) -> None:
    """Print the latest changes, newest first: each field with its value before and after."""
    changes = log.history(limit)
    if not changes:
        print("Nothing has been changed yet.")
    for change in changes:
        at = change.at.strftime("%Y-%m-%d %H:%M:%S")
        second = f"  confirmed by {change.confirmed_by}" if change.confirmed_by else ""
        print(f"{at}  {change.actor_id}  {change.section}{second}")
        for name, before, after in _differences(change):
            print(printable(f"  {name}{before} -> {after}"))


def _differences(change: ConfigurationChange) -> list[tuple[str, str, str]]:
    before, after = change.before, change.after
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [("", _text(before), _text(after))]
    return [
        (f"{name}: ", _text(before.get(name)), _text(value))
        for name, value in after.items()
        if before.get(name) != value
    ]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
