"""Who and what a control request is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.sandbox.control import Refusal
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.views.modals import Modal
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel, Person

Answer = Callable[[Workspace, Json], Awaitable[Json]]


def person_of(workspace: Workspace, given: Json) -> Person:
    """Return the person whose request it is, or raise Refusal."""
    return workspace.person(str(given.get("user")))


def channel_of(workspace: Workspace, person: Person, given: Json) -> Channel:
    """Return the channel it names, one that this person can see, or raise Refusal."""
    return workspace.channel_for(person.id, str(given.get("channel")))


def modal_of(workspace: Workspace, person: Person, given: Json) -> Modal:
    """Return the open modal it names, one of this person's, or raise Refusal."""
    modal = workspace.modals.find(str(given.get("view_id")))
    if modal is None or modal.user != person.id:
        raise Refusal("view_not_found", 404)
    return modal


def top_modal_of(workspace: Workspace, person: Person, given: Json) -> Modal:
    """Return the open modal it names when nothing lies on it, or raise Refusal."""
    modal = modal_of(workspace, person, given)
    if workspace.modals.stacks[person.id][-1] is not modal:
        raise Refusal("view_not_on_top")
    return modal
