from __future__ import annotations

from handlers.access.pace import AT_ONCE, MOST_PEOPLE, Pace
from handlers.access.person import Person

ANNA, BEN = Person("T1", "UANNA"), Person("T1", "UBEN")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _looks(pace: Pace, who: Person, times: int) -> int:
    """Return how many of so many looks at once are let through."""
    return sum(not pace.is_too_fast(who) for _ in range(times))


def test_some_looks_at_once_then_one_after_each_pause() -> None:
    clock = Clock()
    pace = Pace(2.0, clock)

    let_through = [_looks(pace, ANNA, 150)]
    for _ in range(4):
        clock.now += 1
        let_through.append(_looks(pace, ANNA, 150))

    assert let_through == [AT_ONCE, 0, 1, 0, 1]


def test_whoever_rests_has_all_of_them_again() -> None:
    clock = Clock()
    pace = Pace(2.0, clock)
    _looks(pace, ANNA, 150)

    clock.now += 2.0 * AT_ONCE

    assert _looks(pace, ANNA, 150) == AT_ONCE


def test_each_person_has_a_pace_of_their_own() -> None:
    pace = Pace(2.0, Clock())
    _looks(pace, ANNA, 150)

    assert _looks(pace, BEN, 1) == 1


def test_looks_hold_up_no_decision_and_decisions_have_a_pace_of_their_own() -> None:
    pace = Pace(2.0, Clock())
    _looks(pace, ANNA, 150)

    decided = [not pace.is_too_fast(ANNA, decides=True) for _ in range(150)]

    assert sum(decided) == AT_ONCE


def test_without_a_pause_nobody_is_too_fast() -> None:
    assert _looks(Pace(0, Clock()), ANNA, 1000) == 1000


def test_of_whoever_has_rested_nothing_is_kept() -> None:
    clock = Clock()
    pace = Pace(2.0, clock)
    for number in range(MOST_PEOPLE):
        pace.is_too_fast(Person("T1", f"U{number}"))
    clock.now += 2.1

    pace.is_too_fast(ANNA)

    assert list(pace._rested_at) == [(ANNA, False)]


def test_no_crowd_makes_it_grow() -> None:
    pace = Pace(2.0, Clock())

    for number in range(3 * MOST_PEOPLE):
        pace.is_too_fast(Person("T1", f"U{number}"))

    assert len(pace._rested_at) == MOST_PEOPLE
