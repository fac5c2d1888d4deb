"""The client's searches against the stand-in store."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.bigcommerce.http.errors import MissingScope
from tests.bot.bigcommerce.test_sandbox_store import Shop
from tests.bot.bigcommerce.test_sandbox_store import shop as shop


async def test_a_customer_is_read_with_the_store_credit(shop: Shop) -> None:
    maya = await shop.client.customers.get(1)

    assert maya is not None
    assert (maya.name, maya.store_credit) == ("Maya Lindqvist", Decimal(10))
    assert await shop.client.customers.get(999) is None


async def test_a_plus_in_an_address_is_an_address(shop: Shop) -> None:
    (found,) = await shop.client.customers.by_email("shopper+customer2@mail.example")

    assert found.id == 2


async def test_an_empty_search_finds_nobody_rather_than_everybody(shop: Shop) -> None:
    assert await shop.client.customers.by_email(" , ") == []
    assert await shop.client.customers.by_name([""]) == []
    with pytest.raises(ValueError, match="every order"):
        await shop.client.orders.by_email(" ")
    with pytest.raises(ValueError, match="guest"):
        await shop.client.orders.of_customer(0)


async def test_orders_are_newest_first_and_none_is_an_empty_list(shop: Shop) -> None:
    orders = await shop.client.orders.of_customer(1, pages=2)

    assert 1042 in [order.id for order in orders]
    dates = [order.date_created for order in orders if order.date_created]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == len(orders)
    assert {order.customer_id for order in orders} == {1}
    assert await shop.client.orders.of_customer(999) == []


async def test_a_guest_is_found_by_the_address_on_the_order(shop: Shop) -> None:
    orders = await shop.client.orders.by_email("Rosa.Guest@mail.example")

    assert 1018 in [order.id for order in orders]


async def test_refunds_of_several_orders_come_in_one_list(shop: Shop) -> None:
    refunds = await shop.client.refunds.of_orders([1028, 1029, 1042])

    assert [refund.order_id for refund in refunds] == [1028, 1029]
    assert await shop.client.refunds.of_orders([]) == []


async def test_without_the_scope_the_error_names_it(shop: Shop) -> None:
    client = shop.with_token(shop.store.limited_token)

    with pytest.raises(MissingScope) as caught:
        await client.customers.get(1)
    await client.close()

    assert "Customers: read-only" in caught.value.reason
