"""Who may act: the members of the audit channel, as far as the configuration lets them.

Being a member is the grant: the team lead invites and removes agents where they read the outcomes.
It counts for people of the workspace, or of its organisation, who are active and no guests, unless
an admin lets guests act; and only while the channel is theirs alone. The configuration may narrow
each action down to persons and user groups. Fails closed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

from slack_sdk.errors import SlackApiError

from bot.actions.registry import ACTIONS
from bot.config.configuration import People
from bot.config.live_configuration import LiveConfiguration
from bot.slack.app_manifest import lacking
from bot.slack.errors import error_code, is_passing
from handlers.access.directory import NOT_READ, Directory, SlackChannel
from handlers.access.profile import TOLD, Unfit
from handlers.windows.views import NOT_ALLOWED

logger = logging.getLogger(__name__)

# Asked before some answers that Slack awaits for three seconds.
ANSWER_S = 1.5
# Before a write nobody waits at a form, and a large channel has many pages of members.
FRESH_S = 10.0
DECIDERS_S = 10.0
MOST_DECIDERS = 12
UNREADABLE = "Slack did not say who may use Makegood: its lists of people cannot be read"
AGAIN = "just now. Nothing was sent. Try again in a minute."
# What does not pass by waiting: the token, its scopes, the plan, or an answer that nobody knows.
REFUSED = (
    "({code}). Nothing was sent. Ask an admin to run “python -m bot check”: it says what is wrong."
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
UNTIL = "Nothing was sent. An admin can choose another audit channel in the Home tab of Makegood."
# What is said to who may not look at orders at all, whatever is wrong with the audit channel.
OUTSIDERS = frozenset({NOT_ALLOWED, *TOLD.values()})
LOST = "lost"
# What is wrong with the audit channel, for those who would use Makegood.
CHANNEL_TOLD = {
    "shared": (
        "Makegood's audit channel is shared with another organisation, so nobody can use Makegood "
        f"until that ends. {UNTIL}"
    ),
    "archived": (
        "Makegood's audit channel is archived, so nobody can use Makegood until it is opened "
        f"again. {UNTIL}"
    ),
    LOST: (
        "Makegood is not in its audit channel any more, so nobody can use Makegood until it is "
        f"invited again. {UNTIL}"
    ),
}


def channel_trouble(channel: SlackChannel) -> str:
    """Return what is wrong with an audit channel, a key of CHANNEL_TOLD, or ""."""
    if channel.is_archived:
        return "archived"
    if channel.is_shared:
        return "shared"
    return "" if channel.has_bot else LOST


class Access:
    """Answers whether a Slack user may act, within `ANSWER_S`, or `FRESH_S` for a fresh answer.

    `admins` are the user ids that the settings name besides the workspace's own admins. `fresh`
    asks for what Slack says after the question, not for what it said within the last minute;
    the refusal `is_unreadable` when Slack does not say.
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

    @property
    def named_admins(self) -> frozenset[str]:
        """The user ids of the admins whom the settings name."""
        return self._admins

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
        `even_off`: whether they might if the action were on. The refusal `is_unreadable` when
        Slack does not say.
        """
        if not user_id or team_id != self._team_id:
            return TOLD[Unfit.FOREIGN]
        answer = self._refusal(user_id, action, fresh, even_off)
        return await _within_time(answer, fresh)

    def off_refusal(self, action: str, *for_actors: str) -> str | None:
        """Return why nobody may do this action now, None when it is on (for these people)."""
        if self._configuration.current(*for_actors).allows(action):
            return None
        configuration = self._configuration.current()
        if not configuration.activated:
            return NOT_ACTIVATED
        title = ACTIONS[action].title
        if configuration.rule(action).enabled:
            return (
                f"Whoever switches “{title}” on without a second person has to wait for 24 hours "
                "before using it. Nothing was sent."
            )
        return (
            f"An admin has switched “{title}” off, so nothing was sent. It is switched on again in "
            "the Home tab of Makegood."
        )

    async def admin_refusal(self, team_id: str, user_id: str, *, fresh: bool = False) -> str | None:
        """Return why this user may not configure the bot now, None when they may."""
        if not user_id or team_id != self._team_id:
            return NOT_ADMIN
        return await _within_time(self._admin_refusal(user_id, fresh), fresh)

    async def is_approver(self, team_id: str, user_id: str) -> bool:
        """Tell whether this user may approve what others ask for; False when in doubt."""
        return await self.approver_refusal(team_id, user_id) is None

    async def approver_refusal(
        self, team_id: str, user_id: str, *, fresh: bool = False, asked_by: str = ""
    ) -> str | None:
        """Return why this user may not approve what others ask for now, None when they may.

        Not yet who was made an approver by this user alone, or by `asked_by`, who asks.
        """
        approvers = self._configuration.current(user_id, asked_by).approvers
        if (no := await self.refusal(team_id, user_id, fresh=fresh)) is not None:
            return no
        named = self._named(approvers, user_id, NOT_APPROVER, fresh=fresh)
        return await _within_time(named, fresh)

    async def can_decide(self, user_id: str, *, but: str = "", fresh: bool = False) -> bool | None:
        """Tell whether this user can decide what `but` asks for; None when Slack does not say."""
        no = await self.approver_refusal(self._team_id, user_id, fresh=fresh, asked_by=but)
        return None if is_unreadable(no) else no is None and user_id != but

    async def is_outsider(self, user_id: str) -> bool:
        """Tell whether this user may not look at orders any more; False when Slack does not say."""
        return await self.refusal(self._team_id, user_id, fresh=True) in OUTSIDERS

    async def named(self, people: People) -> frozenset[str]:
        """Return the user ids that are named, also as members of groups; raises NOT_READ."""
        groups = [await self._directory.group(group_id) for group_id in people.group_ids]
        return frozenset(people.user_ids).union(*groups)

    async def lead_refusal(
        self, team_id: str, user_id: str, people: People, *, fresh: bool = False
    ) -> str | None:
        """Return why this user is no approver, no admin and none of these, None when they are."""
        if (no := await self.refusal(team_id, user_id, fresh=fresh)) is not None:
            return no
        named = self._named(people, user_id, NOT_ALLOWED, fresh=fresh)
        refusal = await _within_time(named, fresh)
        for ask in (self.approver_refusal, self.admin_refusal):
            if refusal is not None:
                no = await ask(team_id, user_id, fresh=fresh)
                refusal = refusal if no is not None and is_unreadable(refusal) else no
        return refusal

    async def deciders(
        self, *, but: str = "", most: int = MOST_DECIDERS, within_s: float = DECIDERS_S
    ) -> tuple[str, ...] | None:
        """Return who can decide now what `but` asks for: user ids, at most so many of them.

        They are approvers who may use the bot. None when Slack does not say.
        """
        try:
            async with asyncio.timeout(within_s):
                return await self._deciders(but, most)
        except NOT_READ as error:
            logger.warning("deciders not read", extra={"error": error_code(error)})
            return None

    async def cannot_decide(self, *, but: str) -> dict[str, str] | None:
        """Return why each approver who is set cannot decide what `but` asks for, as said of them.

        Those who can are left out. None when Slack does not say.
        """
        try:
            async with asyncio.timeout(DECIDERS_S):
                return await self._cannot_decide(but)
        except NOT_READ as error:
            logger.warning("deciders not read", extra={"error": error_code(error)})
            return None

    async def unfit(self, user_id: str, *, fresh: bool = False) -> Unfit | None:
        """Return what keeps somebody from acting whatever they are let do; raises NOT_READ."""
        profile = await self._directory.profile(user_id, fresh=fresh)
        return profile.unfit(guests=self._configuration.current(user_id).guests)

    async def channel_trouble(self) -> str:
        """Return what is wrong with the audit channel, a key of CHANNEL_TOLD, or "".

        Raises NOT_READ.
        """
        return await self._channel_trouble(self._configuration.current().audit_channel, fresh=False)

    async def _deciders(self, but: str, most: int) -> tuple[str, ...]:
        found: list[str] = []
        for user_id in sorted(await self._candidates(but) - {but}):
            no = await self.refusal(self._team_id, user_id)
            if is_unreadable(no):
                raise TimeoutError
            if no is None:
                found.append(user_id)
            if len(found) == most:
                break
        return tuple(found)

    async def _candidates(self, but: str) -> frozenset[str]:
        configuration = self._configuration.current(but)
        members = await self._members(configuration.audit_channel, fresh=False)
        if configuration.approvers.everyone:
            return members
        return members & await self.named(configuration.approvers)

    async def _cannot_decide(self, but: str) -> dict[str, str]:
        configuration = self._configuration.current(but)
        members = await self._members(configuration.audit_channel, fresh=False)
        named = await self.named(configuration.approvers)
        why: dict[str, str] = {}
        for user_id in sorted(named)[:MOST_DECIDERS]:
            if user_id == but:
                why[user_id] = "asked for it"
            elif user_id not in members:
                why[user_id] = "is not in the channel"
            elif (unfit := await self.unfit(user_id)) is not None:
                why[user_id] = str(unfit)
        return why

    async def _refusal(
        self, user_id: str, action: str | None, fresh: bool, even_off: bool
    ) -> str | None:
        configuration = self._configuration.current(user_id)
        channel_id = configuration.audit_channel
        trouble, members, profile = await asyncio.gather(
            self._channel_trouble(channel_id, fresh),
            self._members(channel_id, fresh),
            self._directory.profile(user_id, fresh=fresh),
        )
        if trouble:
            return CHANNEL_TOLD[trouble]
        if user_id not in members:
            return NOT_ALLOWED
        if (unfit := profile.unfit(guests=configuration.guests)) is not None:
            return TOLD[unfit]
        if action is None:
            return None
        if not even_off and (no := self.off_refusal(action, user_id)) is not None:
            return no
        rule, title = configuration.rule(action), ACTIONS[action].title
        only = (
            f"“{title}” is only for some of the team here, and you are not one of them. Nothing "
            "was sent. Ask a team lead."
        )
        return await self._named(rule.who, user_id, only, fresh=fresh)

    async def _channel_trouble(self, channel_id: str, fresh: bool) -> str:
        try:
            return channel_trouble(await self._directory.channel(channel_id, fresh=fresh))
        except SlackApiError as error:
            if error_code(error) != "channel_not_found":
                raise
            return LOST

    async def _members(self, channel_id: str, fresh: bool) -> frozenset[str]:
        try:
            return await self._directory.members(channel_id, fresh=fresh)
        except SlackApiError as error:
            if error_code(error) != "channel_not_found":
                raise
            return frozenset()

    async def _admin_refusal(self, user_id: str, fresh: bool) -> str | None:
        profile = await self._directory.profile(user_id, fresh=fresh)
        guests = self._configuration.current().guests
        if profile.unfit(guests=guests) is None and (profile.is_admin or user_id in self._admins):
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


async def _within_time(answer: Awaitable[str | None], fresh: bool) -> str | None:
    try:
        async with asyncio.timeout(FRESH_S if fresh else ANSWER_S):
            return await answer
    except NOT_READ as error:
        logger.warning("people not read", extra={"error": error_code(error)})
        return unreadable(error)


def unreadable(error: Exception) -> str:
    """Return what is said where Slack's lists of people could not be read."""
    if not isinstance(error, SlackApiError) or is_passing(error):
        return f"{UNREADABLE} {AGAIN}"
    said = f"{UNREADABLE} {REFUSED.format(code=error_code(error))}"
    if error_code(error) == "missing_scope":
        return f"{said} {lacking(str(error.response.get('needed')))}".strip()
    return said


def is_unreadable(refusal: str | None) -> bool:
    """Whether a refusal only says that Slack did not."""
    return refusal is not None and refusal.startswith(UNREADABLE)


def without_effect(refusal: str) -> str:
    """Return a refusal without its "nothing was sent": for what was sent in part, or not to be."""
    for said in (", so nothing was sent", " Nothing was sent."):
        refusal = refusal.replace(said, "")
    return refusal.removeprefix("Nothing was sent: ")
