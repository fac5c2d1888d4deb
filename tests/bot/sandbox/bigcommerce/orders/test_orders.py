"""V2 orders: strings, 204 for nothing, arrays of errors, and a PUT that moves no money."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.bot.sandbox.bigcommerce.store_client import Client


async def test_an_order_has_strings_nulls_and_old_dates(store: Client) -> None:
    order = await store.get("/v2/orders/1042")

    assert order["total_inc_tax"] == "154.1000"
    assert (order["staff_notes"], order["date_shipped"]) == (None, "")
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", order["date_created"])
    assert order["products"]["resource"] == "/orders/1042/products"
    assert order["custom_status"] == "Awaiting Fulfillment"


@pytest.mark.parametrize("path", ["/v2/orders/5", "/v2/orders/abc", "/v2/orders/5/products"])
async def test_what_is_not_there_is_an_array_with_404(store: Client, path: str) -> None:
    answer = await store.call("GET", path)

    assert answer.status == 404
    assert answer.body == [{"status": 404, "message": "The requested resource was not found."}]


async def test_archived_orders_are_left_out_of_lists_but_can_be_read(store: Client) -> None:
    listed = await store.get("/v2/orders", limit=250)
    archived = await store.get("/v2/orders/1031")

    assert 1031 not in [order["id"] for order in listed]
    assert archived["is_deleted"] is True


async def test_lists_start_with_the_oldest_and_page_at_50(store: Client) -> None:
    first = await store.get("/v2/orders")
    second = await store.get("/v2/orders", page=2)
    newest = await store.get("/v2/orders", sort="date_created:desc", limit=2)

    assert [len(first), len(second)] == [50, 25]
    assert first[0]["id"] == 1001
    assert [order["id"] for order in newest] == [1076, 1075]


@pytest.mark.parametrize(
    "query", [{"page": 9}, {"status_id": 11, "min_id": 5000}, {"email": "nobody@mail.example"}]
)
async def test_nothing_found_is_204_without_a_body(store: Client, query: dict[str, Any]) -> None:
    answer = await store.call("GET", "/v2/orders", **query)

    assert (answer.status, answer.body) == (204, None)


async def test_filters_narrow_the_list(store: Client) -> None:
    by_status = await store.get("/v2/orders", status_id=14)
    by_mail = await store.get("/v2/orders", email="Rosa.Guest@mail.example")
    by_id = await store.get("/v2/orders", min_id=1042, max_id=1042)
    by_date = await store.get(
        "/v2/orders", min_date_created="2026-11-19", max_date_created="2026-11-20T12:00:00Z"
    )

    assert {order["status_id"] for order in by_status} == {14}
    assert [order["id"] for order in by_mail] == [1018]
    assert [order["id"] for order in by_id] == [1042]
    assert [order["id"] for order in by_date] == [1059, 1060]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"id": 1042}, "The field 'id' is not supported by this resource."),
        ({"status_id": "11,9"}, "The field 'status_id' is invalid."),
        ({"sort": "name"}, "The field 'sort' is invalid."),
        ({"min_date_created": "soon"}, "The field 'min_date_created' is invalid."),
        ({"page": 0}, "The page and limit must be positive."),
    ],
)
async def test_wrong_queries_are_refused(
    store: Client, query: dict[str, Any], message: str
) -> None:
    answer = await store.call("GET", "/v2/orders", **query)

    assert (answer.status, answer.body) == (400, [{"status": 400, "message": message}])


async def test_a_page_above_250_is_too_large(store: Client) -> None:
    assert (await store.call("GET", "/v2/orders", limit=251)).status == 413


async def test_lines_page_at_50(store: Client) -> None:
    first = await store.get("/v2/orders/1012/products")
    second = await store.get("/v2/orders/1012/products", page=2)
    third = await store.call("GET", "/v2/orders/1012/products", page=3)

    assert [len(first), len(second), third.status] == [50, 10, 204]


async def test_a_line_is_before_discounts_with_what_was_paid_beside(store: Client) -> None:
    line = (await store.get("/v2/orders/1038/products"))[1]

    assert line["base_total"] == "35.7000"
    assert [discount["code"] for discount in line["applied_discounts"]] == ["FERN10", None]
    assert line["discounted_total_inc_tax"] == "33.7000"


async def test_bundles_and_digital_lines_are_marked(store: Client) -> None:
    parent, *children = await store.get("/v2/orders/1016/products")
    (digital,) = await store.get("/v2/orders/1015/products")

    assert {child["parent_order_product_id"] for child in children} == {parent["id"]}
    assert {child["base_price"] for child in children} == {"0.0000"}
    assert (digital["type"], digital["order_address_id"]) == ("digital", 0)


async def test_parts_that_an_order_does_not_have_are_204(store: Client) -> None:
    for path in ("fees", "coupons", "shipments"):
        assert (await store.call("GET", f"/v2/orders/1042/{path}")).status == 204
    assert (await store.call("GET", "/v2/orders/1015/shipping_addresses")).status == 204


async def test_a_shop_has_its_own_labels_for_statuses(store: Client) -> None:
    await store.control("settings", {"status_labels": {"11": "Ready to pack"}})

    order = await store.get("/v2/orders/1042")

    names = ("status_id", "status", "custom_status")
    assert [order[name] for name in names] == [11, "Awaiting Fulfillment", "Ready to pack"]


async def test_fees_come_inside_an_object_or_with_the_order(store: Client) -> None:
    apart = await store.get("/v2/orders/1010/fees")
    included = await store.get("/v2/orders/1010", include="fees")

    assert apart["fees"][0]["cost_inc_tax"] == "5.2000"
    assert included["fees"] == apart["fees"]


async def test_coupons_and_shipments_are_listed(store: Client) -> None:
    (coupon,) = await store.get("/v2/orders/1038/coupons")
    (shipment,) = await store.get("/v2/orders/1040/shipments")

    assert (coupon["code"], coupon["discount"]) == ("FERN10", 7.37)
    assert [row["quantity"] for row in shipment["items"]] == [1]


async def test_total_is_what_was_left_to_pay_after_store_credit(store: Client) -> None:
    order = await store.get("/v2/orders/1021")

    assert order["store_credit_amount"] == "20.0000"
    assert order["total_inc_tax"] == "56.3200"


async def test_the_paid_currency_is_not_always_the_shown_one(store: Client) -> None:
    euro = await store.get("/v2/orders/1033")
    shown = await store.get("/v2/orders/1034")

    assert (euro["default_currency_code"], euro["currency_code"]) == ("EUR", "EUR")
    assert (shown["default_currency_code"], shown["currency_code"]) == ("USD", "AUD")


async def test_a_new_status_moves_no_money_and_may_send_a_mail(store: Client) -> None:
    body = {"status_id": 5, "staff_notes": "Asked by the customer"}

    answer = await store.call("PUT", "/v2/orders/1042", body)

    assert answer.status == 200
    assert (answer.body["status_id"], answer.body["status"]) == (5, "Cancelled")
    assert answer.body["staff_notes"] == "Asked by the customer"
    order = await store.truth(1042)
    assert (order["payment_status"], order["refunds"]) == ("captured", [])
    assert [change["field"] for change in order["history"]] == ["status_id", "staff_notes"]
    mails = (await store.control("books"))["mails"]
    assert [(mail["order_id"], mail["status_id"]) for mail in mails] == [(1042, 5)]


async def test_no_mail_when_the_store_or_the_status_is_switched_off(store: Client) -> None:
    await store.control("settings", {"mail_statuses": [4]})
    await store.call("PUT", "/v2/orders/1042", {"status_id": 5})
    await store.control("settings", {"mail_statuses": [5], "combined_order_status_email": False})
    await store.call("PUT", "/v2/orders/1006", {"status_id": 5})

    assert (await store.control("books"))["mails"] == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"custom_status": "x"}, "The field 'custom_status' is not supported by this resource."),
        ({"nonsense": 1}, "The field 'nonsense' is not supported by this resource."),
        (
            {"status": "Cancelled"},
            "The field 'status' cannot be written to. "
            "Please remove it from your request before trying again.",
        ),
        ({"status_id": 15}, "The field 'status_id' is invalid."),
        ({"status_id": "5"}, "The field 'status_id' is invalid."),
        ({"staff_notes": "x" * 65_536}, "The field 'staff_notes' is invalid."),
        ([], "The request body must be a JSON object."),
    ],
)
async def test_a_put_with_one_wrong_field_changes_nothing(
    store: Client, body: Any, message: str
) -> None:
    wrong = {"status_id": 5, **body} if body else body

    answer = await store.call("PUT", "/v2/orders/1042", wrong)

    assert (answer.status, answer.body) == (400, [{"status": 400, "message": message}])
    assert (await store.truth(1042))["status_id"] == 11
