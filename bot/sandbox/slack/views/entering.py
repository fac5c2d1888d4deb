"""What a person enters into the fields of blocks, and what using one element tells the app."""

from __future__ import annotations

from typing import Any

from bot.sandbox.control import Refusal
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.views.choosing import choices_of
from bot.sandbox.slack.views.view_state import (
    FIELDS,
    State,
    entry_for,
    find_element,
    options_of,
    value_of,
)
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Person

Offered = dict[tuple[str, str], dict[str, Json]]
_FILLED_BY_SLACK = ("users_select", "conversations_select", "channels_select")


class Hand:
    """One person's hand on the fields of a message or a view.

    `state` is changed; `offered` are the options that the app has suggested so far.
    """

    def __init__(
        self,
        workspace: Workspace,
        person: Person,
        blocks: list[Json],
        state: State,
        offered: Offered | None = None,
    ) -> None:
        self._workspace = workspace
        self._person = person
        self._blocks = blocks
        self._state = state
        self._offered = offered or {}

    def enter(self, values: Json) -> None:
        """Put what the person entered into the state, or raise Refusal and change nothing."""
        entries: list[tuple[str, str, Json]] = []
        for block_id, actions in values.items():
            if not isinstance(actions, dict):
                raise Refusal("invalid_values", block_id=block_id)
            for action_id, value in actions.items():
                _, element = find_element(self._blocks, block_id, action_id)
                if element["type"] not in FIELDS:
                    raise Refusal("element_holds_nothing", block_id=block_id)
                entries.append((block_id, action_id, self._entry(block_id, element, value)))
        for block_id, action_id, entry in entries:
            self._state[block_id][action_id] = entry

    def use(self, act: Json) -> Json | None:
        """Use one element after entering `values`; return the action to tell the app of.

        None when this element tells nothing by itself.
        """
        block, element = find_element(
            self._blocks, str(act.get("block_id")), str(act.get("action_id"))
        )
        self.enter(act.get("values") or {})
        block_id, action_id = block["block_id"], element["action_id"]
        action: Json = {"type": element["type"], "block_id": block_id, "action_id": action_id}
        if element["type"] == "button":
            return action | {
                name: element[name] for name in ("text", "value", "style", "url") if name in element
            }
        if element["type"] == "overflow":
            return action | {"selected_option": _overflow_option(element, act.get("value"))}
        if "value" in act:
            self._state[block_id][action_id] = self._entry(block_id, element, act["value"])
        if block["type"] == "input" and not block.get("dispatch_action"):
            return None
        entry = self._state[block_id][action_id]
        return action | {FIELDS[element["type"]]: value_of(entry)}

    def _entry(self, block_id: str, element: Json, value: Any) -> Json:
        known = self._offered.get((block_id, element["action_id"]), {})
        entry = entry_for(element, value, known)
        if element["type"].endswith(_FILLED_BY_SLACK):
            chosen = value_of(entry) or []
            items = chosen if isinstance(chosen, list) else [chosen]
            if not set(items) <= set(choices_of(self._workspace.world, self._person.id, element)):
                raise Refusal("no_such_option", action_id=element["action_id"])
        return entry


def _overflow_option(element: Json, value: Any) -> Json:
    for option in options_of(element):
        if option.get("value") == value:
            return option
    raise Refusal("no_such_option", action_id=element["action_id"])
