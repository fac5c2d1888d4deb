from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.actions.action import RuleBroken
from bot.actions.cancellations.cancel_order import CANCEL_ORDER, CancelOrder
from bot.actions.refunds.refund_order import REFUND_ORDER, RefundOrder
from bot.values.outcome import Status
from tests.bot.actions.world import REFERENCE, World, client


def request(order_id: int) -> CancelOrder:
    return CancelOrder(order_id=order_id, reason="Ordered twice")


@pytest.fixture
async def unpaid(world: World) -> int:
    """Return an order that awaits a payment which has not come."""
    await world.change(1044, staff_notes="Call first")
    return 1044


async def test_an_unpaid_order_is_cancelled_with_a_note(world: World, unpaid: int) -> None:
    outcome = await world.run(CANCEL_ORDER, request(unpaid))

    truth = await world.truth(unpaid)
    assert outcome.status is Status.SUCCEEDED
    assert outcome.message == "Cancelled order 1044. No money moved."
    assert truth["status_id"] == 5
    assert truth["staff_notes"].startswith("Call first\n")
    assert truth["staff_notes"].endswith(f"Cancelled with Makegood {REFERENCE}: Ordered twice")
    assert outcome.changes[0].model_dump() == {
        "field": "status",
        "before": "Awaiting Payment",
        "after": "Cancelled",
    }


@pytest.mark.parametrize("status_id", [1, 4, 7])
async def test_an_order_whose_payment_was_taken_is_refunded_first(
    world: World, status_id: int
) -> None:
    await world.change(1042, status_id=status_id)

    with pytest.raises(RuleBroken) as refused:
        await CANCEL_ORDER.review(request(1042), world.store)
    outcome = await world.run(CANCEL_ORDER, request(1042))

    said = "BigCommerce has taken 154.10 USD for order 1042. Refund it there first, then cancel."
    truth = await world.truth(1042)
    assert refused.value.text.startswith(said)
    assert refused.value.text.endswith("/manage/orders/1042")
    assert outcome.status is Status.REJECTED
    assert outcome.message == f"Order 1042 was not cancelled. {said}"
    assert (truth["status_id"], truth["payment_status"]) == (status_id, "captured")


async def test_money_that_cannot_be_read_keeps_an_order_from_being_cancelled(
    world: World, unpaid: int
) -> None:
    await world.break_next("GET transactions", "status", times=99)

    outcome = await world.run(CANCEL_ORDER, request(unpaid))

    assert outcome.status is Status.FAILED
    assert "whether its payment was taken could not be read" in outcome.message
    assert (await world.truth(unpaid))["status_id"] == 7


@pytest.mark.parametrize(
    "change",
    [
        {"remove": ["payment_status"]},
        {"set": {"payment_status": None}},
        {"set": {"payment_status": 7.5}},
        {"set": {"store_credit_amount": "much"}},
    ],
)
async def test_an_order_whose_payment_is_not_told_is_not_cancelled(
    world: World, unpaid: int, change: dict[str, Any]
) -> None:
    await world.break_next(f"GET orders/{unpaid}", "change", times=99, **change)

    outcome = await world.run(CANCEL_ORDER, request(unpaid))

    assert outcome.status is Status.FAILED
    assert outcome.message.startswith(
        "Order 1044 was not cancelled: whether its payment was taken could not be read."
    )
    assert (await world.truth(unpaid))["status_id"] == 7


async def test_an_order_that_was_given_back_in_full_is_cancelled(world: World) -> None:
    outcome = await world.run(CANCEL_ORDER, request(1030))

    assert outcome.status is Status.SUCCEEDED
    assert (await world.truth(1030))["status_id"] == 5


async def test_money_of_a_declined_refund_is_kept_whatever_the_payment_status_says(
    world: World,
) -> None:
    await world.change(1042, status_id=2)
    confirmed = await world.confirm(
        REFUND_ORDER, RefundOrder(order_id=1042, reason="Ordered twice")
    )
    await world.break_next("POST refunds", "decline")
    await world.run(REFUND_ORDER, confirmed, reference="MG-AAAA-AAAA")
    await world.change(1042, status_id=4, payment_status="refunded")

    outcome = await world.run(CANCEL_ORDER, request(1042))

    assert outcome.status is Status.REJECTED
    assert outcome.message == (
        "Order 1042 was not cancelled. BigCommerce has taken 154.10 USD for order 1042. Refund it "
        "there first, then cancel."
    )
    assert (await world.truth(1042))["status_id"] == 4


