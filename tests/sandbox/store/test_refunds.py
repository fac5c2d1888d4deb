"""Refunds are real bookkeeping: a fresh quote, then money that settles, or does not."""

from __future__ import annotations

from tests.sandbox.store.store_client import Client, item


async def test_a_full_refund_settles_and_the_order_becomes_refunded(store: Client) -> None:
    everything = await store.everything(1042)

    answer = await store.refund(1042, *everything, reason="Wilted [MG-7F3K-2Q9D]")

    assert answer.status == 201
    assert answer.body["data"]["total_amount"] == 154.10
    order = await store.settled(1042)
    assert (order["status_id"], order["payment_status"]) == (4, "refunded")
    read = (await store.get("/v3/orders/1042/payment_actions/refunds"))["data"]
    assert read[0]["reason"] == "Wilted [MG-7F3K-2Q9D]"
