"""What the inputs of a view hold: from their initial values, from what a person enters.

A state is Slack's `state.values`: block id, then action id, then an entry such as
`{"type": "plain_text_input", "value": "..."}`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from bot.sandbox.control import Refusal
from bot.sandbox.slack.blocks.layout import elements_of
from bot.sandbox.slack.errors import Json

State = dict[str, dict[str, Json]]

# Kind of element: field of its entry. Buttons and overflow menus hold nothing.
FIELDS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_LISTS = frozenset({name for name in FIELDS.values() if name.endswith("s")})
_OPTIONS = frozenset({"selected_option", "selected_options"})


def stateful(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Yield block id and element for everything that holds a value."""
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in FIELDS:
                yield block["block_id"], element


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    """Return the block and its element, or raise Refusal."""
    for block in blocks:
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return block, element
    raise Refusal("element_not_found", block_id=block_id, action_id=action_id)


def initial_state(blocks: list[Json]) -> State:
    """Return the state in which these blocks first appear."""
    state: State = {}
    for block_id, element in stateful(blocks):
        state.setdefault(block_id, {})[element["action_id"]] = _initial_entry(element)
    return state


def carried_state(old: State, blocks: list[Json]) -> State:
    """Return the state of blocks that replace others.

    Slack keeps what an input holds where block id AND action id (and the kind) stay the same, and
    then ignores a new initial value.
    """
    state = initial_state(blocks)
    for block_id, element in stateful(blocks):
        kept = old.get(block_id, {}).get(element["action_id"])
        if kept is not None and kept["type"] == element["type"] and _fits(element, kept):
            state[block_id][element["action_id"]] = copy.deepcopy(kept)
    return state


def options_of(element: Json) -> list[Json]:
    """Return an element's own options, those in groups included."""
    options: list[Json] = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    return options


def entry_for(element: Json, value: Any, offered: dict[str, Json]) -> Json:
    """Return the entry for what a person entered, or raise Refusal when nobody could enter it.

    `value` is text, an option's value, a list of them, `{"text", "value"}` for an option that the
    app suggested, or None for nothing. `offered` are the app's suggestions so far, by value.
    """
    kind = element["type"]
    name = FIELDS[kind]
    if value is None or value == "" or value == []:
        return _entry(kind, name, None)
    if name in _LISTS:
        items = value if isinstance(value, list) else [value]
        if name in _OPTIONS:
            items = [_option(element, item, offered) for item in items]
        return _entry(kind, name, items)
    if name in _OPTIONS:
        return _entry(kind, name, _option(element, value, offered))
    if name == "selected_date_time":
        if not str(value).isdecimal():
            raise Refusal("invalid_values", action_id=element["action_id"])
        return _entry(kind, name, int(value))
    if name == "rich_text_value":
        return _entry(kind, name, value)
    return _entry(kind, name, str(value))


def value_of(entry: Json) -> Any:
    """Return what an entry holds; None or an empty list for nothing."""
    return entry[FIELDS[entry["type"]]]


def _initial_entry(element: Json) -> Json:
    name = FIELDS[element["type"]]
    source = "initial_value" if name.endswith("value") else name.replace("selected", "initial")
    value = element.get(source)
    return _entry(element["type"], name, copy.deepcopy(value) or None)


def _entry(kind: str, name: str, value: Any) -> Json:
    if value is None and name in _LISTS:
        value = []
    return {"type": kind, name: value}


def _fits(element: Json, entry: Json) -> bool:
    if element["type"].startswith(("external", "multi_external")):
        return True
    held = entry.get("selected_options") or [entry.get("selected_option")]
    return all(option is None or option in options_of(element) for option in held)


def _option(element: Json, value: Any, offered: dict[str, Json]) -> Json:
    if element["type"] in {"external_select", "multi_external_select"}:
        if isinstance(value, dict) and "value" in value:
            return _suggested(value)
        initial = [element.get("initial_option"), *(element.get("initial_options") or [])]
        known: dict[str, Json] = {item["value"]: item for item in initial if item} | offered
        if isinstance(value, str) and value in known:
            return known[value]
    else:
        wanted = value.get("value") if isinstance(value, dict) else value
        for option in options_of(element):
            if option.get("value") == wanted:
                return dict(option)
    raise Refusal("no_such_option", action_id=element["action_id"])


def _suggested(value: Json) -> Json:
    text = value.get("text")
    if not isinstance(text, dict):
        text = {"type": "plain_text", "text": str(text), "emoji": True}
    return {"text": text, "value": str(value["value"])}
