"""The store's request quota, which all its apps share: who may start a call, and who first.

https://developer.bigcommerce.com/docs/start/best-practices/api-rate-limits: every answer tells how
much of the window's quota is left and when the window ends.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum


class Share(IntEnum):
    """What a call is for; the first goes before the others.

    MONEY: what writes, and what is read around it. LOOK: what a person waits for. BACKGROUND:
    nobody waits for it.
    """

    MONEY = 0
    LOOK = 1
    BACKGROUND = 2


# The part of the quota that is left alone at the beginning of a window, for the store's other apps
# and for whoever goes first. It shrinks as the window passes, for what is left at its end is lost.
KEPT_BACK = {Share.MONEY: 0.05, Share.LOOK: 0.25, Share.BACKGROUND: 0.5}
# Calls under way. Together they are fewer than the connections that are kept (100), so that no call
# which has its turn waits for another one's connection.
AT_ONCE = {Share.MONEY: 60, Share.LOOK: 24, Share.BACKGROUND: 8}
# One person's looks: how many at once, which part of a window's quota, and how many may wait.
PERSON_AT_ONCE = 8
PERSON_PART = 0.5
PERSON_WAITING = 100
# Servers tell the end of one window with some milliseconds of difference.
SAME_WINDOW_S = 0.1
USUAL_WINDOW_S = 30.0
SHORTEST_WAIT_S = 0.01
NOBODY = ""

_looking: ContextVar[str] = ContextVar("looking", default=NOBODY)


@contextmanager
def looks_of(person_id: str) -> Iterator[None]:
    """Count the looks that are made inside, and in tasks begun there, as this person's.

    NOBODY: they are shared by all, as what is kept for everybody.
    """
    token = _looking.set(person_id)
    try:
        yield
    finally:
        _looking.reset(token)


class OverQuota(Exception):
    """The turn would come later than the caller may wait."""


class OverShare(OverQuota):
    """One person has asked for more than can wait, or than their part of the window."""


@dataclass(eq=False, slots=True)
class _Place:
    """Somebody who waits for a turn."""

    person_id: str
    until: float
    started: asyncio.Future[None]

    def refuse(self, error: OverQuota) -> None:
        if not self.started.done():
            self.started.set_exception(error)


class _Line:
    """Those who wait in one share: one person after the other, each first come, first served."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._places: OrderedDict[str, deque[_Place]] = OrderedDict()
        self._under_way: Counter[str] = Counter()
        self._had: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._places)

    @property
    def under_way(self) -> int:
        return self._under_way.total()

    def begin_window(self) -> None:
        self._had.clear()

    def add(self, place: _Place) -> None:
        waiting = self._places.setdefault(place.person_id, deque())
        if place.person_id and len(waiting) >= PERSON_WAITING:
            raise OverShare
        waiting.append(place)

    def leave(self, place: _Place) -> None:
        waiting = self._places.get(place.person_id)
        if waiting is not None and place in waiting:
            waiting.remove(place)
            if not waiting:
                del self._places[place.person_id]

    def begin_next(self, part: float) -> bool:
        """Give the next one its turn; False when nobody who waits may have one now."""
        if self.under_way >= self._at_once:
            return False
        person_id = next((each for each in self._places if not self._has_enough(each, part)), None)
        if person_id is None:
            return False
        waiting = self._places[person_id]
        place = waiting.popleft()
        if waiting:
            self._places.move_to_end(person_id)
        else:
            del self._places[person_id]
        self._under_way[person_id] += 1
        self._had[person_id] += 1
        place.started.set_result(None)
        return True

    def end(self, person_id: str) -> None:
        self._under_way[person_id] -= 1
        if self._under_way[person_id] <= 0:
            del self._under_way[person_id]

    def refuse(self, before: float, error: OverQuota, *, part: float = 0) -> None:
        """Refuse whom a turn at that time does not help; with a part only who has had theirs."""
        late = [
            place
            for person_id, waiting in self._places.items()
            if not part or (person_id and self._had[person_id] >= part)
            for place in waiting
            if place.until < before
        ]
        for place in late:
            self.leave(place)
            place.refuse(error)

    def has_had(self, part: float) -> bool:
        """Tell whether somebody waits who has had their part of the window."""
        return any(person_id and self._had[person_id] >= part for person_id in self._places)

    def _has_enough(self, person_id: str, part: float) -> bool:
        return bool(person_id) and (
            self._under_way[person_id] >= PERSON_AT_ONCE or self._had[person_id] >= part
        )


