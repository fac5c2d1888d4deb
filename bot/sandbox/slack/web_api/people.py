"""Who is who: the token's own identity, people, and the socket's address.

https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.web_api.paging import page
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Person


async def auth_test(workspace: Workspace, arguments: Arguments) -> Json:
    """Say whose token it is."""
    world = workspace.world
    return {
        "url": f"{workspace.url}/",
        "team": world.team.name,
        "team_id": world.team.id,
        "user": world.people[world.bot_user_id].name,
        "user_id": world.bot_user_id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
        **({"enterprise_id": world.team.enterprise_id} if world.team.enterprise_id else {}),
    }


async def connections_open(workspace: Workspace, arguments: Arguments) -> Json:
    """Return an address for one Socket Mode connection."""
    address = workspace.url.replace("http", "ws", 1)
    ticket = workspace.deliveries.sockets.ticket()
    return {"url": f"{address}/socket?ticket={ticket}&app_id={workspace.world.app_id}"}


async def users_info(workspace: Workspace, arguments: Arguments) -> Json:
    """Return a person."""
    user = arguments.required("user")
    if "," in user:
        raise SlackError("too_many_users")
    person = workspace.world.people.get(user)
    if person is None:
        raise SlackError("user_not_found")
    return {"user": describe(workspace, person)}


async def users_list(workspace: Workspace, arguments: Arguments) -> Json:
    """List everybody."""
    people = [describe(workspace, person) for person in workspace.world.people.values()]
    members, paging = page(people, arguments, 200)
    return {"members": members, **paging}


def describe(workspace: Workspace, person: Person) -> Json:
    """Return Slack's user object; of somebody deactivated, or of elsewhere, there is less."""
    world = workspace.world
    home = person.home or world.team.id
    shown: Json = {
        "id": person.id,
        "team_id": home,
        "name": person.name,
        "deleted": person.deleted,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
        "profile": {
            "real_name": person.real_name,
            "display_name": "" if person.is_bot else person.real_name.split()[0],
            "title": person.title,
            "team": home,
        },
    }
    if world.is_foreign(person):
        return shown | {"is_stranger": _is_stranger(workspace, person)}
    if world.team.enterprise_id:
        shown["enterprise_user"] = {
            "id": person.id,
            "enterprise_id": world.team.enterprise_id,
            "enterprise_name": "Fern & Fable Group",
            "is_admin": False,
            "is_owner": False,
            "teams": list(person.teams) or [home],
        }
    if person.deleted:
        return shown
    return shown | {
        "real_name": person.real_name,
        "color": person.color.lstrip("#"),
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "tz": "America/Chicago",
        "tz_label": "Central Time",
    }


def _is_stranger(workspace: Workspace, person: Person) -> bool:
    """Return it as Slack means it: somebody who shares no channel with the app."""
    channels = workspace.world.channels.values()
    return not any(person.id in c.members and workspace.is_app_in(c) for c in channels)
