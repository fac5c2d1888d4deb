"""Who may agree with a change of the configuration that loosens its rules.

An admin, or an approver of the one who asked: also whom they have removed as approver lately, and
not yet whom they alone have added. Never the one who asked. What is wrong with the audit channel
hinders nobody here: else whoever archives or shares it, or takes the bot out of it, would be alone.
"""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.config.configuration import People
from bot.config.live_configuration import STILL_COUNTS
from bot.slack.errors import error_code
from bot.slack.paging import pages
from handlers.access.access import is_unreadable
from handlers.access.person import Person
from handlers.access.profile import TOLD, Unfit
from handlers.desk import Desk
from handlers.windows.views import NOT_ALLOWED
from storage.configuration.proposals import Proposal

MOST_AT_ONCE = 999  # Slack refuses 1000
ONESELF = (
    "You asked for this yourself, so another approver or admin has to confirm it. You can withdraw "
    "it. Nothing was changed."
)
NO_LEAD = "Only another approver or an admin can decide this. Nothing was changed."


async def lead_refusal(desk: Desk, proposal: Proposal, person: Person) -> str | None:
    """Return why this person may not decide on the proposal now, None when they may."""
    if person.user_id == proposal.actor_id:
        return ONESELF
    no = await desk.access.admin_refusal(*person.ids, fresh=True)
    if no is None or is_unreadable(no):
        return no
    if person.team_id != desk.installation.team_id:
        return TOLD[Unfit.FOREIGN]
    if (unfit := await desk.access.unfit(person.user_id, fresh=True)) is not None:
        return TOLD[unfit]
    if person.user_id not in await _members(desk):
        return NOT_ALLOWED
    approvers = desk.configuration.approvers_for(proposal.actor_id)
    return None if await _is_among(desk, approvers, person.user_id) else NO_LEAD


async def second_people(desk: Desk, proposal: Proposal, *, most: int) -> list[str]:
    """Return who can confirm it now: user ids, at most so many of them.

    Raises one of NOT_READ when Slack does not say.
    """
    found: list[str] = []
    candidates = [*await _admins(desk), *await _approvers(desk, proposal)]
    for user_id in dict.fromkeys(candidates):
        no = await lead_refusal(desk, proposal, Person(proposal.team_id, user_id))
        if is_unreadable(no):
            raise TimeoutError
        if no is None:
            found.append(user_id)
        if len(found) == most:
            break
    return found


async def has_just_lost(desk: Desk, proposal: Proposal) -> bool:
    """Tell whether an approver was there a day ago: who takes them out is not alone by that.

    They cannot confirm it. Raises one of NOT_READ when Slack does not say.
    """
    since = datetime.now(UTC) - STILL_COUNTS
    approvers = desk.configuration.approvers_for(proposal.actor_id)
    gone = desk.people.gone_since(desk.channel_id, since)
    from_groups = [desk.people.gone_since(each, since) for each in approvers.group_ids]
    for user_id in sorted(gone.union(*from_groups) - {proposal.actor_id}):
        was_among = any(user_id in each for each in from_groups)
        if not was_among and not await _is_among(desk, approvers, user_id):
            continue
        if await desk.access.unfit(user_id, fresh=True) is None:
            return True
    return False


async def _admins(desk: Desk) -> list[str]:
    # https://docs.slack.dev/reference/methods/users.list
    def read(cursor: str) -> Awaitable[AsyncSlackResponse]:
        return desk.slack.users_list(limit=MOST_AT_ONCE, cursor=cursor)

    found = [*desk.access.named_admins]
    async for answer in pages("users.list", read):
        for user in answer["members"]:
            is_admin = user.get("is_admin") is True or user.get("is_owner") is True
            if is_admin and not user.get("deleted") and not user.get("is_bot"):
                found.append(str(user["id"]))
    return found


async def _approvers(desk: Desk, proposal: Proposal) -> list[str]:
    approvers = desk.configuration.approvers_for(proposal.actor_id)
    members = await _members(desk)
    if approvers.everyone:
        return sorted(members)
    groups = [await desk.directory.group(each, fresh=True) for each in approvers.group_ids]
    return sorted(members & frozenset(approvers.user_ids).union(*groups))


async def _members(desk: Desk) -> frozenset[str]:
    """Return the audit channel's members; where it is out of reach, those of the last look."""
    try:
        return await desk.directory.members(desk.channel_id, fresh=True)
    except SlackApiError as error:
        if error_code(error) != "channel_not_found":
            raise
        return frozenset(desk.people.members())


async def _is_among(desk: Desk, people: People, user_id: str) -> bool:
    if people.everyone or user_id in people.user_ids:
        return True
    for group_id in people.group_ids:
        if user_id in await desk.directory.group(group_id, fresh=True):
            return True
    return False
