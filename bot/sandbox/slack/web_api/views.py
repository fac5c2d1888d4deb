"""The views methods: modals and home tabs.

https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.workspace import Workspace


async def open_view(workspace: Workspace, arguments: Arguments) -> Json:
    """Open a modal for the trigger's person."""
    trigger = workspace.triggers.exchange(_trigger(arguments))
    view = arguments.structure("view")
    return {"view": workspace.modals.open(trigger.user, view, trigger.channel).to_json()}


async def push(workspace: Workspace, arguments: Arguments) -> Json:
    """Put a modal on top of the person's open one."""
    trigger = workspace.triggers.exchange(_trigger(arguments))
    if trigger.view and workspace.modals.find(trigger.view) is None:
        raise SlackError("not_found")  # closed meanwhile
    return {"view": workspace.modals.push(trigger.user, arguments.structure("view")).to_json()}


async def update(workspace: Workspace, arguments: Arguments) -> Json:
    """Replace an open modal's content."""
    view_id, external_id = arguments.text("view_id"), arguments.text("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: view_id")
    if view_id and external_id:
        raise SlackError("invalid_arguments", "[ERROR] view_id and external_id given")
    modal = workspace.modals.find(view_id, external_id)
    if modal is None:
        raise SlackError("not_found")
    if arguments.text("hash") not in {"", modal.view["hash"]}:
        raise SlackError("hash_conflict")
    workspace.modals.update(modal, arguments.structure("view"))
    return {"view": modal.to_json()}


async def publish(workspace: Workspace, arguments: Arguments) -> Json:
    """Set a person's home tab."""
    if not workspace.manifest.home_tab:
        raise SlackError("not_enabled")
    person = workspace.world.people.get(arguments.required("user_id"))
    if person is None or person.is_bot:
        raise SlackError("user_not_found")
    view = arguments.structure("view")
    return {"view": workspace.modals.publish(person.id, view, arguments.text("hash"))}


def _trigger(arguments: Arguments) -> str:
    # Newer clients may send the trigger as interactivity_pointer.
    return arguments.text("trigger_id") or arguments.required("interactivity_pointer")
