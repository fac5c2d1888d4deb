"""How a refund shows: under which event, and in which order the fields of the order follow."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.bot.sandbox.bigcommerce.store_client import SETTLEMENT_S, Client, Stores, item, stop


async def shown(store: Client) -> tuple[str, int]:
    order = await store.truth(1042)
    return order["payment_status"], order["status_id"]


@pytest.mark.parametrize(
    ("named", "events"),
    [
        ("refund", ["purchase", "refund"]),
        ("void", ["purchase", "void"]),
        ("settled", ["purchase", "settled"]),
        ("none", ["purchase"]),
    ],
)
async def test_a_gateway_has_its_own_name_for_a_refund_or_none(
    store: Client, named: str, events: list[str]
) -> None:
    await store.control("settings", {"refund_transactions": named})

    await store.refund(1042, *await store.everything(1042))

    order = await store.settled(1042)
    rows = (await store.get("/v3/orders/1042/transactions"))["data"]
    assert [row["event"] for row in rows] == events
    assert (order["payment_status"], order["status_id"]) == ("refunded", 4)


@pytest.mark.parametrize(
    ("lag", "first"),
    [
        ({"payment_status_lag_s": 60}, ("captured", 14)),
        ({"status_lag_s": 60}, ("partially refunded", 11)),
        ({"payment_status_lag_s": 60, "status_lag_s": 60}, ("captured", 11)),
    ],
)
async def test_the_orders_fields_follow_at_their_own_time(
    store: Client, lag: dict[str, Any], first: tuple[str, int]
) -> None:
    await store.control("settings", lag)
    await store.refund(1042, item("ORDER", 1042, amount=5))
    await store.settled(1042)

    before = await shown(store)
    await store.control("settle", {})

    assert before == first
    assert await shown(store) == ("partially refunded", 14)


async def test_what_is_late_comes_after_a_restart_and_over_what_a_person_set(
    stores: Stores,
) -> None:
    client, runner = await stores()
    await client.control("settings", {"settlement_s": SETTLEMENT_S, "status_lag_s": 0.2})
    await client.refund(1042, item("ORDER", 1042, amount=5))
    await client.settled(1042)
    await client.control("order", {"order_id": 1042, "status_id": 9})
    await stop(client, runner)

    client, runner = await stores()
    async with asyncio.timeout(30):
        while await shown(client) != ("partially refunded", 14):  # noqa: ASYNC110 - over a socket
            await asyncio.sleep(0.01)
    await stop(client, runner)


async def test_any_status_can_be_set_after_a_refund(store: Client) -> None:
    await store.refund(1042, *await store.everything(1042))
    await store.settled(1042)

    cancelled = await store.call("PUT", "/v2/orders/1042", {"status_id": 5})

    assert (cancelled.status, cancelled.body["status_id"]) == (200, 5)
    assert await shown(store) == ("refunded", 5)
