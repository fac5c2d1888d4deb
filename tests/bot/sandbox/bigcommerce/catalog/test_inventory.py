"""Stock: what is listed, relative adjustments and what they refuse, the store's own giving back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.bigcommerce.store_client import Answer, Client

RELATIVE = "/v3/inventory/adjustments/relative"


async def adjust(store: Client, *items: dict[str, Any], **more: Any) -> Answer:
    return await store.call("POST", RELATIVE, {"reason": "Test", "items": list(items), **more})


def row(quantity: int = 1, location_id: int = 1, **identity: Any) -> dict[str, Any]:
    return {"location_id": location_id, "quantity": quantity, **(identity or {"product_id": 101})}


async def level(store: Client, sku: str, location_id: int = 1) -> Any:
    return (await store.control("books"))["stock"][sku][str(location_id)]


async def shown(store: Client, product_id: int) -> int:
    items = (await store.get("/v3/inventory/items", product_id__in=product_id))["data"]
    return int(items[0]["locations"][0]["total_inventory_onhand"])


async def test_only_what_is_tracked_is_listed(store: Client) -> None:
    rows = (await store.get("/v3/inventory/items", product_id__in="102,105,108"))["data"]

    assert [each["identity"]["product_id"] for each in rows] == [102, 105]
    assert rows[0]["identity"]["sku_id"] is not None  # by variant
    assert rows[1]["identity"]["sku_id"] is None
    places = [(p["location_name"], p["location_enabled"]) for p in rows[1]["locations"]]
    assert places == [
        ("Default location", True),
        ("Warehouse “North & Sons”", True),
        ("Old barn", False),
    ]


async def test_items_are_found_by_place_and_come_in_pages(store: Client) -> None:
    at_warehouse = await store.get("/v3/inventory/items", location_id__in=2, limit=5)
    wrong = await store.call("GET", "/v3/inventory/items", colour="green")

    assert at_warehouse["meta"]["pagination"]["total"] == 17
    assert wrong.status == 422


async def test_a_change_counts_at_once_and_shows_later(store: Client) -> None:
    before = await shown(store, 101)
    await store.control("settings", {"stock_delay_s": 3600})

    answer = await adjust(store, row(2))

    assert (answer.status, list(answer.body)) == (200, ["transaction_id"])
    assert await shown(store, 101) == before
    assert await level(store, "FF-101") == before + 2
    [change] = (await store.control("books"))["stock_changes"]
    assert (change["by"], change["reason"]) == ("api", "Test")


async def test_without_a_delay_a_change_shows_at_once(store: Client) -> None:
    before = await shown(store, 101)
    await store.control("settings", {"stock_delay_s": 0})

    await adjust(store, row(2))
    await adjust(store, row(-1))

    assert await shown(store, 101) == before + 1


@pytest.mark.parametrize(
    ("wrong", "title"),
    [
        (row(variant_id=601), "is tracked by product, please update stock by product id"),
        (row(product_id=102), "is tracked by variant, please update stock by variant id"),
        (row(product_id=113), "[product_id 113] requires absolute adjustment before relative"),
        (row(product_id=108), "was not found"),
        (row(location_id=3, product_id=105), "disabled"),
        (row(location_id=9), "was not found"),
        (row(-99), "insufficient stock"),
        (row(2**31), "exceeds the inventory limit"),
        (row(sku="FF-101", product_id=101), "invalid fields"),
        ({**row(), "quantity": "1"}, "invalid fields"),
        ({"location_id": 1, "product_id": 101}, "invalid fields"),
    ],
)
async def test_what_is_refused_changes_nothing_at_all(
    store: Client, wrong: dict[str, Any], title: str
) -> None:
    before = await level(store, "FF-102")

    answer = await adjust(store, row(variant_id=602), wrong)

    assert answer.status == 422
    assert title in answer.body["title"]
    assert isinstance(answer.body["errors"], dict)
    assert await level(store, "FF-102") == before


@pytest.mark.parametrize(
    "body",
    [{"items": []}, {"reason": "x"}, {"items": [row()], "reason": 7}, {"items": [row()] * 2001}],
)
async def test_a_request_without_sense_is_refused(store: Client, body: dict[str, Any]) -> None:
    assert (await store.call("POST", RELATIVE, body)).status == 422


async def test_an_unknown_field_is_refused(store: Client) -> None:
    assert (await adjust(store, row(), note="?")).status == 422


async def test_stock_needs_its_own_scope(store: Client) -> None:
    answer = await store.call("GET", "/v3/inventory/items", token=store.store.limited_token)

    assert answer.status == 403


async def test_a_channel_without_a_setting_follows_the_store(store: Client) -> None:
    path = "/v3/settings/inventory"
    await store.control("settings", {"refund_order_stock_adjustment": True})

    of_store = (await store.get(path))["data"]
    of_channel = (await store.get(path, channel_id=1))["data"]

    assert of_store["refund_order_stock_adjustment"] is True
    assert of_store["update_stock_behavior"] == "order_placed"
    assert set(of_channel.values()) == {None}


@pytest.mark.parametrize(("is_on", "given_back"), [(True, 2), (False, 0)])
async def test_the_store_gives_stock_back_by_itself_once_where_it_is_set_to(
    store: Client, is_on: bool, given_back: int
) -> None:
    await store.control("settings", {"refund_order_stock_adjustment": is_on})
    before = await level(store, "FF-101")

    for status_id in (14, 4, 5):  # partly refunded does not count
        await store.control("order", {"order_id": 1042, "status_id": status_id})

    assert await level(store, "FF-101") == before + given_back
