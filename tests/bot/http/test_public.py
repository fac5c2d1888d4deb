"""The receiver of webhooks: takes what is BigCommerce's about this store, and nothing else."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.webhooks import ChangeKind, NotADelivery, WebhookDelivery, read_delivery
from bot.http.public import ReceiverError, WebhookReceiver
from bot.process.internal_errors import describe_internal_errors
from bot.webhooks.secret import HEADER, hash_of, secret_of

HOST = "127.0.0.1"
SECRET = secret_of("token", "fern42")
AT = 1_795_000_000


def event(scope: str = "store/order/statusUpdated", **data: Any) -> dict[str, Any]:
    status = {"previous_status_id": 11, "new_status_id": 2}
    return {
        "scope": scope,
        "store_id": "1000001",
        "data": data or {"type": "order", "id": 1042, "status": status},
        "hash": "352e4afc6dd3fc85ea26bfdf3f91852604d57528",
        "created_at": AT,
        "producer": "stores/fern42",
    }


@dataclass
class Post:
    port: int
    taken: list[WebhookDelivery] = field(default_factory=list)
    error: Exception | None = None
    counted: list[str] = field(default_factory=list)

    def take(self, delivery: WebhookDelivery) -> None:
        if self.error is not None:
            raise self.error
        self.taken.append(delivery)

    async def __call__(
        self, body: Any, *, secret: str | None = SECRET, method: str = "POST"
    ) -> int:
        headers = {} if secret is None else {HEADER: secret}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                method, f"http://{HOST}:{self.port}/webhooks", data=data, headers=headers
            ) as answer,
        ):
            return answer.status


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    sender = Post(0)
    receiver = WebhookReceiver(
        secret=SECRET,
        store_hash="fern42",
        take=sender.take,
        count=sender.counted.append,
        former_secrets=[hash_of(secret_of("old token", "fern42"))],
    )
    sender.port = await receiver.start(HOST, 0)
    yield sender
    await receiver.close()


async def test_an_event_of_the_store_is_taken(post: Post) -> None:
    assert await post(event()) == 200

    (taken,) = post.taken
    assert (taken.order_id, taken.kind) == (1042, ChangeKind.STATUS)
    assert taken.detail == {"before": 11, "after": 2}
    assert taken.happened_at.timestamp() == AT


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET.upper(), "é"])
async def test_who_does_not_know_the_secret_is_turned_away(post: Post, secret: str | None) -> None:
    assert await post(event(), secret=secret) == 401
    assert post.taken == []


async def test_the_secret_of_an_earlier_token_is_answered_counted_and_not_believed(
    post: Post,
) -> None:
    assert await post(event(), secret=secret_of("old token", "fern42")) == 200
    assert (post.taken, post.counted) == ([], ["one with the secret of an earlier API token"])


async def test_another_store_is_answered_counted_and_left(post: Post) -> None:
    assert await post({**event(), "producer": "stores/other"}) == 200
    assert (post.taken, post.counted) == ([], ["one about another store"])


async def test_a_huge_body_is_answered_counted_and_left(post: Post) -> None:
    assert await post({**event(), "more": "x" * 70_000}) == 200
    assert (post.taken, post.counted) == ([], ["one longer than 64 KB"])


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (event(type="order", id=1042), "store/order/statusUpdated in a form that is not known"),
        (event("*a* <!channel>", x=1), "an odd scope, which was not asked for"),
        ({"scope": "x" * 61}, "an odd scope in a form that is not known"),
        (b"{", "no scope in a form that is not known"),
    ],
)
async def test_an_unknown_form_is_named(post: Post, body: Any, name: str) -> None:
    assert await post(body) == 200
    assert post.counted == [name]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 60_000,
        {},
        {**event(), "data": None},
        {**event(), "created_at": "yesterday"},
        {**event(), "created_at": 10**30},
        event(type="order", id="1042; DROP TABLE", status={}),
        event(type="order", id=-1, status={"previous_status_id": 1, "new_status_id": 2}),
        event(type="order", id=10**40, status={"previous_status_id": 1, "new_status_id": 2}),
        event("store/order/refund/created", type="order", id=1042, refund={}),
        event("store/order/transaction/created", type="transaction", order_id="1042"),
    ],
)
async def test_garbage_with_the_secret_is_answered_counted_and_left(post: Post, body: Any) -> None:
    assert await post(body) == 200
    assert post.taken == []
    assert [name.endswith("in a form that is not known") for name in post.counted] == [True]


async def test_a_scope_that_nobody_asked_for_is_answered_and_left(post: Post) -> None:
    assert await post(event("store/cart/created", type="cart", id="x")) == 200
    assert post.taken == []


async def test_what_could_not_be_noted_is_asked_for_again(post: Post) -> None:
    post.error = sqlite3.OperationalError("database is locked")

    assert await post(event()) == 503


async def test_a_sender_who_leaves_in_the_middle_is_no_error_of_ours(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    before = describe_internal_errors()
    _, writer = await asyncio.open_connection(HOST, post.port)
    head = f"POST / HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\nContent-Length: 9\r\n\r\n1234"
    writer.write(head.encode())
    await writer.drain()
    await asyncio.sleep(0.1)  # so that it waits for the rest
    writer.transport.abort()

    assert await post(event()) == 200
    assert describe_internal_errors() == before
    assert "answering broke" not in caplog.text


async def test_only_posts_are_taken(post: Post) -> None:
    assert await post(event(), method="GET") == 405


async def test_a_taken_port_is_said_in_words(post: Post) -> None:
    second = WebhookReceiver(
        secret=SECRET, store_hash="fern42", take=post.take, count=post.counted.append
    )

    with pytest.raises(ReceiverError, match=r"port is in use.*WEBHOOK_PORT"):
        await second.start(HOST, post.port)


def test_a_transaction_has_its_order_as_text() -> None:
    data = {"type": "transaction", "order_id": "1042", "transaction_id": "gw-1"}
    more = {"transaction_status": "declined", "transaction_type": "capture"}
    body = json.dumps(event("store/order/transaction/updated", **data, **more)).encode()

    delivery = read_delivery(body, "fern42")

    assert delivery is not None
    assert delivery.order_id == 1042
    assert delivery.detail == {"type": "capture", "status": "declined", "id": "gw-1"}
    created = body.replace(b"updated", b"created")
    again = read_delivery(created, "fern42")
    assert again is not None
    assert again.key == delivery.key


@given(
    st.binary()
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(
        lambda value: json.dumps(value).encode()
    )
)
def test_nothing_but_a_delivery_is_one(body: bytes) -> None:
    with pytest.raises(NotADelivery):
        read_delivery(body, "fern42")
