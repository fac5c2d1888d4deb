"""What an answer names is held against what was asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.coupons import Coupon, CouponType, NewCoupon
from bot.bigcommerce.http.errors import NoAnswer, UnusableAnswer, WrongAnswer
from tests.bot.bigcommerce.bodies_seen import COUPON, LINE, ORDER, QUOTE, REFUND, envelope
from tests.bot.bigcommerce.scripted_store import Reply, ScriptedStore

OTHER_ORDER = {"order_id": 1043}
TRANSACTION = {
    "id": 5, "order_id": "1042", "event": "refund", "amount": 20.5, "status": "ok",
    "date_created": "2026-06-16T16:44:15Z",
}  # fmt: skip
CUSTOMER = {"id": 7, "email": "ada@example.com"}
NEW = NewCoupon(name="Sorry", code="SORRY-10", type=CouponType.PERCENTAGE, amount=Decimal(10))
Ask = Callable[[BigCommerceClient], Awaitable[Any]]
CASES: dict[str, tuple[Ask, Any, Any]] = {
    "order": (lambda c: c.orders.get(1042), ORDER, ORDER | {"id": 1043}),
    "lines": (lambda c: c.orders.lines(1042), [LINE], [LINE, LINE | {"id": 8} | OTHER_ORDER]),
    "refunds": (
        lambda c: c.refunds.of_order(1042), envelope([REFUND]), envelope([REFUND | OTHER_ORDER])
    ),
    "refunds of several": (
        lambda c: c.refunds.of_orders([1041, 1042]),
        envelope([REFUND]),
        envelope([REFUND, REFUND | {"id": 2} | OTHER_ORDER]),
    ),
    "transactions": (
        lambda c: c.payments.transactions(1042),
        envelope([TRANSACTION]),
        envelope([TRANSACTION | {"order_id": "1043"}]),
    ),
    "quote": (lambda c: c.refunds.quote(1042, []), envelope(QUOTE), envelope(QUOTE | OTHER_ORDER)),
    "refund": (
        lambda c: c.refunds.create(1042, [], [], reason="x"),
        envelope(REFUND),
        envelope(REFUND | OTHER_ORDER),
    ),
    "status": (
        lambda c: c.orders.set_status(1042, 5, staff_notes=""),
        ORDER,
        ORDER | {"id": 1043},
    ),
    "orders of a customer": (
        lambda c: c.orders.of_customer(7),
        [ORDER | {"customer_id": 7}],
        [ORDER | {"customer_id": 8}],
    ),
    "customer": (
        lambda c: c.customers.get(7), envelope([CUSTOMER]), envelope([CUSTOMER | {"id": 8}])
    ),
    "customers by e-mail": (
        lambda c: c.customers.by_email("ADA@example.com"),
        envelope([CUSTOMER]),
        envelope([CUSTOMER | {"email": "eve@example.com"}]),
    ),
    "coupon": (lambda c: c.coupons.create(NEW), COUPON, COUPON | {"code": "OTHER"}),
    "coupon off": (
        lambda c: c.coupons.switch_off(Coupon.model_validate(COUPON)), COUPON, COUPON | {"id": 14}
    ),
    "products": (
        lambda c: c.catalog.products([1]), envelope([{"id": 1}]), envelope([{"id": 2}])
    ),
    "stock": (
        lambda c: c.inventory.items([1]),
        envelope([{"identity": {"product_id": 1, "variant_id": 2}}]),
        envelope([{"identity": {"product_id": 2, "variant_id": 2}}]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
async def test_an_answer_about_something_else_is_no_answer(
    store: ScriptedStore, client: BigCommerceClient, case: str
) -> None:
    ask, right, wrong = CASES[case]
    store.answers(Reply(200, right), Reply(200, wrong))

    assert await ask(client)
    with pytest.raises(WrongAnswer) as caught:
        await ask(client)

    assert isinstance(caught.value, NoAnswer)  # of a write: it may have happened
    assert len(store.arrived) == 2


@pytest.mark.parametrize(
    "reply",
    [Reply(200), Reply(200, b"null"), Reply(200, {}), Reply(200, b"<html>"), Reply(200, [[]])],
    ids=["empty", "null", "object", "html", "lists"],
)
async def test_only_204_and_an_empty_list_say_none(
    store: ScriptedStore, client: BigCommerceClient, reply: Reply
) -> None:
    store.always = reply

    with pytest.raises(UnusableAnswer):
        await client.orders.lines(1042)
    with pytest.raises(UnusableAnswer):
        await client.refunds.of_order(1042)


async def test_204_is_none_only_where_it_is_documented(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(204)

    assert await client.orders.lines(1042) == []
    assert await client.payments.transactions(1042) == []
    for ask in (
        client.orders.get(1042),
        client.refunds.of_order(1042),
        client.catalog.categories(),
    ):
        with pytest.raises(UnusableAnswer):
            await ask


async def test_a_list_shorter_than_it_says_is_not_believed(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    meta = {"pagination": {"total": 1, "count": 1, "total_pages": 1}}
    store.always = Reply(200, {"data": [], "meta": meta})

    with pytest.raises(UnusableAnswer, match="transactions"):
        await client.payments.transactions(1042)
