"""Arguments as text, and pages of a list."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.web_api.paging import MOST_AT_ONCE, page


def error(call: Any, *arguments: Any) -> str:
    with pytest.raises(SlackError) as caught:
        call(*arguments)
    return caught.value.error


@pytest.mark.parametrize(
    ("value", "text"), [("x", "x"), (5, "5"), (None, ""), ("", ""), (0, "0"), (False, "False")]
)
def test_an_argument_is_text(value: Any, text: str) -> None:
    assert Arguments({"name": value}).text("name") == text


@pytest.mark.parametrize(
    ("value", "says_yes"),
    [(True, True), ("true", True), ("1", True), ("yes", False), ("", False)],
)
def test_a_flag_says_yes(value: Any, says_yes: bool) -> None:
    assert Arguments({"flag": value}).flag("flag") is says_yes


@pytest.mark.parametrize("value", [None, ""])
def test_what_is_required_must_be_there(value: Any) -> None:
    assert error(Arguments({"user": value}).required, "user") == "invalid_arguments"


@pytest.mark.parametrize("value", ["0", "-1", "1000", "ten", "1.5", "²"])
def test_a_limit_is_from_one_to_the_most(value: str) -> None:
    assert error(Arguments({"limit": value}).number, "limit", 100, 999) == "invalid_limit"
    assert error(Arguments({"other": value}).number, "other", 100, 999) == "invalid_arguments"
    assert Arguments({}).number("limit", 100, 999) == 100


def test_a_structure_may_come_as_text() -> None:
    for value in ({"a": 1}, '{"a": 1}'):
        assert Arguments({"view": value}).structure("view") == {"a": 1}
    assert Arguments({"view": ""}).structure("view") is None
    assert error(Arguments({"view": "{"}).structure, "view", "invalid_blocks") == "invalid_blocks"


@given(count=st.integers(0, 900), limit=st.integers(1, 999))
def test_pages_lead_through_everything_once(count: int, limit: int) -> None:
    found: list[int] = []
    cursor = ""
    while True:
        arguments = Arguments({"limit": limit, "cursor": cursor})
        some, paging = page(range(count), arguments, 100)
        assert len(some) <= min(limit, MOST_AT_ONCE)
        found += some
        cursor = paging["response_metadata"]["next_cursor"]
        if not cursor:
            break

    assert found == list(range(count))


@pytest.mark.parametrize("cursor", ["x", "bmV4dA==", "bGFzdDoy", "bmV4dDp4", "é"])
def test_a_cursor_that_nobody_gave_out_is_refused(cursor: str) -> None:
    assert error(page, [1], Arguments({"cursor": cursor}), 100) == "invalid_cursor"
