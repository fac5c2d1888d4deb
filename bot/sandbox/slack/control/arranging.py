"""The control API's part for tests and demonstrations: faults, who is what, records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.sandbox.control import Refusal
from bot.sandbox.slack import changes
from bot.sandbox.slack.control.lookup import Answer
from bot.sandbox.slack.delivery.sockets import MAX_CONNECTIONS
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.messages.removing import remove_channel
from bot.sandbox.slack.seed import plant
from bot.sandbox.slack.web_api.rates import BURST
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import POSTING, ROLES, Channel, Person


async def set_membership(workspace: Workspace, given: Json) -> Json:
    """Put somebody into a channel or take them out; `lost`: the app is not told."""
    channel, user = _channel(workspace, given), str(given.get("user"))
    if user not in workspace.world.people:
        raise Refusal("user_not_found", 404)
    was_member, is_member = user in channel.members, bool(given.get("member", True))
    was_app_in = workspace.is_app_in(channel)
    channel.members = [each for each in channel.members if each != user]
    channel.members += [user] if is_member else []
    workspace.world.changed({"type": "channel", "channel": channel.id})
    if given.get("lost") or was_member == is_member:
        return {}
    if is_member:
        await changes.tell_joined(workspace, channel, user, str(given.get("inviter") or ""))
    elif was_app_in:
        await changes.tell_left(workspace, channel, user)
    return {}


async def set_channel(workspace: Workspace, given: Json) -> Json:
    """Archive a channel, open it again, share it, or delete it with all its messages."""
    channel = _channel(workspace, given)
    was_archived, was_connected = channel.is_archived, channel.connected
    if given.get("deleted"):
        remove_channel(workspace.world, channel.id)
    channel.is_archived = bool(given.get("archived", channel.is_archived))
    channel.connected = list(given.get("connected", channel.connected))
    pending = bool(given.get("pending_ext_shared", channel.is_pending_ext_shared))
    channel.is_pending_ext_shared = pending
    posting = str(given.get("posting", channel.posting) or "")
    if posting not in {"", *POSTING}:
        raise Refusal("unknown_value", allowed=list(POSTING))
    channel.posting = posting
    workspace.world.changed({"type": "channel", "channel": channel.id})
    if given.get("lost") or not workspace.is_app_in(channel):
        return {}
    if given.get("deleted"):
        await changes.tell_deleted(workspace, channel)
    if was_archived != channel.is_archived:
        await changes.tell_archived(workspace, channel)
    if was_connected != channel.connected:
        await changes.tell_shared(workspace, channel, was_connected)
    return {}


async def set_person(workspace: Workspace, given: Json) -> Json:
    """Make somebody another one than they were, or somebody new; an owner is an admin as well."""
    world, user = workspace.world, str(given.get("user"))
    person = world.people.get(user)
    if person is None:
        if not given.get("real_name"):
            raise Refusal("user_not_found", 404)
        name = str(given["real_name"])
        person = Person(user, name.split()[0].lower(), name)
    changed: dict[str, Any] = {name: bool(given[name]) for name in ROLES if name in given}
    if changed.get("is_owner"):
        changed["is_admin"] = True
    if changed.get("is_ultra_restricted"):
        changed["is_restricted"] = True
    changed |= {name: str(given[name]) for name in ("home", "enterprise_id") if name in given}
    if "teams" in given:
        changed["teams"] = tuple(given["teams"])
    world.people[user] = replace(person, **changed)
    world.changed({"type": "people"})
    if not given.get("lost"):
        await changes.tell_person(workspace, world.people[user])
    return {}


async def set_team(workspace: Workspace, given: Json) -> Json:
    """Make the workspace one of an organisation, as on Enterprise Grid, or of none again."""
    workspace.world.team = replace(
        workspace.world.team, enterprise_id=str(given.get("enterprise_id") or "")
    )
    return {}


async def set_group(workspace: Workspace, given: Json) -> Json:
    """Put somebody into a user group, take them out, or say who is in it; or disable the group."""
    wanted = str(given.get("group"))
    groups = workspace.world.groups.values()
    group = next((one for one in groups if wanted in {one.id, one.handle, one.name}), None)
    if group is None:
        raise Refusal("group_not_found", 404)
    users = list(given.get("users", group.users))
    if "user" in given:
        users = [user for user in users if user != given["user"]]
        users += [str(given["user"])] if given.get("member", True) else []
    if not set(users) <= workspace.world.people.keys():
        raise Refusal("user_not_found", 404)
    before, group.users = group.users, users
    was_deleted, group.deleted = group.deleted, bool(given.get("deleted", group.deleted))
    workspace.world.changed({"type": "people"})
    if not given.get("lost") and (before, was_deleted) != (users, group.deleted):
        await changes.tell_group(workspace, group, before)
    return {}


async def start_over(workspace: Workspace, given: Json) -> Json:
    """Make the workspace as new; connections, faults and the rate stay."""
    world = workspace.world
    for content in (
        world.people,
        world.groups,
        world.channels,
        world.messages,
        world.gone,
        world.homes,
        world.read,
    ):
        content.clear()
    world.ephemerals.clear()
    workspace.modals.stacks.clear()
    world.team = replace(world.team, enterprise_id="")
    plant(world, workspace.manifest.name)
    world.changed({"type": "reset"})
    return {}


async def show_faults(workspace: Workspace, given: Json) -> Json:
    """Return the faults that are switched on."""
    return {"faults": [fault.to_json() for fault in workspace.faults.active]}


async def set_fault(workspace: Workspace, given: Json) -> Json:
    """Switch a fault on, change the rate, cut the sockets, or clear all faults."""
    if given.get("clear"):
        workspace.faults.clear()
    elif (do := OTHER_FAULTS.get(str(given.get("kind")))) is not None:
        return await do(workspace, given)
    else:
        workspace.faults.add(given)
    return {}


async def _disconnect(workspace: Workspace, given: Json) -> Json:
    reason = str(given.get("reason") or "refresh_requested")
    sockets = workspace.deliveries.sockets
    sockets.handshake_s = float(given.get("handshake_s") or 0)
    at_most = int(given.get("connections") or MAX_CONNECTIONS)
    return {"connections": await sockets.disconnect(reason, at_most)}


async def _set_rate(workspace: Workspace, given: Json) -> Json:
    if given.get("method"):
        workspace.rates.set_method(str(given["method"]), given.get("per_minute"))
    elif "tiers" in given:
        workspace.rates.set_tiers(bool(given["tiers"]))
    else:
        workspace.rates.set_messages(given.get("per_second"), int(given.get("burst", BURST)))
    return {}


# Faults that are no fault of one call.
OTHER_FAULTS: dict[str, Answer] = {"disconnect": _disconnect, "rate": _set_rate}


async def show_deliveries(workspace: Workspace, given: Json) -> Json:
    """Return every envelope that was delivered and how it was answered."""
    return {"deliveries": [delivery.to_json() for delivery in workspace.deliveries.log]}


async def show_calls(workspace: Workspace, given: Json) -> Json:
    """Return the Web API calls received, of one method when it is named."""
    method = given.get("method")
    return {"calls": [c for c in workspace.calls if not method or c["method"] == method]}


async def show_connections(workspace: Workspace, given: Json) -> Json:
    """Return how many sockets the app has open."""
    return {"connections": len(workspace.deliveries.sockets.connections)}


def _channel(workspace: Workspace, given: Json) -> Channel:
    channel = workspace.world.channels.get(str(given.get("channel")))
    if channel is None:
        raise Refusal("channel_not_found", 404)
    return channel


READ: dict[str, Answer] = {
    "faults": show_faults,
    "deliveries": show_deliveries,
    "calls": show_calls,
    "connections": show_connections,
}
DO: dict[str, Answer] = {
    "membership": set_membership,
    "channel": set_channel,
    "person": set_person,
    "team": set_team,
    "group": set_group,
    "reset": start_over,
    "faults": set_fault,
}
