from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.control import Refusal
from bot.sandbox.slack.views.entry_checks import client_errors
from bot.sandbox.slack.views.view_state import entry_for, initial_state
from tests.bot.sandbox.slack.desk import plain

OPTIONS = [{"text": plain(name.title()), "value": name} for name in ("small", "large")]


def block_with(kind: str, **fields: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": "a", **fields}
    return {"type": "input", "block_id": "b", "label": plain("Label"), "element": element}


def entered(block: dict[str, Any], value: Any) -> dict[str, str]:
    """Return what the client says to this value in this block."""
    state = initial_state([block])
    state["b"]["a"] = entry_for(block["element"], value, {})
    return client_errors([block], state)


@pytest.mark.parametrize(
    ("kind", "fields", "value"),
    [
        ("plain_text_input", {"min_length": 3}, "ab"),
        ("plain_text_input", {"max_length": 3}, "abcd"),
        ("number_input", {"is_decimal_allowed": True}, "many"),
        ("number_input", {"is_decimal_allowed": True}, "1e3"),
        ("number_input", {"is_decimal_allowed": False}, "1.5"),
        ("number_input", {"is_decimal_allowed": False, "max_value": "2"}, "3"),
        ("number_input", {"is_decimal_allowed": False, "min_value": "0"}, "-1"),
        ("email_text_input", {}, "anna"),
        ("url_text_input", {}, "fern"),
    ],
    ids=["short", "long", "word", "exponent", "fraction", "above", "below", "email", "url"],
)
def test_what_the_client_does_not_let_through(kind: str, fields: Any, value: str) -> None:
    assert "b" in entered(block_with(kind, **fields), value)


@pytest.mark.parametrize(
    ("kind", "fields", "value", "field", "held"),
    [
        ("plain_text_input", {}, "text", "value", "text"),
        ("number_input", {"is_decimal_allowed": True}, "1.50", "value", "1.50"),
        ("static_select", {"options": OPTIONS}, "large", "selected_option", OPTIONS[1]),
        ("radio_buttons", {"options": OPTIONS}, "small", "selected_option", OPTIONS[0]),
        ("checkboxes", {"options": OPTIONS}, ["small"], "selected_options", [OPTIONS[0]]),
        ("datepicker", {}, "2026-12-31", "selected_date", "2026-12-31"),
        ("users_select", {}, "U0ANNAKELLER", "selected_user", "U0ANNAKELLER"),
        ("multi_users_select", {}, ["U1", "U2"], "selected_users", ["U1", "U2"]),
        (
            "external_select",
            {},
            {"text": "Bath", "value": "7"},
            "selected_option",
            {"text": {"type": "plain_text", "text": "Bath", "emoji": True}, "value": "7"},
        ),
        ("checkboxes", {"options": OPTIONS}, None, "selected_options", []),
    ],
    ids=[
        "text",
        "number",
        "select",
        "radio",
        "checkboxes",
        "date",
        "user",
        "users",
        "external",
        "cleared",
    ],
)
def test_what_is_entered_is_held_in_slacks_shape(
    kind: str, fields: Any, value: Any, field: str, held: Any
) -> None:
    block = block_with(kind, **fields)

    assert entry_for(block["element"], value, {}) == {"type": kind, field: held}
    assert entered(block | {"optional": True}, value) == {}


def test_nobody_can_choose_what_is_not_offered() -> None:
    with pytest.raises(Refusal, match="no_such_option"):
        entry_for(block_with("static_select", options=OPTIONS)["element"], "huge", {})
