"""Stock as the client reads and adjusts it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import MissingScope, NoAnswer, Refused
from bot.bigcommerce.inventory import StockAdjustment, StockSettings
from tests.bot.actions.world import World, client, open_world
from tests.bot.bigcommerce.scripted_store import DROP, Reply, ScriptedStore

ONE_FERN = StockAdjustment(location_id=1, product_id=101, quantity=1)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


async def test_tracked_items_come_with_their_places(world: World) -> None:
    items = await world.store.inventory.items([105, 102, 108, 102])

    assert [(item.product_id, item.variant_id, item.sku_id is None) for item in items] == [
        (102, 602, False),
        (105, 605, True),
    ]
    assert [(place.location_id, place.on_hand, place.enabled) for place in items[1].places] == [
        (1, 18, True),
        (2, 40, True),
        (3, 3, False),
    ]


async def test_nothing_is_asked_about_no_products(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    assert await client.inventory.items([]) == []
    assert store.arrived == []


async def test_levels_are_adjusted_by_product_and_by_variant(world: World) -> None:
    of_variant = StockAdjustment(location_id=1, product_id=102, variant_id=602, quantity=2)

    await world.store.inventory.adjust([ONE_FERN, of_variant], reason="Order 1042 [MG-1]")

    [change] = (await world.books())["stock_changes"]
    assert change["reason"] == "Order 1042 [MG-1]"
    assert [(move["sku"], move["quantity"]) for move in change["moves"]] == [
        ("FF-101", 1),
        ("FF-102", 2),
    ]


async def test_a_refused_adjustment_says_why(world: World) -> None:
    wrong = StockAdjustment(location_id=1, product_id=113, quantity=1)

    with pytest.raises(Refused, match="422") as caught:
        await world.store.inventory.adjust([ONE_FERN, wrong], reason="x")

    assert "requires absolute adjustment before relative" in caught.value.reason
    assert (await world.books())["stock_changes"] == []


async def test_an_adjustment_is_never_sent_twice(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.answers(DROP)

    with pytest.raises(NoAnswer):
        await client.inventory.adjust([ONE_FERN], reason="x")

    assert len(store.arrived) == 1


async def test_a_missing_scope_is_named(world: World) -> None:
    limited = client(world.url, world.sandbox, token=world.sandbox.limited_token)

    with pytest.raises(MissingScope, match="403") as reading:
        await limited.inventory.items([101])
    with pytest.raises(MissingScope) as writing:
        await limited.inventory.adjust([ONE_FERN], reason="x")

    assert "Store Inventory: read-only" in reading.value.reason
    assert "Store Inventory: modify" in writing.value.reason
    await limited.close()


@pytest.mark.parametrize(
    ("settings", "gives_back"),
    [
        ({"refund_order_stock_adjustment": False}, False),
        ({"refund_order_stock_adjustment": True}, True),
        ({"refund_order_stock_adjustment": False, "channel_stock_adjustment": True}, True),
        ({"refund_order_stock_adjustment": True, "channel_stock_adjustment": False}, True),
        ({"refund_order_stock_adjustment": False, "channel_stock_adjustment": False}, False),
        ({"refund_order_stock_adjustment": None}, None),
        ({"refund_order_stock_adjustment": None, "channel_stock_adjustment": False}, None),
    ],
)
async def test_whether_the_store_gives_back_by_itself_is_read_on_the_safe_side(
    world: World, settings: dict[str, Any], gives_back: bool | None
) -> None:
    await world.set(**settings)

    found = await world.store.inventory.settings(1)

    assert found == StockSettings(gives_back=gives_back, takes_when_shipped=False)


async def test_when_the_store_takes_stock_is_read(world: World) -> None:
    await world.set(update_stock_behavior="order_completed_or_shipped")

    assert (await world.store.inventory.settings(1)).takes_when_shipped is True


@pytest.mark.parametrize("data", [{}, {"refund_order_stock_adjustment": "yes"}])
async def test_settings_that_are_not_there_or_not_understood_are_unknown(
    store: ScriptedStore, client: BigCommerceClient, data: dict[str, Any]
) -> None:
    store.always = Reply(200, {"data": data, "meta": {}})

    assert await client.inventory.settings(1) == StockSettings()


async def test_settings_that_are_no_object_are_no_answer(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(200, {"data": [], "meta": {}})

    with pytest.raises(NoAnswer):
        await client.inventory.settings(1)
