"""The store's slow-moving facts, kept for some minutes: its name and zone, its categories.

Only for showing and choosing: nothing that decides about an order is ever kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.bigcommerce.catalogue import SalesChannel
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.quota import NOBODY, looks_of
from bot.bigcommerce.models import Category, Currency, Order, Store
from bot.process.cache import Cache

TTL_S = 300.0
V = TypeVar("V")


class Catalogue:
    """Reads what forms offer to choose from, and answers a type-ahead from memory."""

    def __init__(self, store: BigCommerceClient) -> None:
        # Requests are held against these two and told with them; they are read once in a while.
        self._store = _kept(store.money.info.get)
        self._categories = _kept(store.catalog.categories)
        self._currencies = _kept(store.money.info.currencies)
        self._channels = _kept(store.channels.storefronts)
        self._orders = _kept(store.orders.latest)

    async def store(self) -> Store:
        """Return the store; BigCommerceError when it cannot be read."""
        return await self._store.get(None)

    async def currencies(self) -> list[Currency]:
        """Return the store's currencies; BigCommerceError when they cannot be read."""
        return await self._currencies.get(None)

    async def channels(self) -> list[SalesChannel]:
        """Return the open storefronts; BigCommerceError when they cannot be read."""
        return await self._channels.get(None)

    async def latest_orders(self) -> list[Order]:
        """Return the newest orders, to tell what is usual; BigCommerceError."""
        return await self._orders.get(None)

    async def find_categories(self, query: str, *, limit: int = 100) -> list[Category]:
        """Return the categories whose path holds every word of the query, shortest path first."""
        words = query.casefold().split()
        found = [
            category
            for category in await self._categories.get(None)
            if all(word in category.path.casefold() for word in words)
        ]
        found.sort(key=lambda category: (len(category.path), category.path))
        return found[:limit]


def _kept(read: Callable[[], Awaitable[V]]) -> Cache[None, V]:
    """Return the one answer of `read`, kept."""

    async def read_for_all(_: None) -> V:
        with looks_of(NOBODY):  # all wait for it, whoever asked first
            return await read()

    return Cache(read_for_all, ttl_s=TTL_S)
