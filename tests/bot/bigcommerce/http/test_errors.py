from __future__ import annotations

import logging
from operator import attrgetter
from typing import Any

import pytest

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import (
    BigCommerceError,
    Conflict,
    Forbidden,
    MissingScope,
    NoAnswer,
    NotAuthorised,
    NotFound,
    NotSent,
    OrderNotFound,
    Refused,
    ServerError,
    UnusableAnswer,
)
from bot.bigcommerce.http.scopes import scope_of
from tests.bot.bigcommerce.bodies_seen import COUPON, ORDER
from tests.bot.bigcommerce.scripted_store import HTML, TOKEN, Reply, ScriptedStore, connected

V2 = [{"status": 400, "message": "No."}]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (401, NotAuthorised),
        (403, Forbidden),
        (404, NotFound),
        (405, Refused),
        (409, Conflict),
        (422, Refused),
        (408, ServerError),
        (423, ServerError),
        (499, ServerError),
        (500, ServerError),
        (503, ServerError),
        (302, ServerError),
    ],
)
async def test_a_status_gives_its_error(
    store: ScriptedStore, client: BigCommerceClient, status: int, kind: type[BigCommerceError]
) -> None:
    store.always = Reply(status, V2, {"location": "/elsewhere"})

    with pytest.raises(BigCommerceError) as caught:
        await client.orders.set_status(1042, 5, staff_notes="")

    assert type(caught.value) is kind
    assert caught.value.call == "PUT /v2/orders/1042"
    assert caught.value.status_code == status
    assert caught.value.reason.startswith("No.")
    assert len(store.arrived) == 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "BigCommerce does not accept the access token."),
        (404, "BigCommerce has no such thing in this store."),
        (422, "BigCommerce refused this without giving a reason (HTTP 422)."),
        (502, "BigCommerce has a problem of its own (HTTP 502)."),
    ],
)
async def test_a_page_in_place_of_json_is_never_shown(
    store: ScriptedStore, client: BigCommerceClient, status: int, reason: str
) -> None:
    store.always = Reply(status, HTML.body, HTML.headers)

    with pytest.raises(BigCommerceError) as caught:
        await client.orders.get(1042)

    assert caught.value.reason == reason


async def test_a_missing_scope_is_named(store: ScriptedStore, client: BigCommerceClient) -> None:
    title = "You don't have a required scope to access the endpoint"
    store.always = Reply(403, {"status": 403, "title": title, "errors": {}})

    with pytest.raises(MissingScope) as caught:
        await client.payments.void(1042)

    assert caught.value.reason == f"{title}. It needs the scope Orders: modify."


@pytest.mark.parametrize("body", [HTML.body, b"{", b"[]", b"\xff", b"null", b'{"id": "x"}'])
async def test_an_unreadable_success_of_a_write_may_have_happened(
    store: ScriptedStore, client: BigCommerceClient, body: bytes
) -> None:
    store.always = Reply(200, body)

    with pytest.raises(NoAnswer):
        await client.orders.set_status(1042, 5, staff_notes="")

    assert len(store.arrived) == 1


async def test_an_unreachable_store_was_not_sent_anything(store: ScriptedStore) -> None:
    async with ScriptedStore().serving() as gone:
        url = gone.url

    async with connected(url) as client:
        with pytest.raises(NotSent) as caught:
            await client.payments.void(1042)

    assert caught.value.reason == "BigCommerce could not be reached."


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:1"])
async def test_an_address_that_leads_nowhere_was_not_sent_anything(url: str) -> None:
    async with connected(url) as client:
        with pytest.raises(NotSent):
            await client.payments.void(1042)


async def test_a_closed_client_sends_nothing(store: ScriptedStore) -> None:
    async with connected(store.url) as client:
        await client.close()

        with pytest.raises(NotSent):
            await client.orders.get(1042)

    assert store.arrived == []


