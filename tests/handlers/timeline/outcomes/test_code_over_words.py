"""Since when a discount code no longer works, and by whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.timeline.outcomes.code_over_words import over_heading, over_line
from storage.log.entries import CODE_EXPIRED, CODE_GONE, CODE_OFF, CODE_USED_UP, CODE_WORKS
from tests.handlers.entries import AT, NOON, entry


@pytest.mark.parametrize(
    ("over", "by", "said"),
    [
        (None, None, ""),
        (CODE_WORKS, None, ""),
        (CODE_OFF, "UBEN", f"Switched off by <@UBEN> {AT}."),
        (CODE_OFF, None, f"It is switched off in BigCommerce, seen {AT}."),
        (CODE_EXPIRED, "UBEN", f"It expired {AT}."),
        (CODE_EXPIRED, None, f"It expired {AT}."),
        (CODE_USED_UP, None, f"It was used as often as it could be, seen {AT}."),
        (CODE_GONE, None, f"It was deleted or renamed in BigCommerce, seen {AT}."),
    ],
)
def test_no_more_is_said_than_is_known(over: str | None, by: str | None, said: str) -> None:
    assert over_line(entry(code_over=over, code_over_at=NOON, code_over_by=by)) == said


@given(st.text(max_size=100))
def test_a_code_is_shown_and_does_nothing(code: str) -> None:
    said = over_heading(entry(request={"code": code}))

    assert said.startswith("Discount code ")
    assert said.endswith(" no longer works")
    assert not set(said) & set("<>*~`\n")
