"""What inputs hold when their blocks are replaced, and what nobody could enter."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.control import Refusal
from bot.sandbox.slack.views.view_state import (
    carried_state,
    entry_for,
    find_element,
    initial_state,
    options_of,
    value_of,
)
from tests.bot.sandbox.slack.desk import plain

SMALL, LARGE = ({"text": plain(name), "value": name} for name in ("small", "large"))


def input_(kind: str, block_id: str = "b", **fields: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": "a", **fields}
    return {"type": "input", "block_id": block_id, "label": plain("Label"), "element": element}


def held(state: Any) -> Any:
    return value_of(state["b"]["a"])


@pytest.mark.parametrize(
    ("kind", "initial", "value"),
    [
        ("plain_text_input", {"initial_value": "5"}, "5"),
        ("static_select", {"options": [SMALL], "initial_option": SMALL}, SMALL),
        ("checkboxes", {"options": [SMALL, LARGE], "initial_options": [LARGE]}, [LARGE]),
        ("datepicker", {"initial_date": "2026-12-31"}, "2026-12-31"),
        ("users_select", {"initial_user": "U1"}, "U1"),
        ("multi_users_select", {"initial_users": ["U1"]}, ["U1"]),
        ("datetimepicker", {"initial_date_time": 1790000000}, 1790000000),
    ],
)
def test_an_input_begins_with_its_initial_value_or_nothing(
    kind: str, initial: dict[str, Any], value: Any
) -> None:
    bare = {name: given for name, given in initial.items() if name == "options"}

    assert held(initial_state([input_(kind, **initial)])) == value
    assert held(initial_state([input_(kind, **bare)])) == ([] if isinstance(value, list) else None)


def test_buttons_and_menus_hold_nothing() -> None:
    button = {"type": "button", "action_id": "a", "text": plain("Go")}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]

    assert initial_state(blocks) == {}


def test_what_was_entered_stays_over_a_new_initial_value() -> None:
    old = initial_state([input_("plain_text_input", initial_value="mine")])

    kept = carried_state(old, [input_("plain_text_input", initial_value="yours")])

    assert held(kept) == "mine"


@pytest.mark.parametrize(
    "fresh",
    [
        input_("plain_text_input", block_id="c", initial_value="new"),
        input_("email_text_input", initial_value="new"),
    ],
    ids=["another_block", "another_kind"],
)
def test_another_input_begins_anew(fresh: dict[str, Any]) -> None:
    old = initial_state([input_("plain_text_input", initial_value="old")])

    [[entry]] = [list(block.values()) for block in carried_state(old, [fresh]).values()]

    assert value_of(entry) == "new"


def test_a_choice_that_is_no_longer_offered_is_gone() -> None:
    old = initial_state([input_("static_select", options=[SMALL], initial_option=SMALL)])

    assert held(carried_state(old, [input_("static_select", options=[LARGE])])) is None
    assert held(carried_state(old, [input_("static_select", options=[LARGE, SMALL])])) == SMALL


def test_a_choice_of_an_external_select_stays() -> None:
    old = {"b": {"a": {"type": "external_select", "selected_option": SMALL}}}

    assert held(carried_state(old, [input_("external_select")])) == SMALL


def test_options_in_groups_are_options() -> None:
    groups = [{"label": plain("A"), "options": [SMALL]}, {"label": plain("B"), "options": [LARGE]}]

    assert options_of({"option_groups": groups}) == [SMALL, LARGE]
    assert options_of({}) == []


def test_an_external_select_takes_what_it_was_offered_or_had_at_first() -> None:
    element = {"type": "external_select", "action_id": "a", "initial_option": SMALL}

    assert value_of(entry_for(element, "small", {})) == SMALL
    assert value_of(entry_for(element, "large", {"large": LARGE})) == LARGE
    assert value_of(entry_for(element, {"text": "Huge", "value": "h"}, {})) == {
        "text": {"type": "plain_text", "text": "Huge", "emoji": True},
        "value": "h",
    }
    with pytest.raises(Refusal, match="no_such_option"):
        entry_for(element, "huge", {})


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "static_select", "options": [SMALL]}, "large"),
        ({"type": "checkboxes", "options": [SMALL]}, ["small", "large"]),
        ({"type": "datetimepicker"}, "soon"),
    ],
)
def test_what_nobody_could_enter_is_refused(element: dict[str, Any], value: Any) -> None:
    with pytest.raises(Refusal):
        entry_for({"action_id": "a", **element}, value, {})


def test_an_element_is_found_by_both_ids() -> None:
    block = input_("plain_text_input")

    assert find_element([block], "b", "a") == (block, block["element"])
    for block_id, action_id in (("b", "x"), ("x", "a")):
        with pytest.raises(Refusal, match="element_not_found"):
            find_element([block], block_id, action_id)
