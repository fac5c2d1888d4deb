"""A running store on a port of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.sandbox.bigcommerce.store_client import SETTLEMENT_S, Client, Stores, stop


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(tmp_path / "data", tmp_path / "journal.jsonl")


@pytest.fixture
async def store(stores: Stores) -> AsyncIterator[Client]:
    client, runner = await stores()
    await client.control("settings", {"settlement_s": SETTLEMENT_S, "quota": 10_000})
    yield client
    await stop(client, runner)
