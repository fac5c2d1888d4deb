"""An order whose payment is only authorised is released first, then cancelled."""

from __future__ import annotations

import pytest

from bot.actions.cancellations.cancel_order import CANCEL_ORDER, CancelOrder
from bot.values.outcome import Status
from tests.bot.actions.world import AT_ONCE, World


def request(order_id: int) -> CancelOrder:
    return CancelOrder(order_id=order_id, reason="Ordered twice")


@pytest.fixture
async def authorised(world: World) -> int:
    """Return an order whose payment is only authorised."""
    await world.change(1042, status_id=7, payment_status="authorized")
    return 1042


async def changes_of(world: World, order_id: int) -> list[tuple[str, str]]:
    history = (await world.truth(order_id))["history"]
    return [(each["field"], str(each["after"])) for each in history]


async def test_an_authorised_payment_is_released_before_cancelling(
    world: World, authorised: int
) -> None:
    outcome = await world.run(CANCEL_ORDER, request(authorised))

    seen = await changes_of(world, authorised)
    assert outcome.status is Status.SUCCEEDED
    assert outcome.message.endswith("and released its payment: nothing was charged.")
    assert seen.index(("payment_status", "void")) < seen.index(("status_id", "5"))


async def test_the_review_tells_that_an_authorised_payment_is_released(
    world: World, authorised: int
) -> None:
    review = await CANCEL_ORDER.review(request(authorised), world.store)

    assert review.warnings == ()
    assert review.effect == (
        f"Order {authorised} becomes Cancelled. The payment is only authorised: it is released "
        "first, so nothing is charged."
    )


async def test_a_void_that_fails_leaves_the_order_as_it_was(world: World, authorised: int) -> None:
    await world.break_next("POST void", "decline")

    outcome = await world.run(CANCEL_ORDER, request(authorised), waits=(0.05, 0.05))

    assert outcome.status is Status.FAILED
    assert "still authorised" in outcome.message
    assert (await world.truth(authorised))["status_id"] == 7


async def test_a_void_on_its_way_is_pending_and_finished_by_a_later_run(
    world: World, authorised: int
) -> None:
    await world.set(settlement_s=600)

    first = await world.run(CANCEL_ORDER, request(authorised), waits=AT_ONCE)
    await world.heal()
    second = await world.run(CANCEL_ORDER, request(authorised), waits=AT_ONCE, accepted=True)

    assert first.status is Status.PENDING
    assert "is being released" in first.message
    assert second.status is Status.SUCCEEDED
    assert (await world.truth(authorised))["status_id"] == 5


async def test_a_lost_answer_to_the_void_is_settled_by_reading(
    world: World, authorised: int
) -> None:
    await world.break_next("POST void", "drop_after")

    outcome = await world.run(CANCEL_ORDER, request(authorised))

    assert outcome.status is Status.SUCCEEDED


async def test_a_payment_captured_meanwhile_stops_the_cancelling(
    world: World, authorised: int
) -> None:
    await world.set(settlement_s=600)
    await world.run(CANCEL_ORDER, request(authorised), waits=AT_ONCE)
    await world.change(authorised, payment_status="captured")

    outcome = await world.run(CANCEL_ORDER, request(authorised), waits=AT_ONCE, accepted=True)

    assert outcome.status is Status.REJECTED
    assert outcome.message == (
        "Order 1042 was not cancelled. BigCommerce has taken 154.10 USD for order 1042. Refund it "
        "there first, then cancel."
    )
    assert (await world.truth(authorised))["status_id"] == 7


async def test_a_gateway_that_cannot_void_changes_nothing(world: World, authorised: int) -> None:
    body = {"status": 422, "title": "Void is not supported by this gateway", "errors": {}}
    await world.break_next("POST void", "status", status=422, body=body)

    outcome = await world.run(CANCEL_ORDER, request(authorised))

    assert outcome.status is Status.REJECTED
    assert "Void is not supported by this gateway." in outcome.message
    assert (await world.truth(authorised))["status_id"] == 7


async def test_cancelling_that_is_refused_after_the_void_says_where_it_stands(
    world: World, authorised: int
) -> None:
    body = [{"status": 400, "message": "The order is locked"}]
    await world.break_next("PUT orders/1042", "status", status=400, body=body)

    first = await world.run(CANCEL_ORDER, request(authorised))
    second = await world.run(CANCEL_ORDER, request(authorised))

    assert first.status is Status.UNKNOWN
    assert first.message.startswith("The customer's payment for order 1042 was released. It is")
    assert second.status is Status.SUCCEEDED


async def test_an_order_that_cannot_be_read_after_the_void_stays_pending(
    world: World, authorised: int
) -> None:
    await world.set(settlement_s=600)
    await world.run(CANCEL_ORDER, request(authorised), waits=AT_ONCE)
    await world.break_next("GET orders/1042", "status", times=99)

    outcome = await world.run(CANCEL_ORDER, request(authorised), waits=AT_ONCE, accepted=True)

    assert outcome.status is Status.PENDING


async def test_an_order_that_shipped_while_its_payment_was_released_is_not_cancelled(
    world: World, authorised: int
) -> None:
    await world.set(settlement_s=600)
    await world.run(CANCEL_ORDER, request(authorised), waits=AT_ONCE)
    await world.heal()
    await world.change(authorised, status_id=2)

    outcome = await world.run(CANCEL_ORDER, request(authorised), waits=AT_ONCE, accepted=True)

    assert outcome.status is Status.UNKNOWN
    assert "It is not cancelled: it has become Shipped meanwhile." in outcome.message
    assert (await world.truth(authorised))["status_id"] == 2
