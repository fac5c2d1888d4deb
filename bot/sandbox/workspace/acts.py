"""What people do in channels and with buttons, and how the app hears of it."""

from __future__ import annotations

import copy
from typing import Any

from bot.sandbox.workspace import payloads
from bot.sandbox.workspace.core import Workspace
from bot.sandbox.workspace.deliveries import COMMAND, INTERACTIVE
from bot.sandbox.workspace.errors import Json, Refusal, SlackError
from bot.sandbox.workspace.messages import from_person, put, with_links
from bot.sandbox.workspace.modals import Modal
from bot.sandbox.workspace.view_state import (
    FIELDS,
    State,
    entry_for,
    find_element,
    initial_state,
    options_of,
    value_of,
)
from bot.sandbox.workspace.world import Channel, Person


async def run_command(
    workspace: Workspace, person: Person, channel: Channel, line: str, in_thread: bool
) -> None:
    """Run a slash command as typed; what the app answers at once is shown to the person."""
    name, _, text = line.strip().partition(" ")
    if name not in {command.command for command in workspace.manifest.commands}:
        raise Refusal("unknown_command")
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
        return put(workspace.world, channel.id, message, thread_ts)
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
    block, element = _find(blocks, act)
    state = initial_state(blocks)
    enter(blocks, state, act.get("values") or {}, {})
    action = _use(block, element, state, act, {})
    if action is None:
        return {"delivered": False}
    payload = payloads.message_actions(
        workspace, person, channel, copy.deepcopy(message), state, action
    )
    await workspace.deliveries.deliver(INTERACTIVE, payload)
    return {"delivered": True}


async def act_in_modal(workspace: Workspace, person: Person, modal: Modal, act: Json) -> Json:
    """Use an element of an open modal; what the person entered so far is kept."""
    blocks = modal.view["blocks"]
    block, element = _find(blocks, act)
    enter(blocks, modal.state, act.get("values") or {}, modal.offered)
    action = _use(block, element, modal.state, act, modal.offered)
    if action is None:
        return {"delivered": False}
    view = copy.deepcopy(modal.to_json())
    payload = payloads.view_actions(workspace, person, view, action)
    await workspace.deliveries.deliver(INTERACTIVE, payload)
    return {"delivered": True}


async def act_in_home(workspace: Workspace, person: Person, home: Json, act: Json) -> Json:
    """Use an element of the person's home tab."""
    view = copy.deepcopy(home)
    block, element = _find(view["blocks"], act)
    state: State = view["state"]["values"]
    enter(view["blocks"], state, act.get("values") or {}, {})
    action = _use(block, element, state, act, {})
    if action is None:
        return {"delivered": False}
    payload = payloads.view_actions(workspace, person, view, action)
    await workspace.deliveries.deliver(INTERACTIVE, payload)
    return {"delivered": True}


def enter(
    blocks: list[Json],
    state: State,
    values: Json,
    offered: dict[tuple[str, str], dict[str, Json]],
) -> None:
    """Put what a person entered into the state, or raise Refusal and change nothing."""
    entries: list[tuple[str, str, Json]] = []
    for block_id, actions in values.items():
        if not isinstance(actions, dict):
            raise Refusal("invalid_values", block_id=block_id)
        for action_id, value in actions.items():
            _, element = find_element(blocks, block_id, action_id)
            if element["type"] not in FIELDS:
                raise Refusal("element_holds_nothing", block_id=block_id)
            known = offered.get((block_id, action_id), {})
            entries.append((block_id, action_id, entry_for(element, value, known)))
    for block_id, action_id, entry in entries:
        state[block_id][action_id] = entry


def _find(blocks: list[Json], act: Json) -> tuple[Json, Json]:
    return find_element(blocks, str(act.get("block_id")), str(act.get("action_id")))


def _use(
    block: Json,
    element: Json,
    state: State,
    act: Json,
    offered: dict[tuple[str, str], dict[str, Json]],
) -> Json | None:
    """Return the action to tell the app of, or None when this element tells nothing by itself."""
    block_id, action_id = block["block_id"], element["action_id"]
    action: Json = {"type": element["type"], "block_id": block_id, "action_id": action_id}
    if element["type"] == "button":
        return action | {
            name: element[name] for name in ("text", "value", "style", "url") if name in element
        }
    if element["type"] == "overflow":
        return action | {"selected_option": _overflow_option(element, act.get("value"))}
    known = offered.get((block_id, action_id), {})
    if "value" in act:
        state[block_id][action_id] = entry_for(element, act["value"], known)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return None
    entry = state[block_id][action_id]
    return action | {FIELDS[element["type"]]: value_of(entry)}


def _overflow_option(element: Json, value: Any) -> Json:
    for option in options_of(element):
        if option.get("value") == value:
            return option
    raise Refusal("no_such_option", action_id=element["action_id"])
