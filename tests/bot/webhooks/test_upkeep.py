"""When hooks are looked at: at the start, each day, when deliveries have fallen silent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from bot.bigcommerce.client import BigCommerceClient
from bot.webhooks.setup import look_up, switch_hooks_on
from bot.webhooks.upkeep import HookUpkeep
from tests.support.running import SandboxOnly

ADDRESS = "https://makegood.example/webhooks"
START = datetime(2026, 11, 23, 12, tzinfo=UTC)


class World:
    def __init__(self, sandbox: SandboxOnly, store: BigCommerceClient) -> None:
        self.sandbox, self.store = sandbox, store
        self.last_delivery: datetime | None = None
        self.upkeep = HookUpkeep(
            store, ADDRESS, "s3cret", last_delivery=lambda: self.last_delivery, every_s=1
        )

    async def look(self, after: timedelta) -> bool:
        with freeze_time(START + after, real_asyncio=True):
            return await self.upkeep.look()

    async def count_on(self) -> int:
        return len((await look_up(self.store, ADDRESS, "s3cret")).active)

    async def switch_all_off(self) -> None:
        await self.sandbox.workspace.post("store/hooks-off")


@pytest.fixture
async def world(sandbox_only: SandboxOnly) -> AsyncIterator[World]:
    settings = sandbox_only.environment()
    client = BigCommerceClient(
        store_hash=settings["BIGCOMMERCE_STORE_HASH"],
        access_token=settings["BIGCOMMERCE_ACCESS_TOKEN"],
        api_url=settings["BIGCOMMERCE_API_URL"],
        retry_waits_s=(0.01,),
    )
    await switch_hooks_on(client, ADDRESS, "s3cret")
    yield World(sandbox_only, client)
    await client.close()


async def test_they_are_looked_at_at_the_start_and_each_day(world: World) -> None:
    await world.switch_all_off()
    assert await world.look(timedelta())
    assert await world.count_on() == 6

    await world.switch_all_off()
    world.last_delivery = START + timedelta(hours=23)
    assert not await world.look(timedelta(hours=23, minutes=59))
    assert await world.count_on() == 0
    assert await world.look(timedelta(days=1))
    assert await world.count_on() == 6


async def test_they_are_looked_at_when_deliveries_fall_silent(world: World) -> None:
    await world.look(timedelta())
    await world.switch_all_off()
    world.last_delivery = START + timedelta(hours=2)

    assert not await world.look(timedelta(hours=2, minutes=59))
    assert await world.look(timedelta(hours=3))
    assert await world.count_on() == 6


async def test_what_could_not_be_looked_at_is_in_some_minutes(world: World) -> None:
    fault = {"match": "GET hooks", "kind": "status", "status": 401}
    await world.sandbox.workspace.store_fault(**fault)
    await world.switch_all_off()

    assert await world.look(timedelta())
    assert await world.count_on() == 0
    assert not await world.look(timedelta(minutes=4))
    assert await world.look(timedelta(minutes=5))
    assert await world.count_on() == 6
