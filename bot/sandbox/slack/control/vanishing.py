"""The control API's part for what goes or is closed: messages, threads, tokens, direct messages."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.sandbox.control import Refusal
from bot.sandbox.slack.control.lookup import Answer, channel_of, person_of
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.messages.removing import delete, is_tombstone, retire
from bot.sandbox.slack.workspace import Workspace


async def delete_message(workspace: Workspace, given: Json) -> Json:
    """Delete a message as a person: their own, or as an admin anybody's."""
    person = person_of(workspace, given)
    channel = channel_of(workspace, person, given)
    message = workspace.world.find_message(channel.id, str(given.get("ts")))
    if message is None or is_tombstone(message):
        raise Refusal("message_not_found", 404)
    if message.get("user") != person.id and not person.is_admin:
        raise Refusal("cant_delete_message")
    delete(workspace.world, channel.id, message, person.id)
    return {}


async def retain(workspace: Workspace, given: Json) -> Json:
    """Let older messages vanish, of one channel or of all."""
    try:
        before = float(given.get("before") or time.time() - float(given["older_than_s"]))
    except (KeyError, TypeError, ValueError):
        raise Refusal("before_or_older_than_s_required") from None
    wanted = given.get("channel")
    channels = [c for c in workspace.world.channels if wanted in {None, c}]
    return {"gone": sum(retire(workspace.world, channel, f"{before:.6f}") for channel in channels)}


async def lock_thread(workspace: Workspace, given: Json) -> Json:
    """Lock a thread, or open it again: no replies, to the app or to people."""
    message = workspace.world.find_message(str(given.get("channel")), str(given.get("ts")))
    if message is None:
        raise Refusal("message_not_found", 404)
    message["is_locked"] = bool(given.get("locked", True))
    return {}


async def refuse_direct(workspace: Workspace, given: Json) -> Json:
    """Have the app's direct messages to somebody refused with a code, or taken again."""
    person = workspace.world.people.get(str(given.get("user")))
    if person is None:
        raise Refusal("user_not_found", 404)
    error = str(given.get("error") or "")
    workspace.world.people[person.id] = replace(person, refuses_direct=error)
    return {}


async def set_rules(workspace: Workspace, given: Json) -> Json:
    """Change settings of the whole workspace."""
    workspace.rules.change(given)
    return {"rules": workspace.rules.to_json()}


async def show_rules(workspace: Workspace, given: Json) -> Json:
    """Return the settings of the whole workspace."""
    return {"rules": workspace.rules.to_json()}


READ: dict[str, Answer] = {"rules": show_rules}
DO: dict[str, Answer] = {
    "delete": delete_message,
    "retention": retain,
    "lock": lock_thread,
    "direct": refuse_direct,
    "rules": set_rules,
}
