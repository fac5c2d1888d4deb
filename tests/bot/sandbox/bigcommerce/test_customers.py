"""Customers and the refunds of all orders: V3 lists with their filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.bigcommerce.store_client import Client


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"id__in": "1,4"}, [1, 4]),
        ({"email__in": "CUSTOMER1@mail.example"}, [1]),
        ({"email__in": "shopper+customer2@mail.example"}, [2]),
        ({"name__like": "Lindq,Okaf"}, [1, 2]),
        ({"name__like": "Maya Lind"}, [1]),
        ({"name__in": "Maya Lindqvist"}, [1]),
        ({"phone__in": "5125550101,512-555-0101"}, [1]),
        ({"phone__in": "5125550101"}, []),
        ({"name__like": "lindqvist"}, []),
        ({"email__in": "rosa.guest@mail.example"}, []),
    ],
)
async def test_customers_are_found_by_what_the_api_offers(
    store: Client, query: dict[str, Any], ids: list[int]
) -> None:
    answer = await store.get("/v3/customers", **query)

    assert sorted(row["id"] for row in answer["data"]) == ids


async def test_every_order_of_a_customer_names_one_that_there_is(store: Client) -> None:
    customers = (await store.get("/v3/customers", limit=250))["data"]
    orders = await store.get("/v2/orders", limit=250)

    emails = {row["id"]: row["email"] for row in customers}
    registered = [order for order in orders if order["customer_id"]]
    assert len(registered) > 40
    for order in registered:
        assert order["billing_address"]["email"] == emails[order["customer_id"]]


async def test_store_credit_comes_when_it_is_asked_for(store: Client) -> None:
    plain = await store.get("/v3/customers", id__in=1)
    with_credit = await store.get("/v3/customers", id__in=1, include="storecredit")

    assert "store_credit_amounts" not in plain["data"][0]
    assert with_credit["data"][0]["store_credit_amounts"] == [{"amount": 10.0}]


async def test_an_unknown_filter_is_refused_and_another_scope_does_not_do(store: Client) -> None:
    unknown = await store.call("GET", "/v3/customers", surname="Lindqvist")
    narrow = await store.call("GET", "/v3/customers", token=store.store.limited_token)

    assert (unknown.status, narrow.status) == (422, 403)


async def test_refunds_are_listed_over_several_orders(store: Client) -> None:
    both = await store.get("/v3/orders/payment_actions/refunds", order_id__in="1028,1029,1042")
    last = await store.get("/v3/orders/payment_actions/refunds", order_id__in="1028,1029", page=2)
    since = await store.get("/v3/orders/payment_actions/refunds", created__min="2030-01-01T00:00Z")

    assert [row["order_id"] for row in both["data"]] == [1028, 1029]
    assert both["meta"] == {}
    assert (last["data"], since["data"]) == ([], [])


async def test_customers_can_be_sorted(store: Client) -> None:
    rows = (await store.get("/v3/customers", sort="date_created:desc", limit=1))["data"]
    wrong = await store.call("GET", "/v3/customers", sort="shoe_size:asc")

    assert [row["id"] for row in rows] == [18]
    assert wrong.status == 422
