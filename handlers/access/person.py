"""Who is acting: always Slack's own ids, never a name or anything a view carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user, as this installation of the bot knows them.

    `team_id` is the installation's for everybody of its workspace or organisation, wherever their
    home in it is, and another one, or empty, for all others.
    """

    team_id: str
    user_id: str

    @property
    def ids(self) -> tuple[str, str]:
        """The team's id and the user's."""
        return self.team_id, self.user_id


@dataclass(frozen=True, slots=True)
class Installation:
    """The workspace that the bot is installed in, and its organisation on Enterprise Grid."""

    team_id: str
    enterprise_id: str = ""

    def person(self, body: Mapping[str, Any]) -> Person:
        """Return who sent a command, an interaction or an event; empty ids when it does not say.

        On Enterprise Grid a person's home (`user.team_id`, and `team` in Slack Connect) may be
        another workspace of the organisation, and it differs between a command and the form that it
        opens. Whether they really belong to it, `Access` asks Slack.
        """
        user = body.get("user") or body.get("event", {}).get("user") or {}
        user = user if isinstance(user, Mapping) else {"id": user}
        user_id = str(body.get("user_id") or user.get("id") or "")
        granted = (body.get("authorizations") or [{}])[0]
        team = (body.get("team") or {}).get("id") or body.get("team_id")
        view = body.get("view") or {}
        installed = view.get("app_installed_team_id") or granted.get("team_id") or team
        homes = [each for each in (installed, team, user.get("team_id")) if each]
        organisation = (body.get("enterprise") or {}).get("id") or body.get("enterprise_id")
        if self._is_ours(homes, organisation or granted.get("enterprise_id")):
            return Person(self.team_id, user_id)
        others = (str(each) for each in homes if each != self.team_id)
        return Person(next(others, ""), user_id)

    def _is_ours(self, homes: list[str], organisation: str | None) -> bool:
        if self.enterprise_id:
            # Without the organisation's id the workspace of the installation must do, the first.
            is_named = organisation == self.enterprise_id
            return is_named or (organisation is None and homes[:1] == [self.team_id])
        return bool(homes) and set(homes) == {self.team_id}
