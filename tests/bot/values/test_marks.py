from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.values.marks import (
    cancellations_of_note,
    code_name,
    mark_of_name,
    mark_of_reason,
    mark_of_refund,
    marked_reason,
    marks_of_note,
    note_line,
    without_marks,
)

REFERENCE, OTHER = "MG-7F3K-2Q9D", "MG-AAAA-AAAA"


def test_the_marks_of_the_first_release_are_read() -> None:
    assert mark_of_reason(f"Damaged [{REFERENCE}]") == REFERENCE
    note = f"Call first\n2026-11-01 Cancelled with Makegood {REFERENCE}: Ordered twice"
    assert marks_of_note(note) == {REFERENCE}
    assert mark_of_name(f"Makegood {REFERENCE} SORRY-1") == REFERENCE


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"see [{REFERENCE}] please",
        f"[{REFERENCE}].",
        REFERENCE,
        f"({REFERENCE})",
        f"[{REFERENCE.lower()}]",
        f"[{REFERENCE}] [x]",
    ],
)
def test_a_reference_that_does_not_end_a_reason_is_no_mark(text: str) -> None:
    assert mark_of_reason(text) is None


def test_what_was_done_besides_is_no_cancellation() -> None:
    note = "\n".join(
        [
            note_line(REFERENCE, "Broken", date(2026, 11, 1), done="Set back"),
            note_line(OTHER, "Ordered twice", date(2026, 11, 2)),
        ]
    )

    assert marks_of_note(note) == {REFERENCE, OTHER}
    assert cancellations_of_note(note) == [(OTHER, "2026-11-02")]


@pytest.mark.parametrize(
    "note",
    [
        f"{REFERENCE}",
        f"see Makegood {REFERENCE}: cancelled",
        f"  2026-11-01 Cancelled with Makegood {REFERENCE}: indented",
        f"Re: 2026-11-01 Cancelled with Makegood {REFERENCE}: quoted",
    ],
)
def test_a_reference_that_is_no_line_of_its_own_is_no_mark_of_a_note(note: str) -> None:
    assert marks_of_note(note) == frozenset()


def test_one_reason_is_enough_and_two_marks_are_nobodys() -> None:
    assert mark_of_refund(["", f"x [{REFERENCE}]"]) == REFERENCE
    assert mark_of_refund([f"x [{REFERENCE}]", f"y [{REFERENCE}]"]) == REFERENCE
    assert mark_of_refund([f"x [{REFERENCE}]", f"y [{OTHER}]"]) is None


@given(st.text(max_size=300))
def test_what_is_written_is_read(reason: str) -> None:
    assert mark_of_reason(marked_reason(reason, REFERENCE)) == REFERENCE
    assert marks_of_note(note_line(REFERENCE, reason, date(2026, 11, 27))) == {REFERENCE}
    assert mark_of_name(code_name(REFERENCE, reason)) == REFERENCE


@given(st.lists(st.sampled_from(["x", " ", f"[{OTHER}]", "[", "]", OTHER, "\n"]), max_size=20))
def test_peoples_text_holds_no_mark(parts: list[str]) -> None:
    text = without_marks("".join(parts))

    assert mark_of_reason(text) is None
    assert mark_of_reason(marked_reason(text, REFERENCE)) == REFERENCE


def test_a_long_text_without_a_mark_is_read_at_once() -> None:
    assert mark_of_reason("[MG-" * 1_000_000) is None
    assert marks_of_note("2026-11-01 Cancelled " * 1_000_000) == frozenset()
