"""The store's slow-moving facts, kept for some minutes: its name and zone, its categories.

Only for showing and choosing: nothing that decides about an order is ever kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.bigcommerce import (
    NOBODY,
    BigCommerceClient,
    Category,
    Channel,
    Currency,
    Order,
    Store,
    looks_of,
)

KEPT_S = 300.0
V = TypeVar("V")


class _Kept(Generic[V]):
    """A value that is read again when it is older than `KEPT_S`; one reading at a time."""

    def __init__(self, read: Callable[[], Awaitable[V]]) -> None:
        self._read = read
        self._lock = asyncio.Lock()
        self._value: V | None = None
        self._read_at = float("-inf")

    async def get(self) -> V:
        async with self._lock:
            if self._value is None or time.monotonic() - self._read_at > KEPT_S:
                with looks_of(NOBODY):  # all wait for it, whoever asked first
                    self._value = await self._read()
                self._read_at = time.monotonic()
            return self._value


class Catalogue:
    """Reads what forms offer to choose from, and answers a type-ahead from memory."""

    def __init__(self, store: BigCommerceClient) -> None:
        # Requests are held against these two and told with them; they are read once in a while.
        self._store = _Kept(store.money.get_store)
        self._categories = _Kept(store.get_categories)
        self._currencies = _Kept(store.money.get_currencies)
        self._channels = _Kept(store.get_storefronts)
        self._orders = _Kept(store.get_latest_orders)

    async def store(self) -> Store:
        """Return the store; BigCommerceError when it cannot be read."""
        return await self._store.get()

    async def currencies(self) -> list[Currency]:
        """Return the store's currencies; BigCommerceError when they cannot be read."""
        return await self._currencies.get()

    async def channels(self) -> list[Channel]:
        """Return the open storefronts; BigCommerceError when they cannot be read."""
        return await self._channels.get()

    async def latest_orders(self) -> list[Order]:
        """Return the newest orders, to tell what is usual; BigCommerceError."""
        return await self._orders.get()

    async def find_categories(self, query: str, *, limit: int = 100) -> list[Category]:
        """Return the categories whose path holds every word of the query, shortest path first."""
        words = query.casefold().split()
        found = [
            category
            for category in await self._categories.get()
            if all(word in category.path.casefold() for word in words)
        ]
        found.sort(key=lambda category: (len(category.path), category.path))
        return found[:limit]
