"""What people do in channels and with buttons, and how the app hears of it."""

from __future__ import annotations

import copy

from bot.sandbox.control import Refusal
from bot.sandbox.slack.delivery import payloads
from bot.sandbox.slack.delivery.deliveries import COMMAND, INTERACTIVE
from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.messages.content import from_person, with_links
from bot.sandbox.slack.messages.keeping import put
from bot.sandbox.slack.messages.replying import root_for
from bot.sandbox.slack.views.entering import Hand
from bot.sandbox.slack.views.modals import Modal
from bot.sandbox.slack.views.view_state import initial_state
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel, Person


async def run_command(
    workspace: Workspace, person: Person, channel: Channel, line: str, in_thread: bool
) -> None:
    """Run a slash command as typed; what the app answers at once is shown to the person."""
    name, _, text = line.strip().partition(" ")
    if name not in {command.command for command in workspace.manifest.commands}:
        raise Refusal("unknown_command")
    if not workspace.world.is_member_of_workspace(person):
        raise Refusal("unknown_command")  # Slack offers an app's commands in its workspace only
    if in_thread:
        raise Refusal("in_thread")
    payload = payloads.slash_command(workspace, person, channel, name, text.strip())
    answer = await workspace.deliveries.deliver(COMMAND, payload)
    if not answer.get("text") and not answer.get("blocks"):
        return
    if answer.get("response_type") == "in_channel":
        put(workspace.world, channel.id, from_person(workspace.world, person.id, line.strip()))
    try:
        workspace.hooks.answer(channel.id, person.id, answer)
    except SlackError as error:
        raise Refusal("invalid_command_response", reason=error.error) from None


async def use_shortcut(
    workspace: Workspace, person: Person, channel: Channel, message: Json, callback_id: str
) -> None:
    """Use a message shortcut, in a channel or in a thread.

    Slack's client offers none on what only one person sees.
    """
    if callback_id not in {shortcut.callback_id for shortcut in workspace.manifest.shortcuts}:
        raise Refusal("unknown_shortcut")
    if message.get("is_ephemeral"):
        raise Refusal("message_not_found", 404)
    payload = payloads.message_action(workspace, person, channel, message, callback_id)
    await workspace.deliveries.deliver(INTERACTIVE, copy.deepcopy(payload))


def write_message(
    workspace: Workspace, person: Person, channel: Channel, text: str, thread_ts: str
) -> Json:
    """Write a message as a person; addresses in it become links."""
    if not text.strip():
        raise Refusal("no_text")
    message = from_person(workspace.world, person.id, with_links(text))
    try:
        dead_root = workspace.rules.dead_root
        root = root_for(workspace.world, dead_root, channel.id, thread_ts)
        return put(workspace.world, channel.id, message, root)
    except SlackError as error:
        raise Refusal(error.error, 404) from None


async def open_home(workspace: Workspace, person: Person) -> None:
    """Open the app's home tab; the app is told, first time or not."""
    if "app_home_opened" not in workspace.manifest.events:
        return
    content: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": workspace.world.direct_channel(person.id).id,
        "tab": "home",
        "event_ts": workspace.world.new_ts(),
    }
    home = workspace.world.homes.get(person.id)
    if home is not None:
        content["view"] = home
    await workspace.deliveries.deliver_event(payloads.event(workspace, content))


async def act_in_message(
    workspace: Workspace, person: Person, channel: Channel, message: Json, act: Json
) -> Json:
    """Use an element of a message; return whether the app was told."""
    blocks = message.get("blocks") or []
    state = initial_state(blocks)
    action = Hand(workspace, person, blocks, state).use(act)
    if action is None:
        return {"delivered": False}
    payload = payloads.message_actions(
        workspace, person, channel, copy.deepcopy(message), state, action
    )
    await workspace.deliveries.deliver(INTERACTIVE, payload)
    return {"delivered": True}


async def act_in_modal(workspace: Workspace, person: Person, modal: Modal, act: Json) -> Json:
    """Use an element of an open modal; what the person entered so far is kept."""
    hand = Hand(workspace, person, modal.view["blocks"], modal.state, modal.offered)
    action = hand.use(act)
    if action is None:
        return {"delivered": False}
    view = copy.deepcopy(modal.to_json())
    payload = payloads.view_actions(workspace, person, view, action)
    await workspace.deliveries.deliver(INTERACTIVE, payload)
    return {"delivered": True}


async def act_in_home(workspace: Workspace, person: Person, home: Json, act: Json) -> Json:
    """Use an element of the person's home tab; what they entered so far is kept."""
    action = Hand(workspace, person, home["blocks"], home["state"]["values"]).use(act)
    if action is None:
        return {"delivered": False}
    payload = payloads.view_actions(workspace, person, copy.deepcopy(home), action)
    await workspace.deliveries.deliver(INTERACTIVE, payload)
    return {"delivered": True}
