"""What people see: the newest of each, what is out of date, and no more than fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from freezegun import freeze_time

from handlers.windows.shown import CARD, MOST, MOST_TRIES, WINDOW, Screen, Shown


async def _draw() -> bool:
    return True


def screen(*about: str, lives: timedelta = timedelta(minutes=30)) -> Screen:
    return Screen(frozenset(about), datetime.now(UTC) + lives, _draw)


def keys(shown: Shown) -> list[tuple[str, str]]:
    return [key for key, _ in shown.stale()]


def test_what_is_about_a_change_is_drawn_and_nothing_else() -> None:
    shown = Shown()
    shown.put((CARD, "a"), screen("order 1", "rules"))
    shown.put((CARD, "b"), screen("order 2"))

    shown.changed(["order 1", "MG-1"])

    assert keys(shown) == [(CARD, "a")]


def test_the_newest_takes_the_place_of_the_older_one() -> None:
    shown, newer = Shown(), screen("order 2")
    shown.put((CARD, "a"), screen("order 1"))
    shown.put((CARD, "a"), newer)

    shown.changed(["order 1"])
    assert keys(shown) == []
    shown.changed(["order 2"])
    assert shown.stale() == [((CARD, "a"), newer)]


def test_what_is_being_drawn_is_not_drawn_besides() -> None:
    shown, one = Shown(), screen("order 1")
    shown.put((CARD, "a"), one)
    shown.changed(["order 1"])

    one.is_busy = True
    assert keys(shown) == []
    one.is_busy = False
    assert keys(shown) == [(CARD, "a")]


def test_what_is_too_old_is_forgotten() -> None:
    shown = Shown()
    shown.put((CARD, "a"), screen("order 1"))
    shown.put((WINDOW, "b"), screen("order 1", lives=timedelta(hours=12)))

    with freeze_time(datetime.now(UTC) + timedelta(minutes=30)):
        shown.changed(["order 1"])
        assert keys(shown) == [(WINDOW, "b")]
        assert shown.find((CARD, "a")) is None


def test_of_each_kind_the_latest_are_kept() -> None:
    shown = Shown()
    shown.put((WINDOW, "w"), screen("order 1"))
    for number in range(MOST + 1):
        shown.put((CARD, str(number)), screen("order 1"))

    assert shown.find((CARD, "0")) is None
    assert shown.find((CARD, "1")) is not None
    assert shown.find((CARD, str(MOST))) is not None
    assert shown.find((WINDOW, "w")) is not None


def test_what_could_not_be_drawn_is_tried_again_until_it_is_enough() -> None:
    shown, one = Shown(), screen("order 1")
    shown.put((CARD, "a"), one)

    assert one.put_off() is True
    assert keys(shown) == []  # not at once
    with freeze_time(datetime.now(UTC) + timedelta(seconds=6)):
        assert keys(shown) == [(CARD, "a")]
    assert [one.put_off() for _ in range(MOST_TRIES - 1)][-1] is False
    shown.changed(["order 1"])  # news is drawn at once
    assert keys(shown) == [(CARD, "a")]


async def test_what_another_one_has_replaced_is_not_drawn_any_more() -> None:
    shown, older, newer = Shown(), screen("order 1"), screen("order 1")
    shown.put((CARD, "a"), older)
    shown.put((CARD, "a"), newer)

    assert await older.draw_now() is False
    assert await newer.draw_now() is True
    shown.forget((CARD, "a"))
    assert await newer.draw_now() is False
    shown.put((CARD, "a"), newer)  # back again
    assert await newer.draw_now() is True
