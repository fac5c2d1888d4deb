"""Payments that are only authorised: given up, some time after the answer."""

from __future__ import annotations

from tests.bot.sandbox.bigcommerce.store_client import Client


async def test_a_void_is_scheduled_and_leaves_the_status_alone(store: Client) -> None:
    answer = await store.call("POST", "/v3/orders/1026/payment_actions/void")
    again = await store.call("POST", "/v3/orders/1026/payment_actions/void")

    assert (answer.status, answer.body) == (201, {})
    assert again.status == 422
    order = await store.settled(1026)
    assert (order["status_id"], order["payment_status"]) == (7, "void")
    rows = (await store.get("/v3/orders/1026/transactions"))["data"]
    assert [row["event"] for row in rows] == ["authorization", "void"]


async def test_a_void_that_fails_falls_back_to_authorized(store: Client) -> None:
    await store.control("faults", {"match": "POST void", "kind": "decline"})

    await store.call("POST", "/v3/orders/1026/payment_actions/void")

    assert (await store.settled(1026))["payment_status"] == "authorized"


async def test_a_captured_payment_cannot_be_voided(store: Client) -> None:
    answer = await store.call("POST", "/v3/orders/1042/payment_actions/void")

    assert answer.status == 422
