from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.actions.orders.order_status import append_note
from bot.values.marks import note_line

LINE = note_line("MG-7F3K-2Q9D", "Changed their mind", date(2026, 11, 23))


def test_the_note_tells_when_what_and_why() -> None:
    assert LINE == "2026-11-23 Cancelled with Makegood MG-7F3K-2Q9D: Changed their mind"


def test_a_note_is_added_to_what_is_there() -> None:
    assert append_note("Call before delivery\n", LINE) == f"Call before delivery\n{LINE}"
    assert append_note("  ", LINE) == LINE


def test_notes_that_grow_too_long_lose_their_oldest_text() -> None:
    notes = append_note("é" * 70_000, LINE)

    assert len(notes.encode()) <= 65_535
    assert notes.endswith(f"é\n{LINE}")


@given(st.text(max_size=200))
def test_the_newest_line_is_always_kept_whole(existing: str) -> None:
    assert append_note(existing, LINE).endswith(LINE)
