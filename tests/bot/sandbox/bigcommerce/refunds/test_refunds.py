"""Refunds are real bookkeeping: equal to a fresh quote, then money that settles, or does not."""

from __future__ import annotations

import asyncio

import pytest

from tests.bot.sandbox.bigcommerce.store_client import Client, item, payments

REFUNDS = "/v3/orders/{}/payment_actions/refunds"


async def test_a_full_refund_settles_and_the_order_becomes_refunded(store: Client) -> None:
    everything = await store.everything(1042)

    answer = await store.refund(1042, *everything, reason="Wilted [MG-7F3K-2Q9D]")

    assert answer.status == 201
    assert answer.body["data"]["total_amount"] == 154.10
    order = await store.settled(1042)
    assert (order["status_id"], order["payment_status"]) == (4, "refunded")
    read = await store.get(REFUNDS.format(1042))
    assert [refund["reason"] for refund in read["data"]] == ["Wilted [MG-7F3K-2Q9D]"]
    assert (await store.get("/v2/orders/1042"))["refunded_amount"] == "0.0000"


async def test_the_promised_transaction_appears_when_the_money_moves(store: Client) -> None:
    await store.control("settings", {"settlement_s": 60})
    refund = (await store.refund(1042, item("ORDER", 1042, amount=5))).body["data"]
    promised = refund["payments"][0]["transaction_id"]
    before = (await store.get("/v3/orders/1042/transactions"))["data"]

    await store.control("settle", {})

    after = (await store.get("/v3/orders/1042/transactions"))["data"]
    assert [row["event"] for row in before] == ["purchase"]
    assert [row["event"] for row in after] == ["purchase", "refund"]
    assert str(after[1]["id"]) == promised
    assert (after[1]["order_id"], after[1]["status"], after[1]["amount"]) == ("1042", "ok", 5.0)


async def test_until_it_settles_the_order_looks_as_before(store: Client) -> None:
    await store.control("settings", {"settlement_s": 60})

    await store.refund(1042, *await store.everything(1042))

    order = await store.get("/v2/orders/1042")
    lines = await store.get("/v2/orders/1042/products")
    assert (order["status_id"], order["payment_status"]) == (11, "captured")
    assert [line["quantity_refunded"] for line in lines] == [0, 0, 0]


async def test_a_declined_refund_gives_the_amounts_free_again(store: Client) -> None:
    everything = await store.everything(1042)
    await store.control("faults", {"match": "POST refunds", "kind": "decline"})

    accepted = await store.refund(1042, *everything)

    order = await store.settled(1042)
    (refund,) = (await store.get(REFUNDS.format(1042)))["data"]
    assert accepted.body["data"]["payments"][0]["is_declined"] is False
    assert refund["payments"][0]["is_declined"] is True
    assert refund["payments"][0]["declined_message"]
    assert (order["status_id"], order["payment_status"]) == (11, "captured")
    assert (await store.quote(1042, *everything)).body["data"]["adjustment"] == 0


async def test_a_refund_that_is_only_recorded_is_never_declined(store: Client) -> None:
    by_hand = [{"provider_id": "custom", "amount": 5, "offline": True}]
    await store.control("faults", {"match": "POST refunds", "kind": "decline"})

    await store.refund(1042, item("ORDER", 1042, amount=5), payments=by_hand)

    order = await store.settled(1042)
    assert (order["refunds"][0]["declined"], order["refunds"][0]["given_back"]) == (False, "5.00")


async def test_one_tender_of_two_can_be_declined(store: Client) -> None:
    fault = {"match": "POST refunds", "kind": "decline", "provider_id": "braintree"}
    await store.control("faults", fault)

    await store.refund(1021, *await store.everything(1021))

    order = await store.settled(1021)
    assert (order["status_id"], order["refunds"][0]["given_back"]) == (14, "20.00")
    assert order["refunds"][0]["declined"] is False


async def test_store_credit_goes_to_the_customer(store: Client) -> None:
    order = await store.get("/v2/orders/1042")
    credit = [{"provider_id": "storecredit", "amount": 5, "offline": False}]

    await store.refund(1042, item("ORDER", 1042, amount=5), payments=credit)

    await store.settled(1042)
    about = {"id__in": order["customer_id"], "include": "storecredit"}
    (customer,) = (await store.get("/v3/customers", **about))["data"]
    assert customer["store_credit_amounts"] == [{"amount": 15.0}]


@pytest.mark.parametrize(
    "way",
    [
        {"provider_id": "braintree", "amount": 4.99, "offline": False},
        {"provider_id": "braintree", "amount": 5, "offline": True},
        {"provider_id": "stripe", "amount": 5, "offline": False},
    ],
    ids=["amount", "offline", "provider"],
)
async def test_payments_that_are_no_way_of_the_quote_are_refused(
    store: Client, way: dict[str, object]
) -> None:
    answer = await store.refund(1042, item("ORDER", 1042, amount=5), payments=[way])

    assert answer.status == 422
    (error,) = answer.body["data"]
    assert error["title"] == "The requested refund had invalid split payment."
    assert (await store.truth(1042))["refunds"] == []


