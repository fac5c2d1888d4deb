"""Who sees what at this moment, as far as it can be changed: cards, windows and Home tabs.

In memory alone: what changes a card is as good as a token. After a restart nothing is known of
them; a press on one answers with the state as it is then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

# Kinds of screens.
CARD, WINDOW, HOME = "card", "window", "home"
# What screens are about, besides a request by its reference and an order: any request at all; what
# is configured, or waits to be.
REQUESTS, RULES = "requests", "rules"
# Beyond so many of a kind, the ones that were opened first are forgotten.
MOST = 500
PUT_OFF = timedelta(seconds=5)
MOST_TRIES = 6

Key = tuple[str, str]  # the kind, and which of them


def order_subject(order_id: int) -> str:
    """Return an order as what a screen is about."""
    return f"order {order_id}"


@dataclass(slots=True, eq=False)
class Screen:
    """One screen, which is about these subjects until then.

    `draw` draws it anew where it is no longer true, and returns whether it is still there to be
    drawn; what it raises has it drawn again a little later. `is_stale`: it is to be drawn.
    `asked_at`: when somebody asked for it, as Slack tells it, in seconds; 0 where that is not told.
    """

    about: frozenset[str]
    until: datetime
    draw: Callable[[], Awaitable[bool]]
    asked_at: float = 0.0
    is_stale: bool = False
    is_busy: bool = False
    not_before: datetime | None = None
    tries: int = 0
    is_over: bool = False
    # One drawing at a time, or an older picture could be the last to arrive.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def draw_now(self) -> bool:
        """Draw it when it is its turn, unless another one has taken its place; see `draw`."""
        async with self.turn:
            return not self.is_over and await self.draw()

    def put_off(self) -> bool:
        """Have it drawn later. False: that was in vain too often."""
        self.tries += 1
        self.look_again(PUT_OFF)
        return self.tries < MOST_TRIES

    def look_again(self, after: timedelta) -> None:
        """Have it drawn after a while, or at once when anything changes."""
        self.is_stale, self.not_before = True, datetime.now(UTC) + after


class Shown:
    """The screens, by kind and name; each name has the newest one alone."""

    def __init__(self) -> None:
        """Know of none."""
        self._screens: dict[Key, Screen] = {}

    def put(self, key: Key, screen: Screen) -> None:
        """Keep a screen in place of an older one of this name."""
        was = self._screens.pop(key, None)
        if was is not None:
            screen.turn, was.is_over = was.turn, True
        screen.is_over = False
        of_kind = [each for each in self._screens if each[0] == key[0]]
        for each in of_kind[: max(0, len(of_kind) + 1 - MOST)]:
            del self._screens[each]
        self._screens[key] = screen

    def find(self, key: Key) -> Screen | None:
        """Return the screen, None where it is not known (any more)."""
        return self._screens.get(key)

    def forget(self, key: Key) -> None:
        """Forget a screen that shows something else now, or nothing."""
        if (was := self._screens.pop(key, None)) is not None:
            was.is_over = True

    def changed(self, subjects: Iterable[str]) -> None:
        """Have all drawn anew that is about one of the subjects."""
        about = frozenset(subjects)
        for screen in self._screens.values():
            if screen.about & about:
                screen.is_stale, screen.tries, screen.not_before = True, 0, None

    def stale(self) -> list[tuple[Key, Screen]]:
        """Return what is to be drawn now; what is too old to be changed is forgotten."""
        now = datetime.now(UTC)
        for key in [key for key, screen in self._screens.items() if screen.until <= now]:
            del self._screens[key]
        return [
            (key, screen)
            for key, screen in self._screens.items()
            if screen.is_stale
            and not screen.is_busy
            and (screen.not_before is None or screen.not_before <= now)
        ]
