"""What Slack tells an app about changes of people and channels, where it listens to that.

https://docs.slack.dev/reference/events. An event that the app does not take at once comes again, as
all do; whoever makes the change does not wait for that.
"""

from __future__ import annotations

from bot.sandbox.control import Refusal
from bot.sandbox.slack.delivery import payloads
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.web_api.groups import describe as describe_group
from bot.sandbox.slack.web_api.people import describe as describe_person
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel, Person, UserGroup


async def tell_joined(workspace: Workspace, channel: Channel, user: str, inviter: str) -> None:
    """Tell an app in the channel who joined, and who added them where anybody did."""
    if workspace.is_app_in(channel):
        added = {"inviter": inviter} if inviter else {}
        await _tell(workspace, _membership(workspace, "joined", channel, user) | added)


async def tell_left(workspace: Workspace, channel: Channel, user: str) -> None:
    """Tell an app that was in the channel who left it; or that it was removed itself."""
    if user == workspace.world.bot_user_id:
        kind = "group_left" if channel.is_private else "channel_left"
        await _tell(workspace, {"type": kind, "channel": channel.id})
    else:
        await _tell(workspace, _membership(workspace, "left", channel, user))


async def tell_archived(workspace: Workspace, channel: Channel) -> None:
    """Tell that the channel was archived, or opened again."""
    what = "archive" if channel.is_archived else "unarchive"
    await _tell(workspace, {"type": f"{_kind(channel)}_{what}", "channel": channel.id})


async def tell_deleted(workspace: Workspace, channel: Channel) -> None:
    """Tell that the channel was deleted."""
    await _tell(workspace, {"type": f"{_kind(channel)}_deleted", "channel": channel.id})


async def tell_shared(workspace: Workspace, channel: Channel, before: list[str]) -> None:
    """Tell which workspace shares the channel now, or does no more."""
    for team in channel.connected:
        if team not in before:
            shared = {"connected_team_id": team, "channel": channel.id}
            await _tell(workspace, {"type": "channel_shared", **shared})
    for team in before:
        if team not in channel.connected:
            ended = {"previously_connected_team_id": team, "channel": channel.id}
            still = {"is_ext_shared": bool(channel.connected)}
            await _tell(workspace, {"type": "channel_unshared", **ended, **still})


async def tell_person(workspace: Workspace, person: Person) -> None:
    """Tell what somebody is now; of people of other workspaces nothing is told."""
    if workspace.world.is_member_of_workspace(person):
        user = describe_person(workspace, person)
        await _tell(workspace, {"type": "user_change", "user": user})


async def tell_group(workspace: Workspace, group: UserGroup, before: list[str]) -> None:
    """Tell who is in a user group now, and that it was disabled or is there again."""
    added = [user for user in group.users if user not in before]
    removed = [user for user in before if user not in group.users]
    content: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": workspace.world.team.id,
        "added_users": added,
        "added_users_count": str(len(added)),
        "removed_users": removed,
        "removed_users_count": str(len(removed)),
    }
    if added or removed:
        await _tell(workspace, content)
    await _tell(workspace, {"type": "subteam_updated", "subteam": describe_group(workspace, group)})


def _membership(workspace: Workspace, what: str, channel: Channel, user: str) -> Json:
    return {
        "type": f"member_{what}_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C",  # private channels have had it, too, since March 2021
        "team": workspace.world.people[user].home or workspace.world.team.id,
    }


def _kind(channel: Channel) -> str:
    return "group" if channel.is_private else "channel"


async def _tell(workspace: Workspace, content: Json) -> None:
    if content["type"] not in workspace.manifest.events:
        return
    stamped = content | {"event_ts": workspace.world.new_ts()}
    try:
        await workspace.deliveries.deliver_event(payloads.event(workspace, stamped))
    except Refusal:
        return
