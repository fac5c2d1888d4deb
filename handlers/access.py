"""Who may act: the members of the audit channel, as far as the configuration lets them.

Being a member is the grant: the team lead invites and removes agents where they read the outcomes.
The configuration may narrow each action down to persons and user groups. Fails closed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

from slack_sdk.errors import SlackApiError

from bot.actions import ACTIONS
from bot.configuration import LiveConfiguration, People
from handlers.directory import NOT_READ, Directory
from handlers.views import NOT_ALLOWED

logger = logging.getLogger(__name__)

# Asked before some answers that Slack awaits for three seconds.
ANSWER_S = 1.5
UNREADABLE = (
    "Slack did not say who may use Makegood: its lists of people cannot be read just now. Nothing "
    "was sent. Try again in a minute."
)
NOT_ACTIVATED = (
    "Makegood's actions are not activated yet, so nothing was sent. An admin activates them in the "
    "Home tab of Makegood."
)
NOT_APPROVER = (
    "You are not set as an approver, so nothing was decided. An admin sets the approvers in the "
    "Home tab of Makegood."
)
NOT_ADMIN = (
    "Only an admin or owner of the workspace may change Makegood's configuration. Nothing was "
    "changed."
)


class Access:
    """Answers whether a Slack user may act. Every answer takes `ANSWER_S` at most.

    `admins` are the user ids that the settings name besides the workspace's own admins.
    """

    def __init__(
        self,
        directory: Directory,
        configuration: LiveConfiguration,
        *,
        team_id: str,
        admins: frozenset[str] = frozenset(),
    ) -> None:
        self._directory = directory
        self._configuration = configuration
        self._team_id = team_id
        self._admins = admins

    async def is_allowed(self, team_id: str, user_id: str) -> bool:
        """Tell whether this user may use the bot now; False whenever that cannot be found out."""
        return await self.refusal(team_id, user_id) is None

    async def refusal(
        self,
        team_id: str,
        user_id: str,
        action: str | None = None,
        *,
        fresh: bool = False,
        even_off: bool = False,
    ) -> str | None:
        """Return why this user may not look (or do this action) now, None when they may.

        `fresh`: as Slack says after this was asked, not as it said within the last minute.
        `even_off`: whether they might if the action were on. `UNREADABLE` when Slack does not say.
        """
        if not user_id or team_id != self._team_id:
            return NOT_ALLOWED
        answer = self._refusal(user_id, action, fresh, even_off)
        return await _within_time(answer, otherwise=UNREADABLE)

    def off_refusal(self, action: str) -> str | None:
        """Return why nobody may do this action now, None when it is on."""
        configuration = self._configuration.current()
        if not configuration.activated:
            return NOT_ACTIVATED
        if configuration.rule(action).enabled:
            return None
        return (
            f"An admin has switched “{ACTIONS[action].title}” off, so nothing was sent. It is "
            "switched on again in the Home tab of Makegood."
        )

    async def admin_refusal(self, team_id: str, user_id: str, *, fresh: bool = False) -> str | None:
        """Return why this user may not configure the bot now, None when they may."""
        if not user_id or team_id != self._team_id:
            return NOT_ADMIN
        return await _within_time(self._admin_refusal(user_id, fresh), otherwise=UNREADABLE)

    async def is_approver(self, team_id: str, user_id: str) -> bool:
        """Tell whether this user may approve what others ask for; False when in doubt."""
        return await self.approver_refusal(team_id, user_id) is None

    async def approver_refusal(
        self, team_id: str, user_id: str, *, fresh: bool = False
    ) -> str | None:
        """Return why this user may not approve what others ask for now, None when they may."""
        approvers = self._configuration.current().approvers
        if (no := await self.refusal(team_id, user_id, fresh=fresh)) is not None:
            return no
        named = self._named(approvers, user_id, NOT_APPROVER, fresh=fresh)
        return await _within_time(named, otherwise=UNREADABLE)

    async def is_lead_or_among(
        self, team_id: str, user_id: str, people: People, *, fresh: bool = False
    ) -> bool:
        """Tell whether this user is an approver, an admin, or one of these; False when in doubt."""
        return await self.lead_refusal(team_id, user_id, people, fresh=fresh) is None

    async def lead_refusal(
        self, team_id: str, user_id: str, people: People, *, fresh: bool = False
    ) -> str | None:
        """Return why this user is no approver, no admin and none of these, None when they are."""
        if (no := await self.refusal(team_id, user_id, fresh=fresh)) is not None:
            return no
        named = self._named(people, user_id, NOT_ALLOWED, fresh=fresh)
        refusal = await _within_time(named, otherwise=UNREADABLE)
        for ask in (self.approver_refusal, self.admin_refusal):
            if refusal is not None:
                no = await ask(team_id, user_id, fresh=fresh)
                refusal = UNREADABLE if no is not None and refusal == UNREADABLE else no
        return refusal

    async def _refusal(
        self, user_id: str, action: str | None, fresh: bool, even_off: bool
    ) -> str | None:
        configuration = self._configuration.current()
        if user_id not in await self._directory.members(configuration.audit_channel, fresh=fresh):
            return NOT_ALLOWED
        if action is None:
            return None
        if not even_off and (no := self.off_refusal(action)) is not None:
            return no
        rule, title = configuration.rule(action), ACTIONS[action].title
        only = (
            f"“{title}” is only for some of the team here, and you are not one of them. Nothing "
            "was sent. Ask a team lead."
        )
        return await self._named(rule.who, user_id, only, fresh=fresh)

    async def _admin_refusal(self, user_id: str, fresh: bool) -> str | None:
        if user_id in self._admins or await self._directory.is_admin(user_id, fresh=fresh):
            return None
        return NOT_ADMIN

    async def _named(
        self, people: People, user_id: str, otherwise: str, *, fresh: bool = False
    ) -> str | None:
        if people.everyone or user_id in people.user_ids:
            return None
        for group_id in people.group_ids:
            if user_id in await self._directory.group(group_id, fresh=fresh):
                return None
        return otherwise


async def _within_time(answer: Awaitable[str | None], *, otherwise: str) -> str | None:
    try:
        async with asyncio.timeout(ANSWER_S):
            return await answer
    except NOT_READ as error:
        logger.warning("people not read", extra={"error": _code(error)})
        return otherwise


def _code(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or "")
    return type(error).__name__
