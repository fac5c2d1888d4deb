"""What Slack says that somebody is, and whether such a person may act at all. Pure.

https://docs.slack.dev/reference/objects/user-object
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handlers.access.person import Installation

SLACKBOT = "USLACKBOT"  # its `is_bot` is false
BOTS = ("is_bot", "is_workflow_bot", "is_connector_bot")


class Unfit(StrEnum):
    """Why somebody may not act whatever the configuration says, as said of them."""

    DEACTIVATED = "is deactivated"
    BOT = "is an app"
    FOREIGN = "belongs to another organisation"
    GUEST = "is a guest"


TOLD: Mapping[Unfit, str] = {
    Unfit.DEACTIVATED: "This Slack account is deactivated, so nothing was sent.",
    Unfit.BOT: "Apps cannot use Makegood. Nothing was sent.",
    Unfit.FOREIGN: (
        "Makegood is only for people of its own Slack workspace or organisation, and you belong to "
        "another one. Nothing was sent."
    ),
    Unfit.GUEST: (
        "You are a guest in this Slack workspace, and guests may not use Makegood. Nothing was "
        "sent. Ask a team lead; an admin can let guests use it."
    ),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody is. `is_ours`: of this workspace, or of its organisation.

    What Slack does not say counts against them.
    """

    user_id: str
    name: str
    is_ours: bool
    is_active: bool
    is_bot: bool
    is_guest: bool
    is_admin: bool

    @classmethod
    def of(cls, user: Mapping[str, Any], installation: Installation) -> Profile:
        """Read Slack's user object."""
        user_id = str(user.get("id") or "")
        return cls(
            user_id=user_id,
            name=_name(user) or user_id,
            is_ours=_is_ours(user, installation),
            is_active=user.get("deleted") is False,
            is_bot=user_id == SLACKBOT or any(user.get(name) for name in BOTS),
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_admin=user.get("is_admin") is True or user.get("is_owner") is True,
        )

    def unfit(self, *, guests: bool) -> Unfit | None:
        """Return why this person may not act, None when they may; `guests`: those may."""
        if not self.is_ours:
            return Unfit.FOREIGN
        if not self.is_active:
            return Unfit.DEACTIVATED
        if self.is_bot:
            return Unfit.BOT
        return Unfit.GUEST if self.is_guest and not guests else None


def nobody(user_id: str) -> Profile:
    """Return who Slack does not know, or does not show: nobody of ours."""
    return Profile(
        user_id,
        name=user_id,
        is_ours=False,
        is_active=False,
        is_bot=False,
        is_guest=False,
        is_admin=False,
    )


def _name(user: Mapping[str, Any]) -> str:
    # Of somebody who is deactivated, or from elsewhere, only the profile has it.
    profile = user.get("profile") or {}
    return str(user.get("real_name") or profile.get("real_name") or user.get("name") or "")


def _is_ours(user: Mapping[str, Any], installation: Installation) -> bool:
    # `is_stranger` is false for people of Slack Connect who share a channel with the app.
    if user.get("is_stranger"):
        return False
    ours = installation.enterprise_id
    organisation = (user.get("enterprise_user") or {}).get("enterprise_id")
    if ours and organisation == ours:
        return True
    return user.get("team_id") == installation.team_id
