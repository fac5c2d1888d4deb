"""Who may use the bot, who may not, and who can approve: as Slack says it of the channel now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence

from slack_sdk.web.async_client import AsyncWebClient

from bot.actions.registry import ACTIONS
from bot.check.finding import Finding
from bot.config.configuration import Configuration, People
from handlers.access.directory import Directory
from handlers.access.person import Installation
from handlers.access.profile import Profile, Unfit

MOST_READ = 200
AT_ONCE = 5
SHOWN = 12
SET_THEM = "An admin sets who approves in the Home tab of Makegood."


async def check_people(
    slack: AsyncWebClient, installation: Installation, configuration: Configuration
) -> AsyncIterator[Finding]:
    """Yield it; raises what slack_sdk raises."""
    directory = Directory(slack, installation)
    members = sorted(await directory.members(configuration.audit_channel))
    profiles = await _profiles(directory, members[:MOST_READ])
    why = {user: each.unfit(guests=configuration.guests) for user, each in profiles.items()}
    fit = [user for user in profiles if why[user] is None]
    yield _who_may(fit, len(members) - len(profiles), profiles)
    for user, unfit in why.items():
        if unfit not in {None, Unfit.BOT}:
            yield Finding(f"{profiles[user].name} {unfit}, so may do nothing with Makegood.")
    async for finding in _approvers(directory, configuration, members, fit):
        yield finding


def _who_may(fit: Sequence[str], unread: int, profiles: Mapping[str, Profile]) -> Finding:
    more = f" {unread} more members were not looked at." if unread else ""
    if not fit:
        return Finding(
            f"Nobody in the audit channel may use Makegood.{more}",
            "Invite the people who are to use it: members of the workspace, no guests.",
        )
    named = _names([profiles[user].name for user in fit])
    count = "1 member" if len(fit) == 1 else f"{len(fit)} members"
    return Finding(f"{count} of the audit channel may use Makegood: {named}.{more}")


async def _approvers(
    directory: Directory,
    configuration: Configuration,
    members: Collection[str],
    fit: Collection[str],
) -> AsyncIterator[Finding]:
    approvers = configuration.approvers
    if approvers == People():
        if _needs_approval(configuration):
            yield Finding("Nobody is set as approver, so nobody can approve anything.", SET_THEM)
        return
    if approvers.everyone:
        if len(fit) < 2:
            yield Finding(
                "Every member approves what others ask for, and there are no two members who may.",
                "Invite somebody to the audit channel.",
            )
        else:
            yield Finding("Every member of the audit channel approves what others ask for.")
        return
    groups = [await directory.group(group_id) for group_id in approvers.group_ids]
    named = sorted(frozenset(approvers.user_ids).union(*groups))
    profiles = await _profiles(directory, named[:MOST_READ])
    able = [user for user in profiles if user in fit]
    if able:
        one = " What they ask for themselves, nobody can approve." if len(able) == 1 else ""
        yield Finding(f"Can approve now: {_names([profiles[user].name for user in able])}.{one}")
    else:
        yield Finding("Nobody can approve anything now.", SET_THEM)
    for user, profile in profiles.items():
        if user not in able:
            unfit = profile.unfit(guests=configuration.guests)
            why = "is not in the audit channel" if user not in members else unfit
            yield Finding(
                f"{profile.name} is set as approver, but {why} and cannot approve.",
                "Take them off the approvers in the Home tab of Makegood, or set that right.",
            )


def _needs_approval(configuration: Configuration) -> bool:
    always = any(configuration.rule(action).always_approve for action in ACTIONS)
    return always or configuration.approval_above is not None


async def _profiles(directory: Directory, users: Sequence[str]) -> dict[str, Profile]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def read(user: str) -> Profile:
        async with turns:
            return await directory.profile(user)

    found = await asyncio.gather(*(read(user) for user in users))
    return dict(zip(users, found, strict=True))


def _names(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
