from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import NoAnswer, UnusableAnswer
from bot.bigcommerce.models import Order, OrderLine, Transaction
from bot.bigcommerce.refunds import Refund, RefundQuote
from tests.bot.bigcommerce.bodies_seen import LINE, ORDER, QUOTE, REFUND, STORE, envelope
from tests.bot.bigcommerce.scripted_store import Reply, ScriptedStore


async def test_an_order_is_read_with_its_nulls_and_empty_dates(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(200, ORDER)

    order = await client.orders.get(1042)

    assert order.staff_notes == ""
    assert order.total_inc_tax == Decimal("154.1")
    assert order.currency == "USD"
    assert order.date_created == datetime(2026, 6, 18, 12, 5, 4, tzinfo=UTC)
    assert order.billing_address.email == "ada@example.com"


@pytest.mark.parametrize(
    "odd",
    [
        {"billing_address": []},
        {"billing_address": None},
        {"date_created": ""},
        {"date_created": None},
        {"payment_status": None, "custom_status": None},
        {"total_inc_tax": 154.1},
        {"total_inc_tax": "154"},
        {"store_credit_amount": ""},
        {"is_deleted": None},
        {"billing_address": {"first_name": None, "last_name": "<!channel> & 🎁 \u202eabc"}},
    ],
    ids=repr,
)
def test_an_order_is_readable_in_every_shape_seen(odd: dict[str, Any]) -> None:
    order = Order.model_validate(ORDER | odd)

    assert int(order.total_inc_tax) == 154


@pytest.mark.parametrize(
    ("field", "odd"),
    [("id", None), ("status_id", None), ("status_id", -1), ("total_inc_tax", "NaN")],
)
async def test_a_broken_order_is_no_answer(
    store: ScriptedStore, client: BigCommerceClient, field: str, odd: object
) -> None:
    store.always = Reply(200, ORDER | {field: odd})

    with pytest.raises(UnusableAnswer) as caught:
        await client.orders.get(1042)

    assert (
        caught.value.reason == f"BigCommerce's answer could not be read: {field} is missing or odd."
    )
    assert len(store.arrived) == 1


def test_a_validation_error_shows_no_values() -> None:
    with pytest.raises(ValidationError) as caught:
        Order.model_validate(ORDER | {"id": "ada@example.com"})

    assert "ada@example.com" not in str(caught.value)


def test_a_line_tells_what_was_paid() -> None:
    line = OrderLine.model_validate(LINE)
    old = OrderLine.model_validate({k: v for k, v in LINE.items() if not k.startswith("disc")})

    assert line.paid_inc_tax == Decimal(99)
    assert line.product_options[0].display_value == "L"
    assert old.paid_inc_tax == Decimal(109)
    assert OrderLine.model_validate(LINE | {"discounted_total_inc_tax": None}).paid_inc_tax == 109


@pytest.mark.parametrize("options", [[], None, ""])
def test_a_line_without_options_has_none(options: object) -> None:
    assert OrderLine.model_validate(LINE | {"product_options": options}).product_options == ()


async def test_a_quote_keeps_its_methods_whole(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(201, envelope(QUOTE))

    quote = await client.refunds.quote(1042, [])

    assert quote.total_refund_amount == Decimal("20.83")
    assert quote.adjustment == Decimal("-1.5")
    assert [len(method) for method in quote.refund_methods] == [1, 2]
    assert quote.refund_methods[1][1].offline_reason == "Offline."
    assert RefundQuote.model_validate_json(quote.model_dump_json()) == quote


async def test_a_refund_is_read_with_its_decline(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(200, envelope([REFUND, REFUND | {"id": 2, "payments": []}]))

    declined, bare = await client.refunds.of_order(1042)

    assert declined.created == datetime(2026, 6, 16, 14, 44, 15, tzinfo=UTC)
    assert declined.items[0].requested_amount is None
    assert declined.items[1].requested_amount == Decimal("10.11")
    assert declined.is_declined
    assert not bare.is_declined
    assert Refund.model_validate_json(declined.model_dump_json()) == declined


def test_a_transaction_has_a_text_for_its_order() -> None:
    transaction = Transaction.model_validate(
        {"id": 5, "order_id": "121", "event": "refund", "method": "credit_card", "amount": 20.5,
         "currency": "USD", "status": "ok", "date_created": "2026-06-16T16:44:15Z",
         "credit_card": {}, "offline": None}
    )  # fmt: skip

    assert transaction.amount == Decimal("20.5")


async def test_the_store_tells_its_time_zone_and_links(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(200, STORE)

    shop = await client.info.get()

    assert shop.timezone_name == "America/Chicago"
    assert shop.default_currency == "USD"
    assert shop.order_url(7) == "https://store-fern42.mybigcommerce.com/manage/orders/7"


async def test_the_clock_is_utc(store: ScriptedStore, client: BigCommerceClient) -> None:
    store.answers(Reply(200, {"time": 1529512970}), Reply(200, {"time": None}))

    assert await client.info.time() == datetime(2018, 6, 20, 16, 42, 50, tzinfo=UTC)
    with pytest.raises(NoAnswer):
        await client.info.time()


async def test_currencies_are_read(store: ScriptedStore, client: BigCommerceClient) -> None:
    store.always = Reply(
        200,
        [
            {"id": 1, "currency_code": "USD", "is_default": True, "enabled": True,
             "is_transactional": True, "decimal_places": 2, "currency_exchange_rate": "1.0"},
            {"id": 2, "currency_code": "JPY", "is_default": False, "enabled": True,
             "is_transactional": False, "decimal_places": 0},
        ],
    )  # fmt: skip

    dollar, yen = await client.info.currencies()

    assert (dollar.code, dollar.is_transactional, dollar.rate) == ("USD", True, Decimal(1))
    assert (yen.code, yen.is_transactional) == ("JPY", False)


@pytest.mark.parametrize(
    ("replies", "on"),
    [
        ([Reply(200, envelope({"combined_order_status_email": True}))], True),
        ([Reply(200, envelope({"combined_order_status_email": False}))], False),
        (
            [
                Reply(200, envelope({"combined_order_status_email": None})),
                Reply(200, envelope({"combined_order_status_email": True})),
            ],
            True,
        ),
        ([Reply(200, envelope({})), Reply(200, envelope({}))], None),
        ([Reply(200, envelope([])), Reply(200, envelope([]))], None),
        ([Reply(403, {"title": "No scope"})], None),
    ],
    ids=["on", "off", "inherited", "absent", "php_empty", "no_scope"],
)
async def test_the_store_tells_whether_it_mails(
    store: ScriptedStore, client: BigCommerceClient, replies: list[Reply], on: bool | None
) -> None:
    store.answers(*replies)

    assert await client.info.are_status_emails_on(3) is on
    assert store.arrived[0].query == {"channel_id": "3"}


@pytest.mark.parametrize("body", [{}, [], {"data": None}, {"data": []}, {"data": {"id": 1}}])
async def test_a_refund_that_cannot_be_read_may_have_happened(
    store: ScriptedStore, client: BigCommerceClient, body: object
) -> None:
    store.always = Reply(201, body)

    with pytest.raises(NoAnswer):
        await client.refunds.create(1042, [], [], reason="MG-1")

    assert len(store.arrived) == 1


async def test_one_unreadable_line_spoils_the_list(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(200, [LINE, LINE | {"id": "seven"}])

    with pytest.raises(NoAnswer):
        await client.orders.lines(1042)


@pytest.mark.parametrize(
    "date", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "never", "Thu, 99 Jun 2026"]
)
def test_a_date_out_of_range_is_not_read(date: str) -> None:
    order = Order.model_validate(ORDER | {"date_created": date})

    assert order.date_created is None
    assert order.unread == ("date_created",)


async def test_a_coupon_is_not_looked_for_without_code_or_name(client: BigCommerceClient) -> None:
    with pytest.raises(ValueError, match="its code or its name"):
        await client.coupons.find()
