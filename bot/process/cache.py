"""A cache for answers that other systems give: each is read once at a time and kept for a while."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from cachetools import TTLCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Turn:
    """Whoever reads a key, and who waits for that; `is_outdated`: what is being read is no news."""

    __slots__ = ("__weakref__", "is_outdated", "lock")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.is_outdated = False


class Cache(Generic[K, V]):
    """What `read` answers for a key, for `ttl_s` seconds; of more than `most` the oldest goes.

    Who asks while the key is read waits for that answer; no other key makes anybody wait. What
    `read` raises goes to who asked and is not kept: the next one in turn reads again.
    """

    def __init__(
        self, read: Callable[[K], Awaitable[V]], *, ttl_s: float, most: int = 1000
    ) -> None:
        self._read = read
        # The clock is looked up with each use, so that tests can set it.
        self._kept: TTLCache[K, tuple[int, V]] = TTLCache(most, ttl_s, lambda: time.monotonic())
        self._turns: WeakValueDictionary[K, _Turn] = WeakValueDictionary()
        self._order = itertools.count()

    async def get(self, key: K, *, fresh: bool = False) -> V:
        """Return the answer; `fresh`: as read after this was asked, shared by all who ask so."""
        asked = next(self._order)
        turn = self._turns.setdefault(key, _Turn())
        async with turn.lock:
            kept = self._kept.get(key)
            if kept is not None and (not fresh or kept[0] > asked):
                return kept[1]
            turn.is_outdated = False
            begun = next(self._order)
            value = await self._read(key)
            if not turn.is_outdated:
                self._kept[key] = (begun, value)
            return value

    def forget(self, key: K) -> None:
        """Have it read again, also where a reading is under way: its answer may be of before."""
        self._kept.pop(key, None)
        if (turn := self._turns.get(key)) is not None:
            turn.is_outdated = True
