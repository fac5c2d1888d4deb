"""Fields of a document named by a path, and given another value or none."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.paths import GONE, put

DOCUMENT = {"id": 7, "to": {"name": "Maya"}, "lines": [{"id": 1, "n": 2}, {"id": 2, "n": 3}]}


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("id", None, {"id": None}),
        ("to.name", "\ud83d", {"to": {"name": "\ud83d"}}),
        ("to.zip", "1", {"to": {"name": "Maya", "zip": "1"}}),
        ("to", GONE, {"to": GONE}),
        ("lines.*.n", 0, {"lines": [{"id": 1, "n": 0}, {"id": 2, "n": 0}]}),
        ("lines.1.n", 0, {"lines": [{"id": 1, "n": 2}, {"id": 2, "n": 0}]}),
        ("lines.id=1.n", 0, {"lines": [{"id": 1, "n": 0}, {"id": 2, "n": 3}]}),
        ("lines.0", GONE, {"lines": [{"id": 2, "n": 3}]}),
        ("lines.*.n", GONE, {"lines": [{"id": 1}, {"id": 2}]}),
        ("lines.9.n", 0, {}),
        ("nothing.here", 0, {}),
        ("id.deeper", 0, {}),
    ],
)
def test_a_path_names_what_is_changed(path: str, value: Any, expected: dict[str, Any]) -> None:
    wanted = {k: v for k, v in (DOCUMENT | expected).items() if v is not GONE}

    assert put(DOCUMENT, path, value) == wanted
    assert DOCUMENT["id"] == 7  # the document itself stays


def test_the_empty_path_is_the_whole_and_a_list_can_be_the_document() -> None:
    assert put(DOCUMENT, "", []) == []
    assert put([{"id": 1}, {"id": 2}], "id=2.id", 9) == [{"id": 1}, {"id": 9}]
