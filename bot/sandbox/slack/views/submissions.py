"""Modals from a person's side: submitting, closing, and asking for an external select's options."""

from __future__ import annotations

import copy
from typing import Any

from bot.sandbox.control import Refusal
from bot.sandbox.slack.blocks.checks import check_suggestions
from bot.sandbox.slack.delivery import payloads
from bot.sandbox.slack.delivery.deliveries import INTERACTIVE
from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.views.entering import Hand
from bot.sandbox.slack.views.entry_checks import client_errors
from bot.sandbox.slack.views.modals import Modal
from bot.sandbox.slack.views.view_state import find_element, options_of
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel, Person

# What Slack's client shows for any answer to a submission that it cannot use, and for none.
GENERIC_ERROR = "We had some trouble connecting. Try again?"
MIN_QUERY = 3


async def submit(workspace: Workspace, person: Person, modal: Modal, values: Json) -> Json:
    """Submit a modal and carry out what the app answers; return `errors` and `action`."""
    if modal.view["submit"] is None:
        raise Refusal("no_submit")
    Hand(workspace, person, modal.view["blocks"], modal.state, modal.offered).enter(values)
    errors = client_errors(modal.view["blocks"], modal.state)
    if errors:
        return {"errors": errors, "action": "errors", "delivered": False}
    payload = copy.deepcopy(payloads.view_submission(workspace, person, modal))
    try:
        answer = await workspace.deliveries.deliver(INTERACTIVE, payload)
    except Refusal as refusal:
        refusal.extra["message"] = GENERIC_ERROR
        raise
    return _carry_out(workspace, modal, answer)


async def close(workspace: Workspace, person: Person, modal: Modal, everything: bool) -> None:
    """Close a modal, or the whole stack as the cross in its corner does."""
    cleared = everything or bool(modal.view["clear_on_close"])
    closed = workspace.modals.clear(person.id) if cleared else workspace.modals.close(modal)
    for view in reversed(closed):
        if view.view["notify_on_close"]:
            payload = payloads.view_closed(workspace, person, view, cleared)
            try:
                await workspace.deliveries.deliver(INTERACTIVE, copy.deepcopy(payload))
            except Refusal:
                continue  # the modal is closed either way; nobody is shown an error


async def suggest(workspace: Workspace, person: Person, place: Modal | Json, act: Json) -> Json:
    """Return the options for what a person typed into a select.

    `place` is the open modal, `{"view": ...}` for the home tab, or
    `{"channel": Channel, "message": ...}`.
    """
    modal = place if isinstance(place, Modal) else None
    blocks = _blocks(place)
    block_id, action_id = str(act.get("block_id")), str(act.get("action_id"))
    query = str(act.get("query") or "")
    _, element = find_element(blocks, block_id, action_id)
    if not element["type"].endswith("external_select"):
        return {"options": _plain(o for o in options_of(element) if _matches(o, query))}
    if len(query) < element.get("min_query_length", MIN_QUERY):
        return {"options": []}
    payload = payloads.block_suggestion(workspace, person, block_id, action_id, query)
    payload |= _place(place)
    answer = await workspace.deliveries.deliver(INTERACTIVE, copy.deepcopy(payload))
    problems = check_suggestions(answer)
    if problems:
        raise Refusal("invalid_options", problems=problems)
    options = options_of(answer)
    if modal is not None:
        known = modal.offered.setdefault((block_id, action_id), {})
        known.update({option["value"]: option for option in options})
    return {"options": _plain(options)}


def _carry_out(workspace: Workspace, modal: Modal, answer: Json) -> Json:
    if modal not in workspace.modals.stacks.get(modal.user, []):
        return {"errors": None, "action": None}  # closed meanwhile
    action = answer.get("response_action")
    try:
        if not answer:
            workspace.modals.close(modal)
        elif action == "errors":
            return {"errors": _field_errors(modal, answer.get("errors")), "action": "errors"}
        elif action == "update":
            workspace.modals.update(modal, answer.get("view"))
        elif action == "push":
            workspace.modals.push(modal.user, answer.get("view"))
        elif action == "clear":
            workspace.modals.clear(modal.user)
        else:
            raise SlackError("invalid_response_action")
    except SlackError as error:
        problems = (error.extra.get("response_metadata") or {}).get("messages", [])
        raise Refusal(
            "invalid_response", reason=error.error, problems=problems, message=GENERIC_ERROR
        ) from None
    return {"errors": None, "action": action}


def _field_errors(modal: Modal, errors: Any) -> dict[str, str]:
    inputs = {b["block_id"] for b in modal.view["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors", "errors must name input blocks of this view")
    return {str(block_id): str(text) for block_id, text in errors.items()}


def _blocks(place: Modal | Json) -> list[Json]:
    shown = place.view if isinstance(place, Modal) else place.get("view") or place["message"]
    blocks: list[Json] = shown.get("blocks") or []
    return blocks


def _place(place: Modal | Json) -> Json:
    """Return where a suggestion is asked for; a view comes as the app last sent it."""
    if isinstance(place, Modal):
        view = {**place.view, "state": {"values": place.rendered}}
        return {"container": {"type": "view", "view_id": place.view["id"]}, "view": view}
    if "view" in place:
        return {"container": {"type": "view", "view_id": place["view"]["id"]}, **place}
    channel: Channel = place["channel"]
    return {
        "container": payloads.message_container(channel, place["message"]),
        "channel": {"id": channel.id, "name": payloads.channel_name(channel)},
        "message": place["message"],
    }


def _matches(option: Json, query: str) -> bool:
    return query.casefold() in str(option["text"]["text"]).casefold()


def _plain(options: Any) -> list[Json]:
    return [{"text": option["text"]["text"], "value": option["value"]} for option in options]
