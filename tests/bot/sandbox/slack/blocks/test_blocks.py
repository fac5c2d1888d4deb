from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack.blocks.checks import check_message, check_view
from tests.bot.sandbox.slack.desk import modal, plain, section, text_input


def element_of(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "a", **fields}


def within_input(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "label": plain("Label"), "element": element}


def within_actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), **fields}


def options(count: int) -> list[dict[str, Any]]:
    return [{"text": plain(f"Option {n}"), "value": str(n)} for n in range(count)]


def number(**fields: Any) -> dict[str, Any]:
    return within_input(element_of("number_input", **{"is_decimal_allowed": True, **fields}))


def select(**fields: Any) -> dict[str, Any]:
    return within_input(element_of("static_select", **fields))


GOOD = [
    section("x" * 3000),
    section("Lines", fields=[plain("y" * 2000)] * 10),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "*bold*"}]},
    {"type": "alert", "level": "warning", "text": plain("Careful")},
    within_actions(button(action_id="a", style="danger"), button(action_id="b")),
    text_input("t", min_length=0, max_length=3000, multiline=True),
    number(min_value="0", max_value="2", initial_value="1"),
    select(options=options(100), initial_option=options(1)[0]),
    within_input(element_of("external_select", min_query_length=0)),
    within_input(element_of("radio_buttons", options=options(10))),
    within_input(element_of("checkboxes", options=options(2), initial_options=options(1))),
    within_input(element_of("datepicker", initial_date="2026-12-31")),
]

BAD = [
    ("unknown", {"type": "nonsense"}, "unsupported type", "/type"),
    ("message only", {"type": "table", "rows": [[{}]]}, "not supported in a modal", "/type"),
    ("long section", section("x" * 3001), "less than 3001", "/text/text"),
    ("empty section", section(""), "more than 0", "/text/text"),
    ("long field", section("x", fields=[plain("y" * 2001)]), "less than 2001", "/fields/0/text"),
    ("fields", section("x", fields=[plain("y")] * 11), "no more than 10", "/fields"),
    ("long header", {"type": "header", "text": plain("x" * 151)}, "less than 151", "/text/text"),
    (
        "markdown header",
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "unsupported type",
        "/text/type",
    ),
    ("extra field", section("x", colour="red"), "additional property: colour", ""),
    ("many buttons", within_actions(*[button()] * 26), "no more than 25", "/elements"),
    ("no buttons", within_actions(), "no fewer than 1", "/elements"),
    ("button text", within_actions(button(text=plain("x" * 76))), "less than 76", "/text/text"),
    ("button value", within_actions(button(value="x" * 2001)), "less than 2001", "/value"),
    ("button style", within_actions(button(style="loud")), "unsupported value", "/style"),
    (
        "same action twice",
        within_actions(button(action_id="a"), button(action_id="a")),
        "action_id must be unique",
        "",
    ),
    ("input in actions", within_actions(element_of("number_input")), "unsupported type", "/type"),
    ("no options", select(options=[]), "no fewer than 1", "/options"),
    ("101 options", select(options=options(101)), "no more than 100", "/options"),
    ("missing options", select(), "must provide an array", "/options"),
    (
        "strange initial option",
        select(options=options(2), initial_option=options(3)[2]),
        "must be one of the options",
        "/initial_option",
    ),
    ("same option twice", select(options=options(1) * 2), "unique", "/options/1/value"),
    (
        "long option",
        select(options=[{"text": plain("x" * 76), "value": "v"}]),
        "less than 76",
        "/options/0/text/text",
    ),
    (
        "11 radios",
        within_input(element_of("radio_buttons", options=options(11))),
        "no more than 10",
        "/options",
    ),
    ("min above max", number(min_value="3", max_value="2"), "min_value must not", "/min_value"),
    ("number as number", number(min_value=1), "must be a string", "/min_value"),
    ("outside", number(max_value="2", initial_value="3"), "outside", "/initial_value"),
    (
        "no decimals said",
        within_input(element_of("number_input")),
        "missing required field: is_decimal_allowed",
        "/element",
    ),
    ("too long", text_input("t", max_length=3001), "from 1 to 3000", "/max_length"),
    ("min over max", text_input("t", min_length=5, max_length=4), "min_length", "/min_length"),
    ("long action id", text_input("t", "a" * 256), "less than 256", "/action_id"),
    ("long block id", text_input("b" * 256), "less than 256", "/block_id"),
    (
        "confirm",
        within_actions(
            button(
                confirm={
                    "title": plain("Sure?"),
                    "text": plain("x" * 301),
                    "confirm": plain("Yes"),
                    "deny": plain("No"),
                }
            )
        ),
        "less than 301",
        "/confirm/text/text",
    ),
    ("alert level", {"type": "alert", "level": "odd", "text": plain("x")}, "unsupported", "/level"),
    ("bad date", within_input(element_of("datepicker", initial_date="soon")), "date", "_date"),
]


@pytest.mark.parametrize("block", GOOD, ids=range(len(GOOD)))
def test_a_block_within_the_limits_is_taken(block: dict[str, Any]) -> None:
    assert check_view(modal(block), "modal") == []


@pytest.mark.parametrize(
    ("block", "problem", "pointer"),
    [case[1:] for case in BAD],
    ids=[case[0].replace(" ", "-") for case in BAD],
)
def test_a_block_beyond_the_limits_is_named(
    block: dict[str, Any], problem: str, pointer: str
) -> None:
    problems = check_view(modal(block), "modal")

    assert any(problem in text and f"{pointer}]" in text for text in problems), problems
    assert all("[json-pointer:/view/blocks" in text for text in problems)


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(title=plain("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(text_input("a"), submit=None), "missing required field: submit"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        (modal(*[section("x")] * 101), "no more than 100 items allowed"),
        (modal(text_input("same"), text_input("same")), "block_id must be unique"),
        (modal() | {"blocks": []}, "no fewer than 1"),
        (modal() | {"type": "home"}, "must be a modal"),
        (
            modal(text_input("a", focus_on_load=True), text_input("b", focus_on_load=True)),
            "only one element may have focus_on_load",
        ),
    ],
    ids=[
        "title",
        "submit",
        "no-submit",
        "metadata",
        "callback",
        "101-blocks",
        "same-block-id",
        "no-blocks",
        "home",
        "focus",
    ],
)
def test_a_view_beyond_the_limits_is_named(view: dict[str, Any], problem: str) -> None:
    assert any(problem in text for text in check_view(view, "modal"))


def test_a_message_takes_fifty_blocks() -> None:
    assert check_message([section("x")] * 50) == []
    assert check_message([section("x")] * 51)


def test_a_message_takes_no_modal_only_blocks() -> None:
    alert = {"type": "alert", "text": plain("x")}

    assert "alert is not supported in a message" in check_message([alert])[0]
    assert "number_input is not supported in a message" in check_message([number()])[0]


WORDS = st.sampled_from(
    ["type", "blocks", "elements", "element", "options", "value", "text", "block_id", "action_id"]
)
KINDS = st.sampled_from(
    [
        "modal",
        "section",
        "actions",
        "input",
        "button",
        "static_select",
        "number_input",
        "plain_text",
    ]
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | KINDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(junk=JUNK)
def test_no_structure_however_odd_breaks_the_checks(junk: Any) -> None:
    problems = check_view(modal() | {"blocks": [junk]}, "modal")

    assert problems or isinstance(junk, dict)
    check_message([junk, section("x", accessory=junk), within_input(junk)])