async def test_the_review_says_no_more_of_the_payment_than_is_known(
    world: World, unpaid: int
) -> None:
    await world.change(1042, status_id=4, payment_status="refunded")

    given_back = await CANCEL_ORDER.review(request(1042), world.store)
    not_taken = await CANCEL_ORDER.review(request(unpaid), world.store)

    assert given_back.effect == (
        "Order 1042 becomes Cancelled. No money moves: BigCommerce shows the payment as refunded."
    )
    assert not_taken.effect == (
        "Order 1044 becomes Cancelled. No money moves: BigCommerce shows none that was taken."
    )


async def test_a_status_that_was_taken_for_another_is_not_told_as_cancelled(
    world: World, unpaid: int
) -> None:
    await world.break_next(f"PUT orders/{unpaid}", "misread", set={"status_id": 10})

    outcome = await world.run(CANCEL_ORDER, request(unpaid))

    assert outcome.status is Status.UNKNOWN
    assert outcome.message == (
        "Order 1044 has become Completed, although its staff note says that it was cancelled."
    )


async def test_a_refund_that_is_still_open_keeps_an_order_from_being_cancelled(
    world: World,
) -> None:
    attempt = dataclasses.replace(world.attempt(), unsettled=("MG-AAAA-AAAA",))

    outcome = await CANCEL_ORDER.run(request(1030), attempt)

    assert outcome.status is Status.REJECTED
    assert "a refund of it is still open (MG-AAAA-AAAA)" in outcome.message
    assert (await world.truth(1030))["status_id"] == 4


async def test_an_order_that_shipped_meanwhile_is_rejected(world: World, unpaid: int) -> None:
    await world.change(unpaid, status_id=2, payment_status="captured")

    outcome = await world.run(CANCEL_ORDER, request(unpaid))

    assert outcome.status is Status.REJECTED
    assert outcome.message == (
        "Order 1044 has shipped, so it cannot be cancelled. Refund it with /refund-order 1044."
    )


async def test_the_review_refuses_what_the_table_refuses(world: World) -> None:
    with pytest.raises(RuleBroken, match="Cancel and refund it with /cancel-order 1042"):
        await CANCEL_ORDER.review(request(1042), world.store)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("drop_after", {}), ("status", {}), ("hang", {"after": True}), ("html", {"status": 502})],
)
async def test_a_lost_answer_to_the_status_is_read_back_and_written_once_more(
    world: World, unpaid: int, kind: str, fields: dict[str, Any]
) -> None:
    await world.break_next("PUT orders/1044", kind, **fields)

    outcome = await world.run(CANCEL_ORDER, request(unpaid))

    truth = await world.truth(unpaid)
    assert outcome.status is Status.SUCCEEDED
    assert truth["status_id"] == 5
    assert truth["staff_notes"].count(REFERENCE) == 1


async def test_a_status_that_stays_without_an_answer_is_unknown(world: World, unpaid: int) -> None:
    await world.break_next("PUT orders/1044", "status", times=2)

    first = await world.run(CANCEL_ORDER, request(unpaid))
    second = await world.run(CANCEL_ORDER, request(unpaid))

    assert first.status is Status.UNKNOWN
    assert second.status is Status.SUCCEEDED


async def test_a_second_run_of_the_same_reference_changes_nothing(
    world: World, unpaid: int
) -> None:
    await world.run(CANCEL_ORDER, request(unpaid))
    before = await world.truth(unpaid)

    outcome = await world.run(CANCEL_ORDER, request(unpaid))

    assert outcome.status is Status.SUCCEEDED
    assert await world.truth(unpaid) == before


async def test_another_reference_is_told_that_it_is_cancelled_already(
    world: World, unpaid: int
) -> None:
    await world.run(CANCEL_ORDER, request(unpaid))

    outcome = await world.run(CANCEL_ORDER, request(unpaid), reference="MG-AAAA-AAAA")

    assert outcome.status is Status.REJECTED
    assert outcome.message == "Order 1044 is already cancelled."


async def test_a_token_without_the_scope_names_what_to_fix(world: World, unpaid: int) -> None:
    store = client(world.url, world.sandbox, token=world.sandbox.limited_token)

    outcome = await world.run(CANCEL_ORDER, request(unpaid), store=store)
    await store.close()

    assert outcome.status is Status.FAILED
    assert outcome.message == (
        "Order 1044 was not touched: Makegood's access token lacks a permission for it."
    )


@pytest.mark.parametrize("order_id", [0, -1, 2**31])
def test_an_impossible_order_number_is_no_request(order_id: int) -> None:
    with pytest.raises(ValueError, match="order_id"):
        request(order_id)