async def test_half_a_split_tender_is_refused(store: Client) -> None:
    everything = await store.everything(1021)
    quote = (await store.quote(1021, *everything)).body["data"]
    half = payments(quote["refund_methods"][1][:1])

    answer = await store.refund(1021, *everything, payments=half)

    assert answer.status == 422


async def test_a_guest_gets_no_store_credit_and_the_error_is_inside_data(store: Client) -> None:
    credit = [{"provider_id": "storecredit", "amount": 5, "offline": False}]

    answer = await store.refund(1018, item("ORDER", 1018, amount=5), payments=credit)

    assert answer.status == 422
    assert answer.body == {
        "data": [
            {
                "status": 422,
                "title": "Unable to provide store credit for a guest customer.",
                "type": answer.body["data"][0]["type"],
            }
        ]
    }


async def test_missing_payments_and_long_reasons_are_refused(store: Client) -> None:
    five = item("ORDER", 1042, amount=5)

    without = await store.refund(1042, five, payments=None)
    long = await store.refund(1042, five, reason="x" * 1001)

    assert without.body["errors"] == {"payments": "error.path.missing"}
    assert long.body["errors"] == {"reason": "error.maxLength"}


async def test_a_cancelled_order_gives_nothing_back(store: Client) -> None:
    await store.call("PUT", "/v2/orders/1042", {"status_id": 5})

    answer = await store.quote(1042, item("ORDER", 1042, amount=5))

    assert answer.status == 422


async def test_two_refunds_at_once_pay_twice_unless_the_store_refuses(store: Client) -> None:
    await store.control("settings", {"settlement_s": 60})
    everything = await store.everything(1042)

    twice = await asyncio.gather(*(store.refund(1042, *everything) for _ in range(2)))
    await store.control("settings", {"concurrent_refunds": "refuse"})
    third = await store.refund(1042, *everything)

    assert [answer.status for answer in twice] == [201, 201]
    assert third.status == 423
    assert len((await store.truth(1042))["refunds"]) == 2


async def test_refunds_of_one_order_settle_one_after_another(store: Client) -> None:
    slow = {"match": "POST refunds", "kind": "slow_settlement", "delay_s": 0.2}
    await store.control("faults", slow)
    for amount in (5, 6):
        await store.refund(1042, item("ORDER", 1042, amount=amount))

    await store.settled(1042)

    rows = (await store.get("/v3/orders/1042/transactions"))["data"]
    assert [row["amount"] for row in rows if row["event"] == "refund"] == [5.0, 6.0]


async def test_a_clipped_quote_is_the_truth_from_then_on(store: Client) -> None:
    everything = await store.everything(1042)
    clip = {"match": "POST refund_quotes", "kind": "clip", "amount": "4.10"}
    await store.control("faults", clip)

    first = (await store.quote(1042, *everything)).body["data"]
    answer = await store.refund(1042, *everything)

    assert (first["total_refund_amount"], first["adjustment"]) == (150.0, -4.1)
    assert answer.body["data"]["total_amount"] == 150.0
    assert (await store.settled(1042))["payment_status"] == "refunded"


async def test_refunds_can_be_found_by_their_transaction(store: Client) -> None:
    for amount in (5, 6):
        await store.refund(1042, item("ORDER", 1042, amount=amount))
    rows = (await store.get(REFUNDS.format(1042)))["data"]

    wanted = rows[1]["payments"][0]["transaction_id"]
    found = (await store.get(REFUNDS.format(1042), transaction_id=wanted))["data"]

    assert [row["id"] for row in found] == [rows[1]["id"]]


async def test_items_of_a_refund_show_quantities_for_products_only(store: Client) -> None:
    everything = await store.everything(1007)

    refund = (await store.refund(1007, *everything)).body["data"]

    kinds = {row["item_type"]: row for row in refund["items"]}
    assert kinds["PRODUCT"]["quantity"] == 1
    assert kinds["PRODUCT"]["requested_amount"] is None
    assert "quantity" not in kinds["GIFT_WRAPPING"]
    assert kinds["SHIPPING"]["requested_amount"] == 8.5


async def test_a_refunded_fee_is_read_back_under_the_orders_number(store: Client) -> None:
    (fee,) = (await store.get("/v2/orders/1010/fees"))["fees"]
    made = (await store.refund(1010, item("FEE", fee["id"], amount=2))).body["data"]
    await store.settled(1010)

    (listed,) = (await store.get(REFUNDS.format(1010)))["data"]
    of_all = await store.get("/v3/orders/payment_actions/refunds", order_id__in=1010)
    above = await store.quote(1010, item("FEE", fee["id"], amount=2.81))

    found = [refund["items"][0] for refund in (made, listed, of_all["data"][0])]
    assert [(row["item_type"], row["item_id"]) for row in found] == [("FEE", 1010)] * 3
    assert [row["requested_amount"] for row in found] == [2.0, 2.0, 2.0]
    assert above.status == 422  # 4.80 were charged: the fee itself is still what is counted


async def test_unknown_orders_are_404_in_the_shape_of_v3(store: Client) -> None:
    answer = await store.quote(999_999, item("ORDER", 999_999, amount=1))

    assert (answer.status, answer.body["status"]) == (404, 404)
