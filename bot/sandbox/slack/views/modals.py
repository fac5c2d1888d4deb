"""The modals people have open: stacks of at most three views, each with its hash and its state."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.blocks.checks import check_view, with_ids
from bot.sandbox.slack.blocks.facts import HOME, MAX_VIEW_BYTES, MODAL
from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.views.choosing import with_current
from bot.sandbox.slack.views.view_state import State, carried_state, initial_state
from bot.sandbox.slack.world import World

MAX_STACK = 3


@dataclass(slots=True)
class Modal:
    """One open view: what Slack shows of it, what its inputs hold, which options it was offered.

    `rendered` is the state when the view last came from the app: block suggestions carry that one,
    not what the person has entered since. `conversation` is where it was opened, empty for nowhere.
    """

    user: str
    conversation: str
    view: Json
    state: State
    rendered: State
    offered: dict[tuple[str, str], dict[str, Json]] = field(default_factory=dict)

    def to_json(self) -> Json:
        """Return Slack's view object with the state as it is now."""
        return {**self.view, "state": {"values": self.state}}


class Modals:
    """Everybody's open modals. They do not survive a restart; Slack's do not matter after one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.stacks: dict[str, list[Modal]] = {}

    def open(self, user: str, given: Any, conversation: str = "") -> Modal:
        """Open a new stack for the person; one that was open is replaced."""
        view = self._checked(given)
        self.stacks[user] = []
        return self._add(user, view, conversation)

    def push(self, user: str, given: Any) -> Modal:
        """Put a view on top of the person's stack."""
        view = self._checked(given)
        stack = self.stacks.get(user, [])
        if not stack:
            raise SlackError("invalid_trigger_id")  # the trigger came from no modal
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        return self._add(user, view, stack[0].conversation)

    def update(self, modal: Modal, given: Any) -> None:
        """Replace a view's content; its id stays, its hash changes."""
        view = self._checked(given, replacing=modal)
        blocks = with_ids(view["blocks"])
        chosen = with_current(self._world, modal.user, blocks, modal.conversation)
        modal.state = carried_state(modal.state, chosen)
        modal.rendered = carried_state(modal.state, chosen)
        modal.view.update(_frame(view) | {"blocks": blocks, "hash": new_hash()})
        self._changed(modal.user)

    def find(self, view_id: str, external_id: str = "") -> Modal | None:
        """Return an open view by either id, or None."""
        return self._first(
            lambda view: (
                view["id"] == view_id if view_id else view["external_id"] == external_id != ""
            )
        )

    def close(self, modal: Modal) -> list[Modal]:
        """Close a view and what lies on it, or everything when it clears; return what closed."""
        stack = self.stacks.get(modal.user, [])
        place = 0 if modal.view["clear_on_close"] else stack.index(modal)
        closed, self.stacks[modal.user] = stack[place:], stack[:place]
        self._changed(modal.user)
        return closed

    def clear(self, user: str) -> list[Modal]:
        """Close the person's whole stack and return it."""
        closed = self.stacks.pop(user, [])
        self._changed(user)
        return closed

    def _add(self, user: str, view: Json, conversation: str) -> Modal:
        stack = self.stacks[user]
        blocks = with_ids(view["blocks"])
        shown = _frame(view) | {"blocks": blocks, "hash": new_hash(), "id": new_view_id()}
        shown |= self._owner() | {
            "previous_view_id": stack[-1].view["id"] if stack else None,
            "root_view_id": stack[0].view["id"] if stack else shown["id"],
        }
        chosen = with_current(self._world, user, blocks, conversation)
        modal = Modal(user, conversation, shown, initial_state(chosen), initial_state(chosen))
        stack.append(modal)
        self._changed(user)
        return modal

    def publish(self, user: str, given: Any, wanted_hash: str) -> Json:
        """Set the person's home tab and return the view.

        Its inputs keep what they hold as a modal's do; Slack's guide tells it of modals only.
        """
        view = _check(given, HOME)
        homes = self._world.homes
        old, external_id = homes.get(user), view.get("external_id")
        if wanted_hash and (old is None or old["hash"] != wanted_hash):
            raise SlackError("hash_conflict")
        others = [home for owner, home in homes.items() if owner != user]
        if external_id and any(home["external_id"] == external_id for home in others):
            raise SlackError("duplicate_external_id")
        blocks = with_ids(view["blocks"])
        shown = _frame(view) | {"blocks": blocks, "hash": new_hash()} | self._owner()
        shown["id"] = old["id"] if old is not None else new_view_id()
        shown |= {
            "root_view_id": shown["id"],
            "previous_view_id": None,
            "state": {"values": carried_state(old["state"]["values"] if old else {}, blocks)},
        }
        homes[user] = shown
        self._world.changed({"type": "home", "user": user})
        return shown

    def _checked(self, given: Any, replacing: Modal | None = None) -> Json:
        view = _check(given, MODAL)
        external_id = view.get("external_id") or ""
        holder = self.find("", external_id) if external_id else None
        if holder is not None and holder is not replacing:
            raise SlackError("duplicate_external_id")
        return view

    def _owner(self) -> Json:
        world = self._world
        return {
            "team_id": world.team.id,
            "app_id": world.app_id,
            "bot_id": world.bot_id,
            "app_installed_team_id": world.team.id,
        }

    def _first(self, wanted: Callable[[Json], bool]) -> Modal | None:
        for stack in self.stacks.values():
            for modal in stack:
                if wanted(modal.view):
                    return modal
        return None

    def _changed(self, user: str) -> None:
        self._world.changed({"type": "modal", "user": user})


def new_hash() -> str:
    """Return a view's next hash."""
    return f"{int(time.time())}.{secrets.token_hex(4)}"


def new_view_id() -> str:
    """Return an id for a view."""
    return "V" + secrets.token_hex(5).upper()


def _check(given: Any, surface: str) -> Json:
    if not isinstance(given, dict):
        raise SlackError("invalid_arguments", "[ERROR] missing required field: view")
    problems = check_view(given, surface)
    if problems:
        raise SlackError("invalid_arguments", *problems)
    if len(json.dumps(given, ensure_ascii=False).encode()) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")
    return given


def _frame(view: Json) -> Json:
    """Return the view's own fields with everything that was left out."""
    return {
        "type": view["type"],
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "external_id": view.get("external_id") or "",
        "title": view.get("title"),
        "submit": view.get("submit"),
        "close": view.get("close"),
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
    }
