"""What is said of a request that waits for a second person, and of what that person decided."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.timeline.outcomes.decision_words import (
    decision_line,
    decision_sentence,
    waiting_line,
)
from storage.log.entries import APPROVED, DECLINED, LAPSED, OVERTAKEN, Entry
from tests.handlers.entries import AT, NOON, entry

CONFIRMED = {"total": {"amount": "1054.1", "currency": "USD"}, "method": "m", "payments": []}


def decided(decision: str, by: str | None = "UBEN", **changes: Any) -> Entry:
    return entry(decision=decision, decided_by=by, decided_at=NOON, **changes)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (entry(), ""),
        (decided(APPROVED), f"Approved by <@UBEN> {AT}"),
        (decided(DECLINED), f"Declined by <@UBEN> {AT}"),
        (decided(DECLINED, "UANNA"), f"Withdrawn by <@UANNA> {AT}"),
        (decided(LAPSED, None), f"Nobody decided before {AT}"),
        (
            decided(OVERTAKEN, None),
            f"Closed {AT}, because it could not be carried out any more",
        ),
        (
            decided(APPROVED, None),
            "Approved and carried out before Makegood's data was restored",
        ),
    ],
)
def test_each_decision_is_told_by_whom_and_when(about: Entry, said: str) -> None:
    assert decision_line(about) == said


def test_the_one_who_asked_is_called_with_the_decision() -> None:
    assert decision_sentence(decided(APPROVED)) == f"<@UANNA>: approved by <@UBEN> {AT}."
    assert decision_sentence(decided(LAPSED, None)) == f"<@UANNA>: nobody decided before {AT}."


def test_who_withdrew_it_is_not_called() -> None:
    assert decision_sentence(decided(DECLINED, "UANNA")) == decision_sentence(entry()) == ""


def test_what_waits_says_the_amount_who_asked_and_until_when() -> None:
    about = entry(
        request={"order_id": 1042, "reason": "Damaged", "confirmed": CONFIRMED}, held_until=NOON
    )

    assert waiting_line(about) == (
        ":raised_hand: Waits for approval: Full refund of 1,054.10 USD for order 1042, asked by "
        f"<@UANNA> {AT}, can be approved until {AT} · MG-7F3K-2Q9D"
    )


@given(st.text(max_size=500))
def test_an_action_of_the_past_is_shown_and_does_nothing(action: str) -> None:
    said = waiting_line(entry(action=action, order_id=None))

    shown = said.removeprefix(":raised_hand: Waits for approval: ").partition(", asked by <@UANNA>")
    assert "<" not in shown[0]
    assert "*" not in shown[0]
    assert len(said) < 3000
