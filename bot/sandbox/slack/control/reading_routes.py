"""The control API's reading routes: from what is given to what a person sees."""

from __future__ import annotations

from bot.sandbox.slack.control import reading
from bot.sandbox.slack.control.lookup import Answer, channel_of, person_of
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.workspace import Workspace


async def _people(workspace: Workspace, given: Json) -> Json:
    return reading.people(workspace)


async def _commands(workspace: Workspace, given: Json) -> Json:
    commands = [
        {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
        for c in workspace.manifest.commands
    ]
    return {"commands": commands}


async def _shortcuts(workspace: Workspace, given: Json) -> Json:
    shortcuts = [
        {"name": s.name, "callback_id": s.callback_id, "description": s.description}
        for s in workspace.manifest.shortcuts
    ]
    return {"shortcuts": shortcuts}


async def _channels(workspace: Workspace, given: Json) -> Json:
    return reading.channels(workspace, person_of(workspace, given))


async def _messages(workspace: Workspace, given: Json) -> Json:
    person = person_of(workspace, given)
    return reading.messages(workspace, person, channel_of(workspace, person, given))


async def _thread(workspace: Workspace, given: Json) -> Json:
    person = person_of(workspace, given)
    channel = channel_of(workspace, person, given)
    return reading.thread(workspace, person, channel, str(given.get("ts")))


async def _modals(workspace: Workspace, given: Json) -> Json:
    return reading.modals(workspace, person_of(workspace, given))


async def _home(workspace: Workspace, given: Json) -> Json:
    return reading.home(workspace, person_of(workspace, given))


READ: dict[str, Answer] = {
    "people": _people,
    "commands": _commands,
    "shortcuts": _shortcuts,
    "channels": _channels,
    "messages": _messages,
    "thread": _thread,
    "modals": _modals,
    "home": _home,
}
