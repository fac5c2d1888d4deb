"""What Slack tells an app about a person's act: the payloads of envelopes."""

from __future__ import annotations

import time

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.messages.content import without_metadata
from bot.sandbox.slack.views.modals import Modal
from bot.sandbox.slack.views.view_state import State, stateful, value_of
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel, Person

VERIFICATION = "sandbox-verification"  # Slack's long deprecated `token` field; apps ignore it


def slash_command(
    workspace: Workspace, person: Person, channel: Channel, command: str, text: str
) -> Json:
    """Return the payload of a slash command."""
    team = workspace.world.team
    return {
        "token": VERIFICATION,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.world.app_id,
        "is_enterprise_install": "false",
        **_enterprise_of_command(workspace),
        "response_url": workspace.url + workspace.hooks.make(channel.id, person.id),
        "trigger_id": workspace.triggers.make(person.id, channel.id),
    }


def view_submission(workspace: Workspace, person: Person, modal: Modal) -> Json:
    """Return the payload of a submitted modal."""
    return _interaction(workspace, person, "view_submission") | {
        "trigger_id": workspace.triggers.make(person.id, view=modal.view["id"]),
        "view": modal.to_json(),
        "response_urls": _response_urls(workspace, person, modal),
    }


def view_closed(workspace: Workspace, person: Person, modal: Modal, is_cleared: bool) -> Json:
    """Return the payload of a modal that was closed without submitting."""
    return _interaction(workspace, person, "view_closed") | {
        "view": modal.to_json(),
        "is_cleared": is_cleared,
    }


def view_actions(workspace: Workspace, person: Person, view: Json, action: Json) -> Json:
    """Return the payload of a block action in a modal or a home tab."""
    return _interaction(workspace, person, "block_actions") | {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": workspace.triggers.make(person.id, view=str(view["id"])),
        "view": view,
        "actions": [_stamped(action)],
    }


def message_actions(
    workspace: Workspace,
    person: Person,
    channel: Channel,
    message: Json,
    state: State,
    action: Json,
) -> Json:
    """Return the payload of a block action in a message; an ephemeral one is not sent along."""
    thread_ts = str(message.get("thread_ts") or "")
    hook = workspace.hooks.make(channel.id, person.id, message["ts"], thread_ts)
    payload = _interaction(workspace, person, "block_actions") | {
        "container": message_container(channel, message),
        "trigger_id": workspace.triggers.make(person.id, channel.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": state},
        "response_url": workspace.url + hook,
        "actions": [_stamped(action)],
    }
    if not message.get("is_ephemeral"):
        payload["message"] = without_metadata(message)
    return payload


def message_container(channel: Channel, message: Json) -> Json:
    """Return what names the message that an act took place in."""
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": bool(message.get("is_ephemeral")),
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    return container


def message_action(
    workspace: Workspace, person: Person, channel: Channel, message: Json, callback_id: str
) -> Json:
    """Return the payload of a message shortcut.

    https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
    """
    return _stamped(_interaction(workspace, person, "message_action")) | {
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.make(person.id, channel.id),
        "response_url": workspace.url + workspace.hooks.make(channel.id, person.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message["ts"],
        "message": without_metadata(message),
    }


def block_suggestion(
    workspace: Workspace, person: Person, block_id: str, action_id: str, query: str
) -> Json:
    """Return the payload that asks for an external select's options, without its place."""
    return _interaction(workspace, person, "block_suggestion") | {
        "block_id": block_id,
        "action_id": action_id,
        "value": query,
    }


def event(workspace: Workspace, content: Json) -> Json:
    """Return an event's payload."""
    world = workspace.world
    authorization = {
        "enterprise_id": world.team.enterprise_id or None,
        "team_id": world.team.id,
        "user_id": world.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    number = world.new_ts().replace(".", "")
    return {
        "token": VERIFICATION,
        "team_id": world.team.id,
        "api_app_id": world.app_id,
        "type": "event_callback",
        "event": content,
        "event_id": f"Ev{number}",
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def channel_name(channel: Channel) -> str:
    """Return a channel's name as payloads carry it."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def _interaction(workspace: Workspace, person: Person, kind: str) -> Json:
    """Return what all have: `user.team_id` is somebody's home, and so is a stranger's `team`."""
    world, home = workspace.world, person.home or workspace.world.team.id
    team = {"id": world.team.id, "domain": world.team.domain}
    if world.is_foreign(person):
        team = {"id": home, "domain": "elsewhere"}
    organisation = person.enterprise_id if world.is_foreign(person) else world.team.enterprise_id
    enterprise = {"id": organisation, "name": "Organisation"} if organisation else None
    return {
        "type": kind,
        "team": team,
        "enterprise": enterprise,
        "is_enterprise_install": False,
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": home,
        },
        "api_app_id": workspace.world.app_id,
        "token": VERIFICATION,
    }


def _enterprise_of_command(workspace: Workspace) -> Json:
    organisation = workspace.world.team.enterprise_id
    if not organisation:
        return {}
    return {"enterprise_id": organisation, "enterprise_name": "Organisation"}


def _response_urls(workspace: Workspace, person: Person, modal: Modal) -> list[Json]:
    """Return an address for each conversation chosen where the app asked for one."""
    urls: list[Json] = []
    for block_id, element in stateful(modal.view["blocks"]):
        channel = value_of(modal.state[block_id][element["action_id"]])
        if element.get("response_url_enabled") and channel:
            url = workspace.url + workspace.hooks.make(channel, person.id)
            place = {"block_id": block_id, "action_id": element["action_id"]}
            urls.append(place | {"channel_id": channel, "response_url": url})
    return urls


def _stamped(action: Json) -> Json:
    return action | {"action_ts": f"{time.time():.6f}"}
