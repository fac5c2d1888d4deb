from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.bigcommerce.client import BigCommerceClient
from tests.bot.bigcommerce.scripted_store import ScriptedStore, connected


@pytest.fixture
async def store() -> AsyncIterator[ScriptedStore]:
    async with ScriptedStore().serving() as scripted:
        yield scripted


@pytest.fixture
async def client(store: ScriptedStore) -> AsyncIterator[BigCommerceClient]:
    async with connected(store.url) as connected_client:
        yield connected_client
