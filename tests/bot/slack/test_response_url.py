from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.response_url import refusal_of


@pytest.mark.parametrize(
    ("status", "body"), [(200, "ok"), (200, ""), (200, "ok\n"), (200, '{"ok": true}')]
)
def test_what_slack_took_is_no_refusal(status: int, body: str) -> None:
    assert refusal_of(status, body) == ""


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, "expired_url", "expired_url"),
        (400, "invalid_blocks\n", "invalid_blocks"),
        (404, '{"ok": false, "error": "used_url"}', "used_url"),
        (200, '{"ok": false, "error": "expired_url"}', "expired_url"),
        (200, '{"ok": false}', "unreadable_answer"),
        (200, "no_text", "no_text"),
        (200, "<html>a proxy</html>", "unreadable_answer"),
        (404, "<html>not found</html>", "404"),
        (500, '{"ok": true}', "500"),
        (429, "", "429"),
        (503, "[1, 2]", "503"),
    ],
)
def test_an_error_is_read_in_each_of_its_shapes(status: int, body: str, code: str) -> None:
    assert refusal_of(status, body) == code


@given(st.integers(400, 599), st.text())
def test_no_error_counts_as_taken(status: int, body: str) -> None:
    assert refusal_of(status, body) != ""


@given(st.text(), st.text(min_size=1))
def test_the_code_is_told_as_slack_says_it(more: str, code: str) -> None:
    body = json.dumps({"ok": False, "error": code, "more": more})

    assert refusal_of(200, body) == code
