"""The odd orders: what they cost and what of it can be given back, and where they came from."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.bigcommerce.store_client import Client, item

WHOLE = {1061: 30.24, 1062: 35.18, 1063: 85.47, 1065: 115.49, 1071: 154.10, 1074: 32.74}


async def method_ids(store: Client, order_id: int) -> list[str]:
    quoted = await store.quote(order_id, *await store.everything(order_id))
    methods = quoted.body["data"]["refund_methods"]
    return [way["provider_id"] for method in methods for way in method]


@pytest.mark.parametrize("order_id", WHOLE)
async def test_everything_that_was_charged_can_be_given_back(store: Client, order_id: int) -> None:
    answer = await store.refund(order_id, *await store.everything(order_id))

    order = await store.settled(order_id)
    assert answer.body["data"]["total_amount"] == WHOLE[order_id]
    assert (order["status_id"], order["payment_status"]) == (4, "refunded")


async def test_a_cost_before_discounts_is_not_what_was_charged(store: Client) -> None:
    order = await store.get("/v2/orders/1061")
    (row,) = await store.get("/v2/orders/1061/shipping_addresses")

    names = ("base_cost", "cost_ex_tax", "cost_inc_tax", "cost_tax")
    assert [row[name] for name in names] == ["5.0000", "4.0000", "4.3200", "0.3200"]
    of_order = ("base_shipping_cost", "shipping_cost_ex_tax", "shipping_cost_inc_tax")
    assert [order[name] for name in of_order] == ["5.0000", "4.0000", "4.3200"]


async def test_handling_and_fees_have_their_charged_costs_too(store: Client) -> None:
    order = await store.get("/v2/orders/1063")
    (row,) = await store.get("/v2/orders/1063/shipping_addresses")
    fee, other = (await store.get("/v2/orders/1063/fees"))["fees"]

    assert (row["base_handling_cost"], row["handling_cost_ex_tax"]) == ("3.0000", "2.5000")
    assert (order["base_handling_cost"], order["handling_cost_ex_tax"]) == ("3.0000", "2.5000")
    assert (fee["base_cost"], fee["cost_ex_tax"], fee["cost_inc_tax"]) == (
        *("4.8000", "4.0000", "4.3300"),
    )
    assert (other["base_cost"], other["cost_ex_tax"]) == ("1.9500", "1.9500")


@pytest.mark.parametrize(
    ("order_id", "kind", "charged"),
    [(1061, "SHIPPING", 4.0), (1062, "SHIPPING", 0), (1063, "HANDLING", 2.5), (1063, "FEE", 4.0)],
)
async def test_more_than_was_charged_is_refused(
    store: Client, order_id: int, kind: str, charged: float
) -> None:
    if kind == "FEE":
        number = (await store.get(f"/v2/orders/{order_id}/fees"))["fees"][0]["id"]
    else:
        number = (await store.get(f"/v2/orders/{order_id}/shipping_addresses"))[0]["id"]

    above = await store.quote(order_id, item(kind, number, amount=charged + 0.01))

    assert (above.status, above.body["title"]) == (422, "Refund amount exceeds remaining amount")
    if charged:
        just_that = await store.quote(order_id, item(kind, number, amount=charged))
        assert just_that.status == 201


async def test_shipping_without_an_address_can_be_given_back_by_amount_alone(store: Client) -> None:
    addresses = await store.call("GET", "/v2/orders/1064/shipping_addresses")
    order = await store.get("/v2/orders/1064")
    lines = await store.everything(1064)
    first = await store.refund(1064, *lines)
    await store.settled(1064)
    rest = await store.refund(1064, item("ORDER", 1064, amount=13.37))

    assert (addresses.status, order["shipping_cost_inc_tax"]) == (204, "13.3700")
    assert order["total_inc_tax"] == "98.3500"
    totals = (first.body["data"]["total_amount"], rest.body["data"]["total_amount"])
    assert totals == (84.98, 13.37)
    assert (await store.settled(1064))["status_id"] == 4


async def test_lines_say_what_they_sold(store: Client) -> None:
    lines = await store.get("/v2/orders/1065/products")

    sold = [(line["type"], line["gift_certificate_id"], line["price_inc_tax"]) for line in lines]
    assert sold == [
        ("physical", None, "38.0000"),
        ("giftcertificate", 52, "50.0000"),
        ("digital", None, "18.9900"),
    ]


@pytest.mark.parametrize(("order_id", "status_id"), [(1066, 11), (1067, 9), (1068, 8)])
async def test_what_is_only_authorised_can_be_voided_before_it_is_sent(
    store: Client, order_id: int, status_id: int
) -> None:
    quoted = await store.quote(order_id, item("ORDER", order_id, amount=5))

    voided = await store.call("POST", f"/v3/orders/{order_id}/payment_actions/void")

    order = await store.settled(order_id)
    assert (quoted.status, voided.status) == (422, 201)
    assert (order["status_id"], order["payment_status"]) == (status_id, "void")


@pytest.mark.parametrize(("order_id", "status_id"), [(1069, 1), (1070, 7)])
async def test_money_can_be_taken_before_the_status_shows_it(
    store: Client, order_id: int, status_id: int
) -> None:
    order = await store.get(f"/v2/orders/{order_id}")
    taken = (await store.get(f"/v3/orders/{order_id}/transactions"))["data"]

    assert (order["status_id"], order["payment_status"]) == (status_id, "captured")
    assert [(row["event"], row["amount"]) for row in taken] == [("purchase", 154.10)]


async def test_what_was_never_taken_is_not_given_back(store: Client) -> None:
    order = await store.get("/v2/orders/1071")
    (taken,) = (await store.get("/v3/orders/1071/transactions"))["data"]
    quoted = (await store.quote(1071, *await store.everything(1071))).body["data"]

    assert (order["total_inc_tax"], taken["amount"]) == ("204.1000", 154.10)
    assert (quoted["total_refund_amount"], quoted["adjustment"]) == (154.10, -50.0)


@pytest.mark.parametrize(
    ("order_id", "told"),
    [
        (1072, {"ebay_order_id": "26-09431-55821", "external_source": "eBay", "channel_id": 2}),
        (1073, {"ebay_order_id": "0", "external_source": "Amazon", "channel_id": 3}),
    ],
)
async def test_a_marketplaces_order_says_so_and_its_money_is_not_the_shops(
    store: Client, order_id: int, told: dict[str, Any]
) -> None:
    order = await store.get(f"/v2/orders/{order_id}")

    assert {name: order[name] for name in told} == told
    assert await method_ids(store, order_id) == ["custom"]
    found = await store.get("/v2/orders", channel_id=told["channel_id"])
    assert [row["id"] for row in found] == [order_id]


@pytest.mark.parametrize(("order_id", "status_id"), [(1051, 11), (1075, 9), (1076, 8)])
async def test_an_order_can_cost_nothing(store: Client, order_id: int, status_id: int) -> None:
    order = await store.get(f"/v2/orders/{order_id}")
    quoted = await store.quote(order_id, *await store.everything(order_id))

    assert (order["total_inc_tax"], order["status_id"]) == ("0.0000", status_id)
    assert quoted.status == 422


async def test_names_can_hold_emoji(store: Client) -> None:
    order = await store.get("/v2/orders/1074")
    (line,) = await store.get("/v2/orders/1074/products")

    assert order["billing_address"]["first_name"] == "Ana 👩‍👩‍👧"
    assert line["name"] == "Maidenhair Fern 🌿🪴 “Lucky 🍀”"
