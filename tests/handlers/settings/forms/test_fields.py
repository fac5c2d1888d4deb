"""The fields of the configuration's forms: what they show, and how they are read back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.configuration import EVERYONE, People
from bot.sandbox.slack.blocks.checks import check_view
from handlers.block_kit.builders import modal
from handlers.flow.form import FieldErrors
from handlers.settings.forms.fields import (
    NOT_CHOSEN,
    NOT_SWITCHED,
    Reading,
    people_fields,
    read_people,
    read_reasons,
    whole_field,
)
from handlers.settings.names import Wording
from tests.support.agent import words

NO_ONE = People()
TEAM = Wording("USD", {"S1": "leads"})


def reading(**values: Any) -> Reading:
    return Reading(values, "USD")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("", None), ("1", 1), (" 14 ", 14), ("3650", 3650), ("007", 7)],
)
def test_a_whole_number_is_read_as_typed(typed: str, number: int | None) -> None:
    read = reading(days=typed)

    assert read.whole("days", most=3650) == number
    assert read.errors == {}


@given(
    st.text(max_size=30)
    | st.text("0123456789", max_size=20)
    | st.sampled_from(["000005999", "000000000001999"])
)
def test_what_is_no_number_within_the_bounds_is_named(typed: str) -> None:
    read = reading(days=typed)

    number = read.whole("days", most=3650)

    assert number is None or 1 <= number <= 3650
    if number is None and typed.strip():
        assert read.errors == {"days": "Type a whole number from 1 to 3650."}


def test_every_field_that_is_wrong_is_named_at_once() -> None:
    read = reading(days="0", limit="a lot")
    read.whole("days", most=9)
    read.amount("limit")

    with pytest.raises(FieldErrors) as raised:
        read.check()

    assert raised.value.errors == {
        "days": "Type a whole number from 1 to 9.",
        "limit": "Write it as a plain number, for example 10 or 10.50.",
    }
    reading().check()


@pytest.mark.parametrize(
    ("values", "present", "people", "errors"),
    [
        ({"who": "everyone"}, NO_ONE, EVERYONE, {}),
        ({"who": "nobody"}, EVERYONE, NO_ONE, {}),
        ({"who": "some", "users": ["UBEN"]}, EVERYONE, People(user_ids=("UBEN",)), {}),
        (
            {"who": "some", "groups": [["S1", "@leads"]]},
            NO_ONE,
            People(group_ids=("S1",)),
            {},
        ),
        ({"who": "some"}, NO_ONE, NO_ONE, {"users": NOT_CHOSEN}),
        ({"who": "everyone", "users": ["UBEN"]}, EVERYONE, EVERYONE, {"who": NOT_SWITCHED}),
        ({"who": "some", "groups": []}, People(group_ids=("S1",)), NO_ONE, {"users": NOT_CHOSEN}),
        # Where Slack did not tell the groups there was no field for them: they stay.
        ({"who": "some"}, People(group_ids=("S1",)), People(group_ids=("S1",)), {}),
    ],
)
def test_people_are_read_as_they_were_chosen(
    values: dict[str, Any], present: People, people: People, errors: dict[str, str]
) -> None:
    read = reading(**values)

    assert People.model_validate(read_people(read, present)) == people
    assert read.errors == errors


@pytest.mark.parametrize(
    ("present", "nobody", "chosen"),
    [
        (EVERYONE, "Nobody", "everyone"),
        (NO_ONE, "Nobody", "nobody"),
        (NO_ONE, "", "some"),
        (People(user_ids=("UBEN",)), "Nobody", "some"),
    ],
)
def test_what_is_set_is_chosen(present: People, nobody: str, chosen: str) -> None:
    who, users, *_ = people_fields("Who", present, TEAM, nobody=nobody)

    assert who["element"]["initial_option"]["value"] == chosen
    assert users["element"].get("initial_users", []) == [*present.user_ids]


def test_groups_are_named_and_stay_where_slack_does_not_tell_them() -> None:
    present = People(group_ids=("S1",))

    *_, groups = people_fields("Who", present, TEAM)
    untold = people_fields("Who", present, Wording("USD", has_groups=False))

    assert groups["element"]["initial_options"][0]["text"]["text"] == "@leads"
    assert words(untold).endswith("Slack does not tell the user groups just now; they stay as set.")
    view = modal(callback_id="x", title="Who", submit="Save", blocks=untold)
    assert check_view(view, "modal") == []


@pytest.mark.parametrize(
    ("typed", "reasons", "wrong"),
    [
        ("Damaged\n\n  Late \n", ["Damaged", "Late"], ""),
        ("", None, ""),
        ("Late\nLATE", ["Late", "LATE"], "“LATE” is there twice."),
        ("\n".join(f"R{n}" for n in range(21)), ..., "These are 21; 20 fit."),
        ("x" * 76, ..., f"At most 75 characters each: “{'x' * 40}…” is longer."),
    ],
)
def test_reasons_are_one_of_each_line(typed: str, reasons: Any, wrong: str) -> None:
    read = reading(reasons=typed)

    found = read_reasons(read)

    assert reasons is ... or found == reasons
    assert read.errors == ({"reasons": wrong} if wrong else {})


def test_no_number_is_an_empty_field() -> None:
    assert "initial_value" not in whole_field("days", "Days", None)["element"]
    assert whole_field("days", "Days", 14)["element"]["initial_value"] == "14"