class Limits:
    """What is known about the current window. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._quota = 0  # 0: not known yet, or without limit
        self._left = 0
        self._window_s = USUAL_WINDOW_S
        # The window that was heard of last ends between these two: when the store told how much
        # time is left lies between sending and the answer, which a busy process reads late.
        self._earliest_end = self._latest_end = -math.inf
        self._ends_at = -math.inf
        self._closed_until = 0.0
        self._lines = {share: _Line(AT_ONCE[share]) for share in Share}
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, share: Share, *, until: float) -> AsyncIterator[None]:
        """Wait for a place in the window, and hold it as long as the call runs.

        Raises OverQuota as soon as it is clear that the place would come after `until` (on the
        clock), or when too much of one person waits already.
        """
        person_id = _looking.get() if share is Share.LOOK else NOBODY
        await self._wait(share, person_id, until)
        try:
            yield
        finally:
            self._end(share, person_id)

    def observe(self, headers: Mapping[str, str], *, sent_at: float) -> None:
        """Take in what an answer says about the window. Unreadable headers say nothing.

        `sent_at` is the moment (on the clock) before its call was sent.
        """
        left = number(headers, "x-rate-limit-requests-left")
        quota = number(headers, "x-rate-limit-requests-quota")
        reset_ms = number(headers, "x-rate-limit-time-reset-ms")
        if left is None or quota is None or reset_ms is None:
            return
        earliest = sent_at + reset_ms / 1000
        latest = self._clock() + reset_ms / 1000
        # With another plan the quota changes, and what is left of it, in the middle of a window.
        if earliest > self._latest_end + SAME_WINDOW_S or int(quota) != self._quota:
            if self._is_heard_of:  # else it is the one that was expected
                self._begin_window()
            self._left, self._ends_at = int(left), latest
            self._earliest_end, self._latest_end = earliest, latest
        elif latest >= self._earliest_end - SAME_WINDOW_S:
            if self._is_heard_of:  # else that window is over, and this answer late
                # Answers may overtake each other: within a window the quota only shrinks.
                self._left = min(self._left, int(left))
                self._ends_at = min(self._latest_end, latest)
            self._earliest_end = max(self._earliest_end, earliest)
            self._latest_end = min(self._latest_end, latest)
        # Else it is a late answer of a window before.
        self._quota = int(quota)
        window_ms = number(headers, "x-rate-limit-time-window-ms")
        self._window_s = window_ms / 1000 if window_ms else USUAL_WINDOW_S

    def close(self, wait_s: float) -> None:
        """Let nobody start before `wait_s` have passed: a 429 came with its time."""
        self._closed_until = max(self._closed_until, self._clock() + wait_s)

    async def _wait(self, share: Share, person_id: str, until: float) -> None:
        place = _Place(person_id, until, asyncio.get_running_loop().create_future())
        self._lines[share].add(place)
        self._start_some()
        try:
            async with asyncio.timeout(max(0.0, until - self._clock())):
                await place.started
        except BaseException as error:
            self._give_up(share, place)
            if isinstance(error, TimeoutError):
                raise OverQuota from error
            raise

    def _give_up(self, share: Share, place: _Place) -> None:
        """Take back the place of a caller who has gone, also when it has just got its turn."""
        started = place.started
        if started.cancelled() or not started.done() or started.exception() is not None:
            self._lines[share].leave(place)
        else:
            self._end(share, place.person_id)

    def _end(self, share: Share, person_id: str) -> None:
        self._lines[share].end(person_id)
        self._start_some()

    def _start_some(self) -> None:
        """Give turns to whoever may start now, and look again when the next one may."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waits = [wait_s for share in Share if (wait_s := self._start_of(share)) is not None]
        if waits:
            self._timer = asyncio.get_running_loop().call_later(min(waits), self._start_some)

    def _start_of(self, share: Share) -> float | None:
        """Give turns to those of a share who may start now; return when to look again.

        None: nobody waits for anything but the end of calls under way.
        """
        line, now, part = self._lines[share], self._clock(), self._part_of_person
        while line:
            if (wait_s := self._wait_s(share)) > 0:
                line.refuse(now + wait_s, OverQuota())
                return wait_s if line else None
            if not line.begin_next(part):
                break
        if not line or not line.has_had(part):
            return None
        left_s = max(self._ends_at - now, SHORTEST_WAIT_S)
        line.refuse(now + left_s, OverShare(), part=part)
        return left_s if line else None

    @property
    def _part_of_person(self) -> float:
        """How many calls of a window one person's looks may take."""
        return max(1, self._quota * PERSON_PART) if self._quota else math.inf

    @property
    def _is_heard_of(self) -> bool:
        """Whether the present window is one that the store has told of, and not only expected."""
        return self._ends_at == self._latest_end

    def _begin_window(self) -> None:
        for line in self._lines.values():
            line.begin_window()

    def _wait_s(self, share: Share) -> float:
        now = self._clock()
        if now < self._closed_until:
            return self._closed_until - now
        if not self._quota:
            return 0
        if now >= self._ends_at:
            # A window has ended and the next has not been heard of: it is full until then.
            self._left, self._ends_at = self._quota, now + self._window_s
            self._begin_window()
        free = self._left - sum(line.under_way for line in self._lines.values())
        left_s = self._ends_at - now
        kept_back = self._quota * KEPT_BACK[share]
        if free > kept_back * min(1.0, left_s / self._window_s):
            return 0
        # The part that is kept back shrinks to what is free when so much of the window is left.
        free_at_s = self._window_s * max(0, free) / kept_back
        return max(left_s - free_at_s, SHORTEST_WAIT_S)


def number(headers: Mapping[str, str], name: str) -> float | None:
    """Return the header as a number of at least 0, or None."""
    try:
        value = float(headers.get(name, ""))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
