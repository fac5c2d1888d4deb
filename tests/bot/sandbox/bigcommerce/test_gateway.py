"""What stands before every call: tokens, scopes, quota, and faults to order."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.bot.sandbox.bigcommerce.store_client import Client, item

REFUND = "/v3/orders/1042/payment_actions/refunds"
FIVE = {
    "items": [item("ORDER", 1042, amount=5)],
    "payments": [{"provider_id": "braintree", "amount": 5, "offline": False}],
}


@pytest.mark.parametrize("path", ["/v2/store", "/v3/customers"])
@pytest.mark.parametrize("token", ["", "wrong"])
async def test_a_wrong_token_is_401(store: Client, path: str, token: str) -> None:
    answer = await store.call("GET", path, token=token)

    assert answer.status == 401
    assert answer.body["title"] == "Unauthorized"


async def test_another_store_is_401_and_401_can_be_plain_text(store: Client) -> None:
    headers = {"X-Auth-Token": store.store.access_token}
    async with store.session.get(f"{store.url}/stores/other/v2/time", headers=headers) as other:
        assert other.status == 401
    await store.control("settings", {"plain_text_401": True})

    answer = await store.call("GET", "/v2/time", token="wrong")

    assert (answer.status, answer.body) == (401, "Unauthorized")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v2/orders/1042"),
        ("POST", REFUND),
        ("GET", "/v3/orders/1042/transactions"),
        ("GET", "/v2/coupons"),
        ("GET", "/v3/customers"),
        ("GET", "/v3/catalog/trees/categories"),
    ],
)
async def test_a_missing_scope_is_403_in_one_shape_everywhere(
    store: Client, method: str, path: str
) -> None:
    answer = await store.call(method, path, token=store.store.limited_token)

    assert answer.status == 403
    assert answer.body == {
        "status": 403,
        "title": "You don't have a required scope to access the endpoint",
        "type": answer.body["type"],
        "errors": {},
    }


async def test_reading_orders_needs_only_the_reading_scope(store: Client) -> None:
    answer = await store.call("GET", "/v2/orders/1042", token=store.store.limited_token)

    assert answer.status == 200


async def test_unknown_paths_methods_and_types_are_refused(store: Client) -> None:
    url = f"{store.url}/stores/{store.store.store_hash}"
    headers = {"X-Auth-Token": store.store.access_token}

    unknown = await store.call("GET", "/v2/nothing")
    method = await store.call("DELETE", "/v2/orders/1042")
    broken = await store.call("POST", REFUND, "text")
    async with store.session.post(f"{url}{REFUND}", data="a=b", headers=headers) as form:
        assert form.status == 415
    wants_xml = {**headers, "Accept": "application/xml"}
    async with store.session.get(f"{url}/v2/time", headers=wants_xml) as xml:
        assert xml.status == 406
    json = {**headers, "Content-Type": "application/json"}
    async with store.session.post(f"{url}{REFUND}", data="{", headers=json) as half:
        assert half.status == 400

    assert (unknown.status, unknown.body[0]["status"]) == (404, 404)
    assert (method.status, broken.status) == (405, 400)


async def test_every_answer_counts_the_quota_down(store: Client) -> None:
    first = await store.call("GET", "/v2/time")
    second = await store.call("GET", "/v3/customers", token="wrong")

    lefts = [int(row.headers["x-rate-limit-requests-left"]) for row in (first, second)]
    assert lefts[0] - lefts[1] == 1
    assert first.headers["x-rate-limit-requests-quota"] == "10000"
    assert first.headers["x-rate-limit-time-window-ms"] == "30000"
    assert 0 < int(first.headers["x-rate-limit-time-reset-ms"]) <= 30_000
    assert "x-bc-store-version" in first.headers
    assert "x-bc-store-version" not in second.headers


async def test_above_the_quota_is_429_with_the_time_to_wait(store: Client) -> None:
    await store.control("settings", {"quota": 2})

    statuses = [(await store.call("GET", "/v2/time")).status for _ in range(2)]
    refused = await store.call("GET", "/v2/time")

    assert [*statuses, refused.status] == [200, 200, 429]
    assert refused.headers["x-rate-limit-requests-left"] == "0"
    assert int(refused.headers["x-rate-limit-time-reset-ms"]) > 0


async def test_a_new_window_brings_a_new_quota(store: Client) -> None:
    await store.control("settings", {"quota": 1, "window_ms": 50})
    await store.call("GET", "/v2/time")

    answer = await store.call("GET", "/v2/time")
    while answer.status == 429:
        await asyncio.sleep(0.01)
        answer = await store.call("GET", "/v2/time")

    assert answer.status == 200


async def fault(store: Client, kind: str, **fields: Any) -> None:
    await store.control("faults", {"match": "POST refunds", "kind": kind, **fields})


async def refunds(store: Client) -> int:
    return len((await store.truth(1042))["refunds"])


@pytest.mark.parametrize(("kind", "done"), [("drop_after", 1), ("drop_before", 0)])
async def test_a_dropped_answer(store: Client, kind: str, done: int) -> None:
    await fault(store, kind)

    with pytest.raises(aiohttp.ClientError):
        await store.call("POST", REFUND, FIVE)

    assert await refunds(store) == done
    assert (await store.call("POST", REFUND, FIVE)).status == 201


@pytest.mark.parametrize(("after", "done"), [(True, 1), (False, 0)])
async def test_a_server_error_before_or_after_the_work(
    store: Client, after: bool, done: int
) -> None:
    error = {"order_id": 1042, "status": 503, "error": "Tax service gone away"}
    gone = {"data": [error], "meta": {}}
    await fault(store, "status", status=503, body=gone, after=after)

    answer = await store.call("POST", REFUND, FIVE)

    assert (answer.status, answer.body) == (503, gone)
    assert await refunds(store) == done


async def test_html_and_text_instead_of_json(store: Client) -> None:
    await fault(store, "html", status=502)
    await fault(store, "status", status=500, body="upstream failed")

    html = await store.call("POST", REFUND, FIVE)
    text = await store.call("POST", REFUND, FIVE)

    assert (html.status, html.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert html.body.startswith("<html>")
    assert (text.status, text.body) == (500, "upstream failed")


async def test_429_with_and_without_headers_does_nothing(store: Client) -> None:
    await fault(store, "rate_limit", delay_s=0.5)
    await fault(store, "rate_limit_bare")

    polite = await store.call("POST", REFUND, FIVE)
    bare = await store.call("POST", REFUND, FIVE)

    assert [polite.status, bare.status] == [429, 429]
    assert polite.headers["x-rate-limit-time-reset-ms"] == "500"
    assert not [name for name in bare.headers if name.startswith("x-")]
    assert await refunds(store) == 0


async def test_a_call_that_hangs_ends_when_the_client_gives_up(store: Client) -> None:
    await fault(store, "hang", after=True)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(store.call("POST", REFUND, FIVE), 0.1)

    assert await refunds(store) == 1


async def test_a_delay_comes_before_the_work(store: Client) -> None:
    await fault(store, "delay", delay_s=0.2)

    call = asyncio.create_task(store.call("POST", REFUND, FIVE))
    meanwhile = await refunds(store)

    assert (meanwhile, (await call).status, await refunds(store)) == (0, 201, 1)


async def test_faults_fit_methods_paths_and_times(store: Client) -> None:
    await store.control("faults", {"match": "GET orders/1042", "kind": "status", "times": 2})

    other = await store.call("GET", "/v2/orders/1006")
    below = await store.call("GET", "/v2/orders/1042/products")
    meant = [(await store.call("GET", "/v2/orders/1042")).status for _ in range(3)]

    assert [other.status, below.status, *meant] == [200, 200, 503, 503, 200]


async def test_faults_can_be_listed_and_cleared(store: Client) -> None:
    await store.control("faults", {"match": "* orders/*", "kind": "status", "times": 9})

    listed = await store.control("faults")
    await store.control("faults", {"clear": True})

    assert [row["match"] for row in listed["faults"]] == ["* orders/*"]
    assert (await store.call("GET", "/v2/orders/1042")).status == 200


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/v2/coupons", 400, [{"status": 400, "message": "The service is not available."}]),
        ("/v2/coupons", 503, {"status": 503, "title": "The service is not available."}),
        ("/v3/promotions", 400, {"status": 400, "title": "The service is not available."}),
    ],
)
async def test_a_made_up_error_has_the_shape_of_its_version_or_of_the_gateway(
    store: Client, path: str, status: int, body: Any
) -> None:
    await fault(store, "status", match="GET", status=status)

    answer = await store.call("GET", path)

    said = answer.body
    if isinstance(said, dict):
        assert said.pop("type").startswith("https://")
    assert (answer.status, said) == (status, body)


async def test_a_scope_can_be_missing_to_order(store: Client) -> None:
    await fault(store, "no_scope", match="GET coupons")

    made_up = await store.call("GET", "/v2/coupons")
    true = await store.call("GET", "/v2/coupons", token=store.store.limited_token)

    assert made_up.status == 403
    assert (made_up.status, made_up.body) == (true.status, true.body)
