"""Webhooks of the stand-in store: BigCommerce's rules, its payloads, retries and duplicates."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.bot.sandbox.bigcommerce.store_client import Client, item

HOST = "hooks.example"
ADDRESS = f"https://{HOST}/here"


@dataclass
class Inbox:
    status: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), json.loads(await request.text())))
        return web.Response(status=self.status.pop(0) if self.status else 200)

    async def wait_for(self, count: int) -> list[Any]:
        async with asyncio.timeout(10):
            while len(self.got) < count:  # noqa: ASYNC110 - it comes over a socket
                await asyncio.sleep(0.01)
        return [payload for _, payload in self.got]


@pytest.fixture
async def inbox(store: Client) -> AsyncIterator[Inbox]:
    box = Inbox()
    app = web.Application()
    app.router.add_post("/here", box.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    await store.control("hook-hosts", {HOST: f"http://127.0.0.1:{port}"})
    await store.control("settings", {"hook_retry_s": [0.02, 0.02]})
    yield box
    await runner.cleanup()


async def make(store: Client, scope: str, destination: str = ADDRESS, **fields: Any) -> Any:
    body = {"scope": scope, "destination": destination, **fields}
    return await store.call("POST", "/v3/hooks", body)


async def test_a_hook_is_made_read_changed_and_deleted(store: Client) -> None:
    made = (await make(store, "store/order/*", headers={"X-Key": "k"})).body["data"]
    path = f"/v3/hooks/{made['id']}"

    assert (made["is_active"], made["headers"]) == (True, {"X-Key": "k"})
    assert (await store.get("/v3/hooks", scope="store/order/*"))["data"] == [made]
    changed = await store.call("PUT", path, {"is_active": False})
    assert changed.body["data"]["is_active"] is False
    assert (await store.get("/v3/hooks", is_active="false"))["data"][0]["id"] == made["id"]
    deleted = await store.call("DELETE", path)
    assert (deleted.status, deleted.body["data"]["id"]) == (200, made["id"])
    assert (await store.call("DELETE", path)).status == 404


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"destination": ADDRESS}, "scope"),
        ({"scope": "store/order/*"}, "destination"),
        ({"scope": "store/nothing", "destination": ADDRESS}, "scope"),
        ({"scope": "store/order/*", "destination": "http://a.example"}, "destination"),
        ({"scope": "store/order/*", "destination": "https://a.example:8443"}, "destination"),
        ({"scope": "store/order/*", "destination": ADDRESS, "is_active": "yes"}, "is_active"),
        ({"scope": "store/order/*", "destination": ADDRESS, "headers": [1]}, "headers"),
        ({"scope": "store/order/*", "destination": ADDRESS, "event": 1}, "event"),
    ],
)
async def test_what_is_wrong_with_a_hook_is_named(store: Client, body: Any, wrong: str) -> None:
    answer = await store.call("POST", "/v3/hooks", body)

    assert answer.status == 422
    assert wrong in answer.body["errors"]


async def test_another_account_sees_nothing_of_it(store: Client) -> None:
    made = (await make(store, "store/order/*")).body["data"]
    other = store.store.limited_token

    assert (await store.call("GET", "/v3/hooks", token=other)).body["data"] == []
    assert (await store.call("DELETE", f"/v3/hooks/{made['id']}", token=other)).status == 404


async def test_a_status_is_delivered_as_documented(store: Client, inbox: Inbox) -> None:
    await make(store, "store/order/statusUpdated", headers={"X-Key": "k"})

    await store.control("order", {"order_id": 1042, "status_id": 2})

    (payload,) = await inbox.wait_for(1)
    status = {"previous_status_id": 11, "new_status_id": 2}
    assert payload["data"] == {"type": "order", "id": 1042, "status": status}
    assert payload["producer"] == f"stores/{store.store.store_hash}"
    assert payload["scope"] == "store/order/statusUpdated"
    assert len(payload["hash"]) == 40
    assert isinstance(payload["created_at"], int)
    assert inbox.got[0][0]["X-Key"] == "k"


async def test_a_refund_tells_of_itself_its_transaction_and_its_status(
    store: Client, inbox: Inbox
) -> None:
    await make(store, "store/order/*")
    line = (await store.get("/v2/orders/1042/products"))[0]

    made = await store.refund(1042, item("PRODUCT", line["id"], quantity=1))
    await store.settled(1042)

    payloads = await inbox.wait_for(5)  # with two that say no more than "updated"
    by_scope = {payload["scope"]: payload["data"] for payload in payloads}
    assert by_scope["store/order/refund/created"]["refund"] == {
        "refund_id": made.body["data"]["id"]
    }
    transaction = by_scope["store/order/transaction/created"]
    assert (transaction["order_id"], transaction["transaction_status"]) == ("1042", "complete")
    assert by_scope["store/order/statusUpdated"]["status"]["new_status_id"] == 14


async def test_what_fails_is_delivered_again(store: Client, inbox: Inbox) -> None:
    await make(store, "store/order/statusUpdated")
    inbox.status = [500, 503]

    await store.control("order", {"order_id": 1042, "status_id": 2})

    payloads = await inbox.wait_for(3)
    assert len({payload["hash"] for payload in payloads}) == 1


async def test_a_duplicate_has_the_same_hash(store: Client, inbox: Inbox) -> None:
    await make(store, "store/order/statusUpdated")
    await store.control("faults", {"match": "POST hooks/store/order/*", "kind": "duplicate"})

    await store.control("order", {"order_id": 1042, "status_id": 2})

    payloads = await inbox.wait_for(2)
    assert payloads[0] == payloads[1]


async def test_only_active_hooks_of_the_scope_are_told_and_no_unknown_host(
    store: Client, inbox: Inbox
) -> None:
    off = (await make(store, "store/order/statusUpdated")).body["data"]
    await store.call("PUT", f"/v3/hooks/{off['id']}", {"is_active": False})
    await make(store, "store/order/archived")
    await make(store, "store/order/statusUpdated", "https://elsewhere.example/")

    await store.control("order", {"order_id": 1042, "status_id": 2})
    await store.control("order", {"order_id": 1042, "is_deleted": True})

    (payload,) = await inbox.wait_for(1)
    assert payload["scope"] == "store/order/archived"
    tried = (await store.control("deliveries"))["deliveries"]
    assert {each["status"] for each in tried if each["scope"].endswith("statusUpdated")} == {0}


async def test_a_hook_is_switched_off_after_the_last_try(store: Client, inbox: Inbox) -> None:
    made = (await make(store, "store/order/statusUpdated")).body["data"]
    inbox.status = [400, 400, 400]

    await store.control("order", {"order_id": 1042, "status_id": 2})
    await inbox.wait_for(3)

    async with asyncio.timeout(10):
        while (await store.get("/v3/hooks", scope=made["scope"]))["data"][0]["is_active"]:  # noqa: ASYNC110 - over a socket
            await asyncio.sleep(0.01)


async def test_a_host_that_fails_too_often_is_blocked(store: Client, inbox: Inbox) -> None:
    await store.control("settings", {"hook_retry_s": []})
    await make(store, "store/order/updated")
    hook_id = (await store.get("/v3/hooks", scope="store/order/updated"))["data"][0]["id"]
    inbox.status = [200] * 89 + [500] * 11
    for number in range(1, 102):
        await store.control("order", {"order_id": 1042, "staff_notes": f"Note {number}"})
        if number <= 100:
            await inbox.wait_for(number)
        await store.call("PUT", f"/v3/hooks/{hook_id}", {"is_active": True})

    async with asyncio.timeout(10):
        while len((await store.control("deliveries"))["deliveries"]) < 101:  # noqa: ASYNC110 - over a socket
            await asyncio.sleep(0.01)
    sent = (await store.control("deliveries"))["deliveries"]
    assert [each["status"] for each in sent[-2:]] == [500, 0]
    assert len(inbox.got) == 100
