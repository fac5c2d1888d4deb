"""Answers that are not what is true, and deeds that are not what was asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bot.sandbox.bigcommerce.store_client import Answer, Client, Stores, item

REFUNDS = "/v3/orders/1042/payment_actions/refunds"
COUPON = {
    "name": "Sorry",
    "code": "SORRY-10",
    "type": "percentage_discount",
    "amount": "10",
    "enabled": True,
    "max_uses": 1,
    "applies_to": {"entity": "categories", "ids": [0]},
}
PROMOTION = {
    "redemption_type": "COUPON",
    "name": "Sorry",
    "currency_code": "*",
    "rules": [{"action": {"cart_value": {"discount": {"percentage_amount": "10"}}}}],
}


async def fault(store: Client, kind: str, match: str, **fields: Any) -> None:
    said = await store.control("faults", {"kind": kind, "match": match, **fields})
    assert said["ok"], said


async def test_an_answer_can_be_changed_while_what_is_true_stays(store: Client) -> None:
    odd = {"channel_id": None, "default_currency_code": None, "date_created": ""}
    await fault(store, "change", "GET orders/1042", set=odd, remove=["id"], times=2)

    first = await store.get("/v2/orders/1042")
    again = await store.get("/v2/orders/1042")
    then = await store.get("/v2/orders/1042")

    assert {name: first[name] for name in odd} == odd
    assert "id" not in first
    assert again == first
    assert (then["id"], then["channel_id"], then["default_currency_code"]) == (1042, 1, "USD")


async def test_half_a_surrogate_pair_goes_out_as_json_has_it(store: Client) -> None:
    await fault(store, "change", "GET products", set={"0.name": "Fern \ud83d"})

    lines = await store.get("/v2/orders/1042/products")

    assert [line["name"] for line in lines][:2] == ["Fern \ud83d", "Orbit Terrarium"]


async def test_one_member_of_a_list_can_be_meant(store: Client) -> None:
    path = "id=1042.billing_address.first_name"
    await fault(store, "change", "GET orders", set={path: "\ud83d"})

    rows = await store.get("/v2/orders", min_id=1041, max_id=1042)

    names = {row["id"]: row["billing_address"]["first_name"] for row in rows}
    assert names[1042] == "\ud83d"
    assert names[1041] != "\ud83d"


async def test_a_changed_answer_is_not_in_the_journal_but_the_true_one_is(
    stores: Stores, store: Client
) -> None:
    await fault(store, "change", "GET orders/1042", set={"status_id": "?"})

    await store.get("/v2/orders/1042")

    (line,) = stores.journal.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["response"]["status_id"] == 11


async def test_a_refusal_is_never_changed_and_the_change_waits(store: Client) -> None:
    await fault(store, "change", "GET orders/*", set={"id": 5})

    refused = await store.call("GET", "/v2/orders/999")
    read = await store.get("/v2/orders/1042")

    assert (refused.status, read["id"]) == (404, 5)


async def test_a_success_can_come_without_a_body(store: Client) -> None:
    await fault(store, "status", "GET shipping_addresses", status=204)

    answer = await store.call("GET", "/v2/orders/1042/shipping_addresses")

    assert (answer.status, answer.body) == (204, None)


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("enabled", False, False),
        ("amount", "20", "20.0000"),
        ("type", "per_total_discount", "per_total_discount"),
        ("max_uses", 5, 5),
        ("expires", "Thu, 31 Dec 2026 23:00:00 +0000", "Thu, 31 Dec 2026 23:00:00 +0000"),
        ("code", "OTHER-1", "OTHER-1"),
    ],
)
async def test_a_coupon_can_come_out_other_than_it_was_asked_for(
    store: Client, field: str, value: Any, shown: Any
) -> None:
    await fault(store, "misread", "POST coupons", set={field: value})

    made = await store.call("POST", "/v2/coupons", COUPON)

    (kept,) = (await store.control("books"))["coupons"]
    assert (made.status, made.body[field], kept[field]) == (201, shown, shown)


@pytest.mark.parametrize(
    ("kind", "fields", "status"),
    [("misread", {"set": {"status": "DISABLED"}}, "DISABLED"), ("invalid", {}, "INVALID")],
)
async def test_a_promotion_can_come_out_of_no_use(
    store: Client, kind: str, fields: dict[str, Any], status: str
) -> None:
    await fault(store, kind, "POST promotions", **fields)

    made = await store.call("POST", "/v3/promotions", PROMOTION)

    (kept,) = (await store.control("books"))["promotions"]
    assert (made.status, made.body["data"]["status"], kept["status"]) == (201, status, status)


async def test_an_order_can_get_another_status_than_was_written(store: Client) -> None:
    await fault(store, "misread", "PUT orders/1042", set={"status_id": 10}, remove=["staff_notes"])

    answer = await store.call("PUT", "/v2/orders/1042", {"status_id": 5, "staff_notes": "MG"})

    order = await store.truth(1042)
    assert (answer.body["status_id"], order["status_id"], order["staff_notes"]) == (10, 10, None)


async def test_stock_can_change_by_another_number(store: Client) -> None:
    before = (await store.control("books"))["stock"]["FF-101"]["1"]
    move = {"location_id": 1, "quantity": 1, "product_id": 101}
    await fault(store, "misread", "POST relative", set={"items.0.quantity": 2})

    await store.call("POST", "/v3/inventory/adjustments/relative", {"items": [move]})

    assert (await store.control("books"))["stock"]["FF-101"]["1"] == before + 2


@pytest.mark.parametrize(("amount", "status_id"), [("51.96", 14), ("154.10", 4)])
async def test_a_refund_can_give_back_another_amount(
    store: Client, amount: str, status_id: int
) -> None:
    await fault(store, "other_amount", "POST refunds", amount=amount)

    answer = await store.refund(1042, item("ORDER", 1042, amount=100))

    order = await store.settled(1042)
    (refund,) = order["refunds"]
    made = answer.body["data"]
    assert (made["total_amount"], made["payments"][0]["amount"]) == (float(amount),) * 2
    assert (refund["total"], refund["given_back"], order["status_id"]) == (
        amount,
        amount,
        status_id,
    )


async def refunded_under(store: Client, **fields: Any) -> tuple[Answer, int]:
    await fault(store, "status", "POST refunds", **fields)
    answer = await store.refund(1042, item("ORDER", 1042, amount=5))
    return answer, len((await store.truth(1042))["refunds"])


@pytest.mark.parametrize("after", [True, False])
async def test_a_refusal_says_nothing_of_what_was_done(store: Client, *, after: bool) -> None:
    answer, done = await refunded_under(store, status=422, after=after)

    assert (answer.status, answer.body["title"]) == (422, "The service is not available.")
    assert done == int(after)


async def test_faults_with_any_value_can_be_listed(store: Client) -> None:
    await fault(store, "change", "GET products", set={"0.name": "\ud83d", "0.quantity": 1.5})

    (listed,) = (await store.control("faults"))["faults"]

    assert (listed["kind"], listed["set"]["0.name"]) == ("change", "\ud83d")
