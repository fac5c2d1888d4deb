"""The client against the stand-in store: every order, the limits, and the writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.coupons import CouponType, NewCoupon
from bot.bigcommerce.http.errors import (
    Conflict,
    MissingScope,
    NoAnswer,
    NotAuthorised,
    NotFound,
    Refused,
)
from bot.bigcommerce.refunds import ItemType, RefundItem
from bot.sandbox.bigcommerce.server import StoreSandbox

PLAIN_ORDER = 1042


@dataclass
class Shop:
    url: str
    store: StoreSandbox
    client: BigCommerceClient

    async def control(self, what: str, body: dict[str, Any] | None = None) -> Any:
        method = "GET" if body is None else "POST"
        address = f"{self.url}/control/store/{what}"
        async with ClientSession() as session, session.request(method, address, json=body) as reply:
            assert reply.status == 200, await reply.text()
            return await reply.json()

    def with_token(self, token: str) -> BigCommerceClient:
        return BigCommerceClient(
            store_hash=self.store.store_hash, access_token=token, api_url=self.url
        )


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    store = StoreSandbox(data=None, seed=1, journal=tmp_path / "journal.jsonl", reset=False)
    app = web.Application()
    store.add_routes(app)
    runner = web.AppRunner(app, shutdown_timeout=0.01, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await store.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    client = BigCommerceClient(
        store_hash=store.store_hash,
        access_token=store.access_token,
        api_url=url,
        retry_waits_s=(0.01, 0.01),
    )
    yield Shop(url, store, client)
    await client.close()
    await runner.cleanup()
    await store.close()


async def test_every_order_of_the_store_is_read_whole(shop: Shop) -> None:
    await shop.control("settings", {"quota": 10_000})
    orders = _listed(await shop.control("orders"))

    for listed in orders:
        order = await shop.client.orders.get(listed["id"])
        lines = await shop.client.orders.lines(order.id)
        await shop.client.orders.shipping_addresses(order.id)
        await shop.client.orders.fees(order.id)
        await shop.client.refunds.of_order(order.id)
        await shop.client.payments.transactions(order.id)

        assert order.status_id == listed["status_id"]
        assert lines
        assert len(lines) == 60 or "60_lines" not in listed["tags"]

    assert len(orders) >= 50


async def test_the_stores_own_data_is_read(shop: Shop) -> None:
    store = await shop.client.info.get()
    currencies = await shop.client.info.currencies()
    categories = await shop.client.catalog.categories()

    assert store.name == "Fern & Fable"
    assert store.timezone_name == "America/Chicago"
    assert "USD" in {currency.code for currency in currencies}
    assert any(category.path.count(" › ") == 2 for category in categories)
    assert await shop.client.info.are_status_emails_on(1) is not None
    assert (await shop.client.info.time()).tzinfo is not None


async def test_a_quoted_refund_is_made_and_found_by_its_reason(shop: Shop) -> None:
    line = (await shop.client.orders.lines(PLAIN_ORDER))[0]
    items = [RefundItem(item_type=ItemType.PRODUCT, item_id=line.id, quantity=1)]
    quote = await shop.client.refunds.quote(PLAIN_ORDER, items)

    refund = await shop.client.refunds.create(
        PLAIN_ORDER, items, quote.refund_methods[0], reason="Broken (MG-7F3K-2Q9D)"
    )

    (listed,) = await shop.client.refunds.of_order(PLAIN_ORDER)
    assert listed.id == refund.id
    assert listed.total_amount == quote.total_refund_amount
    assert "MG-7F3K-2Q9D" in listed.reason + listed.items[0].reason


async def test_a_refund_whose_answer_is_lost_is_made_once(shop: Shop) -> None:
    line = (await shop.client.orders.lines(PLAIN_ORDER))[0]
    items = [RefundItem(item_type=ItemType.PRODUCT, item_id=line.id, quantity=1)]
    quote = await shop.client.refunds.quote(PLAIN_ORDER, items)
    await shop.control("faults", {"match": "POST refunds", "kind": "drop_after", "times": 1})

    with pytest.raises(NoAnswer):
        await shop.client.refunds.create(PLAIN_ORDER, items, quote.refund_methods[0], reason="MG-1")

    assert len(await shop.client.refunds.of_order(PLAIN_ORDER)) == 1


async def test_more_than_is_left_is_refused_in_words(shop: Shop) -> None:
    line = (await shop.client.orders.lines(PLAIN_ORDER))[0]
    items = [RefundItem(item_type=ItemType.PRODUCT, item_id=line.id, quantity=line.quantity + 1)]

    with pytest.raises(Refused) as caught:
        await shop.client.refunds.quote(PLAIN_ORDER, items)

    assert caught.value.status_code == 422
    assert caught.value.reason


async def test_a_status_is_set_with_its_note(shop: Shop) -> None:
    order = await shop.client.orders.set_status(PLAIN_ORDER, 5, staff_notes="Cancelled (MG-1)")

    assert (order.status_id, order.staff_notes) == (5, "Cancelled (MG-1)")


async def test_a_coupon_is_created_once_per_code(shop: Shop) -> None:
    coupon = NewCoupon(
        name="Sorry (MG-1)", code="SORRY-10", type=CouponType.PERCENTAGE, amount=Decimal(10)
    )

    created = await shop.client.coupons.create(coupon)

    assert created.enabled
    assert await shop.client.coupons.find(code="SORRY-10") == created
    assert await shop.client.coupons.find(name="Sorry (MG-1)") == created
    assert await shop.client.coupons.find(code="SORRY-11") is None
    with pytest.raises(Conflict):
        await shop.client.coupons.create(coupon)


async def test_an_unknown_order_is_not_found(shop: Shop) -> None:
    with pytest.raises(NotFound):
        await shop.client.orders.get(10**12)


async def test_a_wrong_token_is_not_authorised(shop: Shop) -> None:
    client = shop.with_token("wrong")

    with pytest.raises(NotAuthorised):
        await client.info.time()
    await client.close()


async def test_a_narrow_token_lacks_a_scope(shop: Shop) -> None:
    client = shop.with_token(shop.store.limited_token)

    with pytest.raises(MissingScope) as caught:
        await client.orders.set_status(PLAIN_ORDER, 5, staff_notes="")
    await client.close()

    assert "Orders: modify" in caught.value.reason


@pytest.mark.parametrize("kind", ["rate_limit_bare", "html", "drop_before", "drop_after"])
async def test_a_read_survives_a_passing_fault(shop: Shop, kind: str) -> None:
    await shop.control("faults", {"match": "GET orders", "kind": kind, "times": 1})

    assert (await shop.client.orders.get(PLAIN_ORDER)).id == PLAIN_ORDER


def _listed(answer: Any) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = answer["orders"] if isinstance(answer, dict) else answer
    return orders
