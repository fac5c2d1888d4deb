from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.coupons import CouponType, NewCoupon
from bot.bigcommerce.http.errors import NoAnswer
from bot.bigcommerce.refunds import ItemType, RefundItem, RefundPayment
from tests.bot.bigcommerce.bodies_seen import ORDER, QUOTE, envelope
from tests.bot.bigcommerce.scripted_store import DROP, HANG, HTML, Reply, ScriptedStore, connected

ITEM = RefundItem(item_type=ItemType.PRODUCT, item_id=7, quantity=1)
PAYMENT = RefundPayment(provider_id="braintree", amount=Decimal("20.83"), offline=False)
COUPON = NewCoupon(name="n", code="c", type=CouponType.PERCENTAGE, amount=Decimal(10))

FAILURES = {
    "500": Reply(500),
    "503": Reply(503, {"data": [{"error": "Tax service gone away"}]}),
    "html": HTML,
    "page_with_200": Reply(200, HTML.body),
    "423": Reply(423),
    "reset": DROP,
    "broken_gzip": Reply(200, b"not gzip", {"content-encoding": "gzip"}),
}
WRITES: dict[str, Callable[[BigCommerceClient], Awaitable[object]]] = {
    "refund": lambda client: client.refunds.create(1042, [ITEM], [PAYMENT], reason="MG-1"),
    "void": lambda client: client.payments.void(1042),
    "status": lambda client: client.orders.set_status(1042, 5, staff_notes="x"),
    "coupon": lambda client: client.coupons.create(COUPON),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
async def test_a_read_is_repeated_until_it_answers(
    store: ScriptedStore, client: BigCommerceClient, failure: Reply
) -> None:
    store.answers(failure, failure)
    store.always = Reply(200, ORDER)

    order = await client.orders.get(1042)

    assert order.id == 1042


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
async def test_a_quote_is_repeated_until_it_answers(
    store: ScriptedStore, client: BigCommerceClient, failure: Reply
) -> None:
    store.answers(failure, failure)
    store.always = Reply(201, envelope(QUOTE))

    quote = await client.refunds.quote(1042, [ITEM])

    assert quote.total_refund_amount == Decimal("20.83")
    assert len(store.arrived) == 3


async def test_a_read_gives_up_after_a_few_attempts(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(503, [{"message": "Down for repairs"}])

    with pytest.raises(NoAnswer, match="503") as caught:
        await client.orders.get(1042)

    assert caught.value.reason == "Down for repairs."
    assert len(store.arrived) == 3


async def test_a_refused_read_is_not_repeated(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(422, [{"message": "No."}])

    with pytest.raises(Exception, match="422"):
        await client.orders.get(1042)

    assert len(store.arrived) == 1


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
async def test_a_write_without_an_answer_arrives_once(
    store: ScriptedStore,
    client: BigCommerceClient,
    write: Callable[[BigCommerceClient], Awaitable[object]],
    failure: Reply,
) -> None:
    store.always = failure

    with pytest.raises(NoAnswer):
        await write(client)

    assert len(store.arrived) == 1


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
async def test_a_write_that_times_out_is_not_repeated(
    store: ScriptedStore, write: Callable[[BigCommerceClient], Awaitable[object]]
) -> None:
    store.always = HANG

    async with connected(store.url, write_timeout_s=0.3) as client:
        with pytest.raises(NoAnswer) as caught:
            await write(client)

    assert caught.value.reason == "BigCommerce gave no answer."
    assert len(store.arrived) <= 1  # none where the machine was too busy to take it in


async def test_a_read_that_times_out_is_repeated(store: ScriptedStore) -> None:
    store.answers(HANG)
    store.always = Reply(200, ORDER)

    async with connected(store.url, read_timeout_s=0.5) as client:
        order = await client.orders.get(1042)

    assert order.id == 1042


async def test_a_write_after_many_calls_still_arrives_once(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.answers(Reply(200, ORDER), Reply(200, ORDER), DROP)
    await client.orders.get(1042)
    await client.orders.set_status(1042, 5, staff_notes="x")

    with pytest.raises(NoAnswer):
        await client.orders.set_status(1042, 5, staff_notes="x")

    assert [arrival.method for arrival in store.arrived] == ["GET", "PUT", "PUT"]


async def test_a_redirect_is_not_followed(store: ScriptedStore, client: BigCommerceClient) -> None:
    store.always = Reply(307, b"", {"location": f"{store.url}/elsewhere"})

    with pytest.raises(NoAnswer):
        await client.refunds.create(1042, [ITEM], [PAYMENT], reason="MG-1")

    assert [a.path for a in store.arrived] == ["/v3/orders/1042/payment_actions/refunds"]


async def test_a_write_waits_until_the_store_can_be_reached() -> None:
    """A refused connection sent nothing, so even a write may be tried again."""
    store = ScriptedStore()
    store.always = Reply(201, {})
    async with store.serving():
        url = store.url
    port = int(url.rsplit(":", 1)[1])

    async with connected(url, retry_waits_s=(0.2, 1.0, 1.0)) as client:
        write = asyncio.create_task(client.payments.void(1042))
        await asyncio.sleep(0.05)
        async with store.serving(port):
            await write

    assert len(store.arrived) == 1
