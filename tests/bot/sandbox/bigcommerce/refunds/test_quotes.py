"""Quotes: the store's own calculation, clipped or refused, in ways that are arrays of arrays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.bigcommerce.store_client import Client, item


async def line_ids(store: Client, order_id: int) -> list[int]:
    return [line["id"] for line in await store.get(f"/v2/orders/{order_id}/products")]


def providers(quote: Any) -> list[list[str]]:
    return [[way["provider_id"] for way in method] for method in quote["refund_methods"]]


async def test_a_quote_holds_items_and_their_tax(store: Client) -> None:
    first, _, _ = await line_ids(store, 1042)

    answer = await store.quote(1042, item("PRODUCT", first, quantity=1))

    assert answer.status == 201
    assert answer.body["meta"] == {}
    assert answer.body["data"] == {
        "order_id": 1042,
        "total_refund_amount": 25.98,
        "total_refund_tax_amount": 1.98,
        "order_level_refund_amount": 0.0,
        "rounding": 0,
        "adjustment": 0.0,
        "tax_inclusive": False,
        "refund_methods": answer.body["data"]["refund_methods"],
    }


async def test_the_parts_of_a_line_add_up_to_the_whole_to_the_cent(store: Client) -> None:
    (_, thrice) = await line_ids(store, 1038)
    for _ in range(3):
        assert (await store.refund(1038, item("PRODUCT", thrice, quantity=1))).status == 201
        await store.settled(1038)

    lines = await store.get("/v2/orders/1038/products")
    refunds = (await store.truth(1038))["refunds"]

    given = sum(round(float(refund["total"]) * 100) for refund in refunds)
    assert given == round(float(lines[1]["discounted_total_inc_tax"]) * 100)
    assert lines[1]["quantity_refunded"] == 3
    assert lines[1]["is_refunded"] is True


@pytest.mark.parametrize(
    "order_id",
    [1007, 1010, 1012, 1015, 1016, 1018, 1020, 1021, 1022, 1024, 1033, 1034, 1040, 1049, 1050],
)
async def test_everything_itemised_is_the_whole_order(store: Client, order_id: int) -> None:
    everything = await store.everything(order_id)

    answer = await store.refund(order_id, *everything)

    assert answer.status == 201
    order = await store.settled(order_id)
    assert f"{answer.body['data']['total_amount']:.2f}" == order["total"]
    assert (order["status_id"], order["payment_status"]) == (4, "refunded")


async def test_leaving_out_the_shipping_leaves_the_order_partially_refunded(store: Client) -> None:
    everything = [i for i in await store.everything(1042) if i["item_type"] == "PRODUCT"]

    await store.refund(1042, *everything)

    order = await store.settled(1042)
    assert (order["status_id"], order["payment_status"]) == (14, "partially refunded")


@pytest.mark.parametrize(
    ("order_id", "expected"),
    [
        (1042, [["storecredit"], ["braintree"], ["custom"]]),
        (1018, [["braintree"], ["custom"]]),
        (1020, [["storecredit"], ["giftcertificate", "braintree"], ["custom"]]),
        (1021, [["storecredit"], ["storecredit", "braintree"], ["custom"]]),
        (1022, [["storecredit"], ["custom"]]),
        (1024, [["storecredit"], ["bankdeposit"], ["custom"]]),
        (1033, [["braintree"], ["custom"]]),
    ],
    ids=["card", "guest", "certificate", "split", "credit", "offline", "euro"],
)
async def test_ways_to_pay_back(store: Client, order_id: int, expected: list[list[str]]) -> None:
    answer = await store.quote(order_id, *await store.everything(order_id))

    assert providers(answer.body["data"]) == expected


async def test_a_split_tender_pays_back_the_total_over_both(store: Client) -> None:
    answer = await store.quote(1021, *await store.everything(1021))

    quote = answer.body["data"]
    split = quote["refund_methods"][1]
    assert [way["amount"] for way in split] == [20.00, 56.32]
    assert quote["total_refund_amount"] == 76.32


async def test_a_gateway_that_refunds_only_whole_orders_says_why_it_is_offline(
    store: Client,
) -> None:
    (line,) = await line_ids(store, 1048)

    answer = await store.quote(1048, item("PRODUCT", line, quantity=1))

    way = answer.body["data"]["refund_methods"][1][0]
    assert (way["offline"], way["offline_provider"]) == (True, False)
    assert "Partial refunds" in way["offline_reason"]


async def test_a_quote_above_what_is_left_is_clipped_not_refused(store: Client) -> None:
    everything = await store.everything(1029)

    answer = await store.quote(1029, *everything)

    assert answer.status == 201
    assert answer.body["data"]["adjustment"] == -5.0
    assert answer.body["data"]["total_refund_amount"] == 58.33


async def test_an_order_amount_touches_neither_tax_nor_lines(store: Client) -> None:
    answer = await store.refund(1042, item("ORDER", 1042, amount=10.5))

    assert answer.body["data"]["total_tax"] == 0
    await store.settled(1042)
    lines = await store.get("/v2/orders/1042/products")
    assert [line["quantity_refunded"] for line in lines] == [0, 0, 0]


async def test_a_deduction_lowers_the_refund_of_a_line(store: Client) -> None:
    first, _, _ = await line_ids(store, 1042)
    fee = [{"amount": -5.0, "description": "Restocking"}]

    answer = await store.quote(1042, item("PRODUCT", first, quantity=1, adjustments=fee))

    assert answer.body["data"]["total_refund_amount"] == 20.98


@pytest.mark.parametrize(
    ("kind", "amount", "description"),
    [
        ("PRODUCT", 1.0, "Fee"),
        ("PRODUCT", 0, "Fee"),
        ("PRODUCT", -1.005, "Fee"),
        ("PRODUCT", -1.0, "x" * 256),
        ("PRODUCT", -1.0, None),
        ("PRODUCT", -24.01, "Fee"),
        ("GIFT_WRAPPING", -1.0, "Fee"),
    ],
    ids=["plus", "nil", "decimals", "long", "no_text", "more_than_it_costs", "wrapping"],
)
async def test_a_deduction_that_cannot_be_is_refused(
    store: Client, kind: str, amount: float, description: str | None
) -> None:
    line = (await line_ids(store, 1007 if kind == "GIFT_WRAPPING" else 1042))[0]
    off = [{"amount": amount, "description": description}]

    answer = await store.quote(
        1007 if kind == "GIFT_WRAPPING" else 1042, item(kind, line, quantity=1, adjustments=off)
    )

    assert answer.status == 422
    assert answer.body["errors"]


async def test_a_deduction_is_read_back_with_the_refund(store: Client) -> None:
    first, _, _ = await line_ids(store, 1042)
    fee = [{"amount": -24, "description": "Restocking"}]

    await store.refund(1042, item("PRODUCT", first, quantity=1, adjustments=fee))

    [refund] = (await store.get("/v3/orders/1042/payment_actions/refunds"))["data"]
    assert refund["items"][0]["adjustments"] == [{"amount": -24.0, "description": "Restocking"}]
    assert refund["total_amount"] == 1.98


@pytest.mark.parametrize(
    ("wrong", "title"),
    [
        (item("PRODUCT", 999_999, quantity=1), "PRODUCT 999999 is not part of the order"),
        (item("PRODUCT", 1042, quantity=0), "JSON data is missing or invalid"),
        (item("PRODUCT", 1042), "JSON data is missing or invalid"),
        (item("PRODUCT", 1042, quantity="1"), "JSON data is missing or invalid"),
        (item("ORDER", 1041, amount=1), "ORDER 1041 is not part of the order"),
        (item("ORDER", 1042, amount=-1), "Refund amount was negative"),
        (item("ORDER", 1042, amount=0), "JSON data is missing or invalid"),
        (
            item("ORDER", 1042, amount=1.005),
            "amount field can not have more than 2 decimal digits",
        ),
        (item("TAX", 1042, amount=1), "JSON data is missing or invalid"),
        ("PRODUCT", "JSON data is missing or invalid"),
    ],
    ids=[
        "unknown",
        "zero",
        "none",
        "text",
        "order",
        "minus",
        "nil",
        "decimals",
        "tax",
        "no_object",
    ],
)
async def test_a_malformed_item_is_refused(store: Client, wrong: Any, title: str) -> None:
    answer = await store.quote(1042, wrong)

    assert answer.status == 422
    assert answer.body["title"] == title
    assert answer.body["errors"]


async def test_more_pieces_than_are_left_are_refused(store: Client) -> None:
    first, _ = await line_ids(store, 1028)  # three were bought, one came back

    fits = await store.quote(1028, item("PRODUCT", first, quantity=2))
    too_many = await store.quote(1028, item("PRODUCT", first, quantity=3))
    twice = await store.quote(1028, *[item("PRODUCT", first, quantity=2)] * 2)

    assert [fits.status, too_many.status, twice.status] == [201, 422, 422]
    assert too_many.body["title"] == "Refund amount exceeds remaining amount"


@pytest.mark.parametrize(
    "order_id",
    [1026, 1027, 1030, 1031, 1035, 1036, 1044, 1045, 1046, 1051],
)
async def test_orders_that_cannot_be_refunded_are_refused(store: Client, order_id: int) -> None:
    answer = await store.quote(order_id, item("ORDER", order_id, amount=1))

    assert answer.status == 422
    assert set(answer.body) == {"status", "title", "type", "errors"}


async def test_a_quote_changes_nothing(store: Client) -> None:
    before = await store.truth(1042)

    await store.quote(1042, *await store.everything(1042))

    assert await store.truth(1042) == before


async def test_amounts_of_a_tax_inclusive_order_include_the_tax(store: Client) -> None:
    (address,) = await store.get("/v2/orders/1049/shipping_addresses")

    answer = await store.quote(1049, item("SHIPPING", address["id"], amount=8.5))

    quote = answer.body["data"]
    assert quote["tax_inclusive"] is True
    assert quote["total_refund_amount"] == 8.5
    assert quote["total_refund_tax_amount"] == 0.65
