"""What becomes of a text that a person wrote, and which metadata a message may carry."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages.content import read_metadata, with_links, without_metadata
from bot.sandbox.slack.web_api.arguments import Arguments


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("See https://fern.example/1042.", "See <https://fern.example/1042>."),
        ("(https://fern.example/a?b=1&amp;c)", "(<https://fern.example/a?b=1&amp;c>)"),
        ("rosa@mail.example", "<mailto:rosa@mail.example|rosa@mail.example>"),
        ("rosa@mail", "rosa@mail"),
        ("`https://fern.example`", "`https://fern.example`"),
        ("```\nrosa@mail.example\n```", "```\nrosa@mail.example\n```"),
        ("<https://fern.example|Fern>", "<https://fern.example|Fern>"),
        ("fern.example", "fern.example"),
        ("order 1042", "order 1042"),
    ],
)
def test_addresses_become_links(typed: str, kept: str) -> None:
    assert with_links(typed) == kept


def metadata(value: Any) -> Any:
    return read_metadata(Arguments({"metadata": value}))


def test_metadata_is_a_type_and_a_flat_payload() -> None:
    given = {"event_type": "order_outcome", "event_payload": {"key": "a", "numbers": [1, 2]}}

    assert metadata(given) == given
    assert metadata(None) is None
    assert metadata({}) is None
    assert metadata('{"event_type": "a", "event_payload": {}}')["event_type"] == "a"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("{", "invalid_metadata_format"),
        ([1], "invalid_metadata_format"),
        ({"event_type": "a"}, "invalid_metadata_schema"),
        ({"event_type": "A-b", "event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "a", "event_payload": {}, "more": 1}, "invalid_metadata_format"),
        ({"event_type": "a", "event_payload": {"b": {}}}, "invalid_metadata_schema"),
        ({"event_type": "a", "event_payload": {"b": [{}]}}, "invalid_metadata_schema"),
        ({"event_type": "a", "event_payload": {"B": 1}}, "invalid_metadata_schema"),
    ],
)
def test_other_metadata_is_refused(given: Any, error: str) -> None:
    with pytest.raises(SlackError) as caught:
        metadata(given)

    assert caught.value.error == error


def test_metadata_is_shown_to_whoever_asks_alone() -> None:
    assert without_metadata({"text": "x", "metadata": {}}) == {"text": "x"}
