from __future__ import annotations

import pytest

from bot.actions.action import RuleBroken
from bot.actions.cancellations.cancel_and_refund import CANCEL_AND_REFUND, CancelAndRefund
from bot.actions.orders.marketplaces import find_marketplace, marketplace_of
from tests.bot.actions.builders import order
from tests.bot.actions.world import World


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, ""),
        ({"ebay_order_id": "0", "order_source": "www"}, ""),
        ({"ebay_order_id": None, "external_source": None}, ""),
        ({"ebay_order_id": "26-09431"}, "eBay"),
        ({"order_source": "amazon"}, "Amazon"),
        ({"order_source": "external", "external_source": "Marketplace (Walmart)"}, "Walmart"),
        ({"external_source": "POS (Square)"}, ""),
    ],
)
def test_an_order_tells_where_it_came_from(fields: dict[str, str], name: str) -> None:
    assert marketplace_of(order(**fields)) == name


async def sell_elsewhere(world: World) -> None:
    elsewhere = [
        {"name": "eBay", "type": "marketplace", "platform": "ebay"},
        {"name": "Amazon", "type": "marketplace", "platform": "amazon"},
        {"name": "Till", "type": "pos", "platform": "square"},
    ]
    await world.set(channels=["Fern and Fable", *elsewhere])


@pytest.mark.parametrize(("channel_id", "name"), [(2, "eBay"), (3, "Amazon"), (4, ""), (99, "")])
async def test_an_order_that_tells_nothing_is_known_by_its_channel(
    world: World, channel_id: int, name: str
) -> None:
    await sell_elsewhere(world)

    assert await find_marketplace(world.store, order(channel_id=channel_id)) == name


async def test_channels_that_may_not_be_read_tell_nothing(world: World) -> None:
    await world.break_next("GET channels", "no_scope")

    assert await find_marketplace(world.store, order(channel_id=2)) == ""


async def test_an_order_of_the_shop_itself_costs_no_call(world: World) -> None:
    await world.break_next("GET channels", "status", status=500, times=9)

    assert await find_marketplace(world.store, order(channel_id=1)) == ""


async def test_an_order_known_by_its_channel_alone_is_refunded_there(world: World) -> None:
    await sell_elsewhere(world)
    fields = {"order_source": "external", "external_source": None, "ebay_order_id": "0"}
    await world.break_next("GET orders/1072", "change", times=9, set=fields)

    with pytest.raises(RuleBroken, match="Order 1072 came from eBay"):
        await CANCEL_AND_REFUND.review(CancelAndRefund(order_id=1072, reason="x"), world.store)
