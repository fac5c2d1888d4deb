"""Who is acting: always Slack's own ids, never a name or anything a view carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user in a team."""

    team_id: str
    user_id: str

    @property
    def ids(self) -> tuple[str, str]:
        """The team's id and the user's."""
        return self.team_id, self.user_id

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Person:
        """Return who sent a command, an interaction or an event; empty ids when it does not say."""
        if "user_id" in body:  # a slash command
            return cls(str(body.get("team_id") or ""), str(body["user_id"]))
        user = body.get("user") or {}
        team = user.get("team_id") or (body.get("team") or {}).get("id") or ""
        return cls(str(team), str(user.get("id") or ""))
