"""How fast one person may look things up, and decide: a few at once, then one after the other.

What comes faster is answered at once with words, and nothing is read for it. Looks hold up no
decision of the same person, and what is typed into an open form and its confirmation never waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from handlers.access.person import Person

AT_ONCE = 10
MOST_PEOPLE = 1000
TOO_FAST = (
    f"That was too much at once: {AT_ONCE}, then one every few seconds, so that everybody gets "
    "their turn. Nothing was done. Wait a moment, then try again."
)


class Pace:
    """Counts each person's looks and decisions; of whoever has rested nothing is kept.

    `pause_s` is the time after which one more is free; 0: as many as anybody likes.
    """

    def __init__(self, pause_s: float = 2.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause_s = pause_s
        self._clock = clock
        # By who looked first of all; True: of their decisions.
        self._rested_at: dict[tuple[Person, bool], float] = {}

    def is_too_fast(self, person: Person, *, decides: bool = False) -> bool:
        """Count a look, or a decision; True: it is one too many, and is not counted."""
        now = self._clock()
        rested_at = max(self._rested_at.get((person, decides), now), now)
        if rested_at - now > (AT_ONCE - 1) * self._pause_s:
            return True
        self._forget(now)
        self._rested_at[person, decides] = rested_at + self._pause_s
        return False

    def _forget(self, now: float) -> None:
        """Drop who has rested, and when there are still too many, whoever looked first."""
        if len(self._rested_at) < MOST_PEOPLE:
            return
        self._rested_at = {who: at for who, at in self._rested_at.items() if at > now}
        while len(self._rested_at) >= MOST_PEOPLE:
            del self._rested_at[next(iter(self._rested_at))]
