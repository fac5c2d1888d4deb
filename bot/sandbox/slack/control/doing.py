"""The control API's doing routes: from what is given to what a person does."""

from __future__ import annotations

from bot.sandbox.slack.control import acts, reading
from bot.sandbox.slack.control.lookup import Answer, channel_of, modal_of, person_of, top_modal_of
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.views import submissions
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Person


async def _command(workspace: Workspace, given: Json) -> Json:
    person = person_of(workspace, given)
    channel = workspace.channel_to_write(person.id, str(given.get("channel")))
    line, in_thread = str(given.get("text") or ""), bool(given.get("thread_ts"))
    await acts.run_command(workspace, person, channel, line, in_thread)
    return {}


async def _shortcut(workspace: Workspace, given: Json) -> Json:
    person = person_of(workspace, given)
    channel = channel_of(workspace, person, given)
    message = reading.find_message(workspace, person, channel, str(given.get("ts")))
    callback_id = str(given.get("callback_id"))
    await acts.use_shortcut(workspace, person, channel, message, callback_id)
    return {}


async def _message(workspace: Workspace, given: Json) -> Json:
    person = person_of(workspace, given)
    channel = workspace.channel_to_write(person.id, str(given.get("channel")))
    text, thread_ts = str(given.get("text") or ""), str(given.get("thread_ts") or "")
    return {"ts": acts.write_message(workspace, person, channel, text, thread_ts)["ts"]}


async def _action(workspace: Workspace, given: Json) -> Json:
    person = person_of(workspace, given)
    if not given.get("view_id"):
        channel = channel_of(workspace, person, given)
        message = reading.find_message(workspace, person, channel, str(given.get("ts")))
        return await acts.act_in_message(workspace, person, channel, message, given)
    if (home := _home_of(workspace, person, given)) is not None:
        return await acts.act_in_home(workspace, person, home, given)
    return await acts.act_in_modal(workspace, person, top_modal_of(workspace, person, given), given)


def _home_of(workspace: Workspace, person: Person, given: Json) -> Json | None:
    home = workspace.world.homes.get(person.id)
    return home if home is not None and home["id"] == given.get("view_id") else None


async def _submit(workspace: Workspace, given: Json) -> Json:
    person = person_of(workspace, given)
    modal = top_modal_of(workspace, person, given)
    return await submissions.submit(workspace, person, modal, given.get("values") or {})


async def _close(workspace: Workspace, given: Json) -> Json:
    person = person_of(workspace, given)
    modal = modal_of(workspace, person, given)
    await submissions.close(workspace, person, modal, bool(given.get("all")))
    return {}


async def _options(workspace: Workspace, given: Json) -> Json:
    person = person_of(workspace, given)
    if (home := _home_of(workspace, person, given)) is not None:
        return await submissions.suggest(workspace, person, {"view": home}, given)
    if given.get("view_id"):
        modal = top_modal_of(workspace, person, given)
        return await submissions.suggest(workspace, person, modal, given)
    channel = channel_of(workspace, person, given)
    message = reading.find_message(workspace, person, channel, str(given.get("ts")))
    place = {"channel": channel, "message": message}
    return await submissions.suggest(workspace, person, place, given)


async def _open_home(workspace: Workspace, given: Json) -> Json:
    await acts.open_home(workspace, person_of(workspace, given))
    return {}


DO: dict[str, Answer] = {
    "command": _command,
    "shortcut": _shortcut,
    "message": _message,
    "action": _action,
    "submit": _submit,
    "close": _close,
    "options": _options,
    "home": _open_home,
}
