"""The usergroups methods: which groups there are and who is in them.

https://docs.slack.dev/reference/methods/usergroups.list
"""

from __future__ import annotations

from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import UserGroup


async def list_groups(workspace: Workspace, arguments: Arguments) -> Json:
    """List the user groups; those that are disabled only on request."""
    groups = [
        describe(workspace, group) | _asked_for(group, arguments)
        for group in workspace.world.groups.values()
        if not group.deleted or arguments.flag("include_disabled")
    ]
    return {"usergroups": groups}


async def list_users(workspace: Workspace, arguments: Arguments) -> Json:
    """List the ids of a group's people."""
    group = workspace.world.groups.get(arguments.required("usergroup"))
    # What Slack says of a disabled group is not documented: here it is as if there were none.
    if group is None or (group.deleted and not arguments.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": group.users}


def describe(workspace: Workspace, group: UserGroup) -> Json:
    """Return Slack's user group object, without its people."""
    return {
        "id": group.id,
        "team_id": workspace.world.team.id,
        "is_usergroup": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": 1_700_000_000,
        "date_update": 1_700_000_000,
        "date_delete": 1_750_000_000 if group.deleted else 0,
        "auto_type": None,
        "created_by": workspace.world.bot_user_id,
        "updated_by": workspace.world.bot_user_id,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }


def _asked_for(group: UserGroup, arguments: Arguments) -> Json:
    shown: Json = {}
    if arguments.flag("include_users"):
        shown["users"] = group.users
    if arguments.flag("include_count"):
        shown["user_count"] = str(len(group.users))  # text, as in Slack's own example
    return shown
