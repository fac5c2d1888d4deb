"""What a person has ended by hand, in words, and the buttons for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.blocks.checks import check_message
from bot.values.outcome import Outcome, Status
from handlers.block_kit.builders import actions, section
from handlers.timeline.outcomes.ending_words import ending_buttons, ending_line
from storage.log.entries import LEFT, MADE, NOT_MADE, SENT, Entry
from tests.handlers.entries import AT, NOON, entry


def ended(how: str, note: str | None = "Wire 7") -> Entry:
    return entry(ended_as=how, ended_by="UBEN", ended_at=NOON, ended_note=note)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (SENT, f"Sent by hand by <@UBEN> {AT} · reference: Wire 7"),
        (MADE, f"Ended as made by <@UBEN> {AT} · reason: Wire 7"),
        (NOT_MADE, f"Ended as not made by <@UBEN> {AT} · reason: Wire 7"),
        (LEFT, f"Left as it is by <@UBEN> {AT} · reason: Wire 7"),
    ],
)
def test_it_is_said_who_ended_it_and_why(how: str, said: str) -> None:
    assert ending_line(ended(how)) == said


def test_what_nobody_ended_says_nothing() -> None:
    assert ending_line(entry()) == ""
    assert ending_line(ended(SENT, None)) == f"Sent by hand by <@UBEN> {AT}"


@given(st.text(max_size=2000))
def test_a_note_injects_no_markup_and_stays_short(note: str) -> None:
    said = ending_line(ended(LEFT, note)).removeprefix(f"Left as it is by <@UBEN> {AT}")

    assert "<" not in said
    assert ">" not in said
    assert "\n" not in said
    assert len(said) <= 5 * 300 + 20
    assert check_message([section(ending_line(ended(LEFT, note)))]) == []


@pytest.mark.parametrize(
    ("status", "ended_as", "buttons"),
    [
        (Status.TO_DO, None, ["I have sent it"]),
        (Status.SUCCEEDED, SENT, ["Take back…"]),
        (Status.PARTIAL, SENT, ["Take back…"]),
        (Status.SUCCEEDED, None, []),
        (Status.SUCCEEDED, MADE, []),
        (Status.PENDING, None, ["Check again"]),
        (Status.UNKNOWN, None, ["Check again", "It was made…", "It was not made…"]),
        (Status.FAILED, NOT_MADE, ["Ask again"]),
        (Status.FAILED, None, []),
        (Status.REJECTED, None, []),
    ],
)
def test_only_what_is_open_has_buttons(
    status: Status, ended_as: str | None, buttons: list[str]
) -> None:
    about = entry() if ended_as is None else ended(ended_as)

    shown = ending_buttons(about, Outcome(status=status, message="x"))

    assert [each["text"]["text"] for each in shown] == buttons
    assert all(each["value"] == "MG-7F3K-2Q9D" for each in shown)
    assert all(each["accessibility_label"].endswith("for order 1042") for each in shown)
    assert not shown or check_message([actions(shown)]) == []


def test_without_an_order_the_reference_tells_buttons_apart() -> None:
    (button,) = ending_buttons(entry(order_id=None), Outcome(status=Status.PENDING, message="x"))

    assert button["accessibility_label"] == "Check again for MG-7F3K-2Q9D"
