"""Shipments of the stand-in store: one for what was sent, with each way to follow a parcel."""

from __future__ import annotations

from tests.bot.sandbox.bigcommerce.store_client import Client


async def test_shipped_orders_have_their_parcels(store: Client) -> None:
    orders = [row for row in await store.control("orders") if row["status_id"] == 2]
    assert orders

    for row in orders:
        (parcel, *_) = await store.get(f"/v2/orders/{row['id']}/shipments")
        assert parcel["order_id"] == row["id"]
        assert parcel["tracking_number"].startswith("FF")
        assert sum(item["quantity"] for item in parcel["items"]) > 0
        # Either the merchant's link or BigCommerce's, never both.
        assert not (parcel["tracking_link"] and parcel["generated_tracking_link"])


async def test_an_order_that_was_not_sent_has_none(store: Client) -> None:
    answer = await store.call("GET", "/v2/orders/1042/shipments")

    assert (answer.status, answer.body) == (204, None)


async def test_a_parcel_that_is_sent_is_listed_and_counted(store: Client) -> None:
    parcel = {"order_id": 1042, "provider": "usps", "number": "9400"}
    await store.control("shipment", parcel)

    (listed,) = await store.get("/v2/orders/1042/shipments")
    assert listed["shipping_provider_display_name"] == "USPS"
    assert listed["generated_tracking_link"].startswith("https://tools.usps.com/")
    assert (await store.get("/v2/orders/1042"))["items_shipped"] == 1
