"""What an agent is offered to put back to stock, and what is left alone on the safe side."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions.orders.snapshot import load_snapshot
from bot.actions.restocking.stock import find_item, offer_stock, places_of
from bot.bigcommerce.inventory import InventoryItem
from bot.bigcommerce.models import OrderLine
from tests.bot.actions.world import World, client


async def names(world: World, order_id: int) -> tuple[list[list[str]], str]:
    """Return the names of each line's places, and why there are none."""
    snapshot = await load_snapshot(world.store, order_id)
    offer = await offer_stock(snapshot, world.store)
    places = [offer.places.get(line.id, ()) for line in snapshot.lines]
    return [[place.name for place in each] for each in places], offer.why_not


async def test_tracked_lines_are_offered_where_stock_can_be_changed(world: World) -> None:
    places, why_not = await names(world, 1018)  # a planter at three places, one of them closed

    assert places == [["Default location", "Warehouse “North & Sons”"], ["Default location"]]
    assert why_not == ""


async def test_what_is_not_sent_or_not_tracked_is_not_offered(world: World) -> None:
    places, why_not = await names(world, 1015)

    assert places == [[]]
    assert why_not == "BigCommerce tracks no stock for these items."


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"refund_order_stock_adjustment": True}, "gives stock back by itself"),
        ({"channel_stock_adjustment": True}, "gives stock back by itself"),
        ({"refund_order_stock_adjustment": None}, "cannot be told"),
        ({"update_stock_behavior": "order_completed_or_shipped"}, "takes stock when"),
    ],
)
async def test_the_stores_settings_keep_makegood_from_it(
    world: World, settings: dict[str, Any], words: str
) -> None:
    await world.set(**settings)

    places, why_not = await names(world, 1042)

    assert places == [[], [], []]
    assert words in why_not


async def test_stock_that_was_taken_on_shipping_can_go_back_after_it(world: World) -> None:
    await world.set(update_stock_behavior="order_completed_or_shipped")

    places, why_not = await names(world, 1007)

    assert (places, why_not) == ([["Default location"], ["Default location"]], "")


async def test_stock_that_cannot_be_read_is_not_offered(world: World) -> None:
    snapshot = await load_snapshot(world.store, 1042)
    limited = client(world.url, world.sandbox, token=world.sandbox.limited_token)

    without_scope = await offer_stock(snapshot, limited)
    await world.break_next("GET inventory/items", "status", times=9)
    in_trouble = await offer_stock(snapshot, world.store)

    assert "lacks Store Inventory" in without_scope.why_not
    assert "cannot be read just now" in in_trouble.why_not
    await limited.close()


def line(**fields: Any) -> OrderLine:
    return OrderLine.model_validate(
        {"id": 1, "name": "Fern", "quantity": 1, "product_id": 7, "variant_id": 70, **fields}
    )


def item(**identity: Any) -> InventoryItem:
    return InventoryItem.model_validate(
        {"identity": {"product_id": 7, **identity}, "locations": []}
    )


OWN, OTHER = item(variant_id=70, sku_id=5), item(variant_id=71, sku_id=6)
BASE = item(variant_id=72, sku_id=None)


@pytest.mark.parametrize(
    ("of", "items", "found"),
    [
        (line(), [OTHER, OWN], OWN),
        (line(), [OTHER], None),
        (line(), [BASE], BASE),  # tracked by product: whatever the variant
        (line(), [BASE, OTHER], None),
        (line(variant_id=72), [BASE], BASE),
        (line(product_id=0), [BASE], None),
        (line(product_id=8), [BASE], None),
        (line(type="digital"), [OWN], None),
        (line(type="giftcertificate"), [OWN], None),
    ],
)
def test_a_line_is_found_by_its_variant_or_its_product(
    of: OrderLine, items: list[InventoryItem], found: InventoryItem | None
) -> None:
    assert find_item(of, items) == found


def test_a_place_that_is_told_twice_is_offered_once() -> None:
    place = {"location_id": 1, "location_name": "Warehouse", "location_enabled": True}
    item = InventoryItem.model_validate(
        {
            "identity": {"product_id": 101, "variant_id": 601, "sku_id": None},
            "locations": [place, place],
        }
    )

    assert [each.name for each in places_of(item)] == ["Warehouse"]
