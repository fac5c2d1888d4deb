"""State, journal and seed: what stays, what is written down, what the shop opens with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.sandbox.bigcommerce.seed.shop import plant
from tests.bot.sandbox.bigcommerce.store_client import Client, Stores, item, stop


async def test_the_books_survive_a_restart_and_reset_starts_over(stores: Stores) -> None:
    client, runner = await stores()
    await client.control("settings", {"settlement_s": 60})
    await client.refund(1042, item("ORDER", 1042, amount=5), reason="kept")
    await stop(client, runner)

    client, runner = await stores()
    kept = await client.truth(1042)
    await stop(client, runner)
    client, runner = await stores(reset=True)
    fresh = await client.truth(1042)
    await stop(client, runner)

    assert [refund["reason"] for refund in kept["refunds"]] == ["kept"]
    assert fresh["refunds"] == []


async def test_what_was_on_its_way_settles_after_a_restart(stores: Stores) -> None:
    client, runner = await stores()
    await client.control("settings", {"settlement_s": 0.1})
    await client.refund(1042, item("ORDER", 1042, amount=5))
    await client.call("POST", "/v3/orders/1026/payment_actions/void")
    await stop(client, runner)

    client, runner = await stores()
    order, voided = await client.settled(1042), await client.settled(1026)
    await stop(client, runner)

    assert order["payment_status"] == "partially refunded"
    assert voided["payment_status"] == "void"


async def test_a_damaged_file_is_named_and_not_overwritten(stores: Stores) -> None:
    stores.data.mkdir()
    (stores.data / "store.json").write_text("{", encoding="utf-8")

    with pytest.raises(ValueError, match=r"store\.json is not readable"):
        await stores()

    assert (stores.data / "store.json").read_text(encoding="utf-8") == "{"


async def test_the_journal_has_one_line_for_each_exchange(stores: Stores, store: Client) -> None:
    await store.call("GET", "/v3/catalog/trees/categories", name__like="bath", limit=5)
    await store.call("PUT", "/v2/orders/1042", {"status_id": 9})
    await store.call("GET", "/v2/orders", page=9)

    text = stores.journal.read_text(encoding="utf-8")
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    path = f"/stores/{store.store.store_hash}"
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", f"{path}/v3/catalog/trees/categories", 200),
        ("PUT", f"{path}/v2/orders/1042", 200),
        ("GET", f"{path}/v2/orders", 204),
    ]
    assert lines[0]["query"] == {"name:like": "bath", "limit": "5"}
    assert lines[1]["request"] == {"status_id": 9}
    assert lines[1]["response"]["id"] == 1042
    assert (lines[2]["request"], lines[2]["response"]) == (None, None)
    assert lines[0]["request_headers"]["x-auth-token"] == "***"
    assert store.store.access_token not in text


def test_one_seed_always_opens_the_same_shop() -> None:
    assert plant(1) == plant(1)
    assert plant(1) != plant(2)


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_the_shop_has_an_order_of_every_kind(seed: int) -> None:
    orders = plant(seed).orders

    tags = {tag for order in orders.values() for tag in order.tags}
    assert list(orders) == list(range(1001, 1077))
    assert {order.status_id for order in orders.values()} == set(range(15))
    assert len(orders[1012].lines) == 60
    assert tags >= {
        *("60_lines", "wrapping", "handling", "fee", "digital", "bundle", "guest", "offline"),
        *("split_tender", "store_credit", "authorised", "partially_refunded", "archived"),
        *("second_currency", "disputed", "held_for_review", "discount", "two_addresses"),
        *("name_ampersand", "name_mention", "name_emoji", "name_right_to_left"),
    }


async def test_the_control_api_lists_orders_with_their_tags(store: Client) -> None:
    rows = {row["id"]: row for row in await store.control("orders")}

    assert rows[1042] == {
        "id": 1042,
        "status": "Awaiting Fulfillment",
        "status_id": 11,
        "payment_status": "captured",
        "customer": "Maya Lindqvist",
        "total": "154.10",
        "currency": "USD",
        "tags": ["plain"],
    }


async def test_another_app_can_change_an_order(store: Client) -> None:
    await store.control("order", {"order_id": 1042, "status_id": 2, "refund_amount": "4.10"})

    order = await store.truth(1042)
    assert order["status_id"] == 2
    assert [refund["total"] for refund in order["refunds"]] == ["4.10"]
    assert {change["by"] for change in order["history"]} == {"gateway", "another app"}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("order", {"order_id": 5}),
        ("order", {"order_id": 1042, "status_id": 99}),
        ("order", {"order_id": 1030, "refund_amount": "1"}),
        ("faults", {"kind": "earthquake"}),
        ("settings", {"quota": "many"}),
        ("settings", {"colour": "green"}),
    ],
)
async def test_a_wrong_control_call_says_what_is_wrong(
    store: Client, name: str, body: dict[str, Any]
) -> None:
    answer = await store.control(name, body)

    assert answer["ok"] is False
    assert answer["error"]