async def test_a_token_that_an_answer_repeats_is_hidden(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(401, [{"message": f"Token {TOKEN} is not valid"}])

    with pytest.raises(NotAuthorised) as caught:
        await client.orders.get(1042)

    assert caught.value.reason == "Token *** is not valid."


async def test_logs_hold_neither_query_nor_body_nor_token(
    store: ScriptedStore, client: BigCommerceClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store.answers(Reply(200, [COUPON]), Reply(200, ORDER), Reply(200, {"id": "private"}))

    await client.coupons.find(code="SORRY-10")
    await client.orders.set_status(1042, 5, staff_notes="private")
    with pytest.raises(NoAnswer) as caught:
        await client.orders.get(1043)

    everything = " ".join(str(vars(record)) for record in caplog.records) + repr(caught.value)
    assert "/v2/orders/1042" in everything
    for secret in ("SORRY-10", "private", TOKEN, "ada@example.com"):
        assert secret not in everything


async def test_calls_are_logged_with_path_status_and_duration(
    store: ScriptedStore, client: BigCommerceClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    store.always = Reply(200, ORDER)

    await client.orders.get(1042)

    (record,) = [r for r in caplog.records if r.name.startswith("bot.bigcommerce")]
    logged: dict[str, Any] = vars(record)
    assert logged["method"] == "GET"
    assert logged["path"] == "/v2/orders/1042"
    assert logged["status"] == 200
    assert isinstance(logged["duration_ms"], int)


@pytest.mark.parametrize(
    ("call", "scope"),
    [
        ("GET /v2/orders/1042", "Orders: read-only"),
        ("PUT /v2/orders/1042", "Orders: modify"),
        ("POST /v3/orders/1042/payment_actions/refunds", "Orders: modify"),
        ("GET /v3/orders/1042/payment_actions/refunds", "Orders: read-only"),
        ("GET /v3/orders/1042/transactions", "Order Transactions: read-only"),
        ("POST /v2/coupons", "Marketing: modify"),
        ("GET /v3/promotions/codes", "Marketing: read-only"),
        ("DELETE /v3/promotions/7", "Marketing: modify"),
        ("GET /v3/channels", "Channel Settings: read-only"),
        ("GET /v3/catalog/trees/categories", "Products: read-only"),
        ("GET /v2/time", "Information & Settings: read-only"),
        ("GET /v3/settings/email-statuses", "Information & Settings: read-only"),
        ("GET /v3/inventory/items", "Store Inventory: read-only"),
        ("POST /v3/inventory/adjustments/relative", "Store Inventory: modify"),
        ("GET /v3/unheard-of", ""),
    ],
)
def test_each_call_knows_its_scope(call: str, scope: str) -> None:
    assert scope_of(call) == scope


NOT_THERE = Reply(404, [{"status": 404, "message": "The requested resource was not found."}])


async def test_another_403_does_not_name_a_scope(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(403, b"<html>Access denied</html>", {"content-type": "text/html"})

    with pytest.raises(Forbidden) as caught:
        await client.orders.get(1042)

    assert not isinstance(caught.value, MissingScope)
    assert caught.value.reason == "BigCommerce does not allow this call."


async def test_an_error_of_unknown_effect_keeps_its_words(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    body = {"data": [{"order_id": 1042, "status": 503, "error": "Tax service gone away"}]}
    store.always = Reply(503, body)

    with pytest.raises(ServerError) as caught:
        await client.refunds.create(1042, [], [], reason="x")

    assert caught.value.reason == "Tax service gone away."


async def test_an_order_that_is_not_there(store: ScriptedStore, client: BigCommerceClient) -> None:
    store.always = NOT_THERE

    with pytest.raises(OrderNotFound):
        await client.orders.get(1042)
    with pytest.raises(OrderNotFound):
        await client.orders.lines(1042)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ("orders.lines", "BigCommerce has the order, but did not find its products."),
        (
            "orders.shipping_addresses",
            "BigCommerce has the order, but did not find its shipping addresses.",
        ),
        ("refunds.of_order", "BigCommerce has the order, but did not find its refunds."),
        ("orders.shipments", "BigCommerce has the order, but did not find its shipments."),
    ],
)
async def test_a_part_that_is_not_found_is_not_the_order(
    store: ScriptedStore, client: BigCommerceClient, read: str, said: str
) -> None:
    store.always = lambda arrival: (
        Reply(200, ORDER) if arrival.path == "/v2/orders/1042" else NOT_THERE
    )

    with pytest.raises(UnusableAnswer) as caught:
        await attrgetter(read)(client)(1042)

    assert caught.value.reason == said
