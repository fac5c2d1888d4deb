from __future__ import annotations

from decimal import Decimal

import pytest

from bot.actions.action import RuleBroken
from bot.actions.cancellations.cancel_and_refund import CANCEL_AND_REFUND, CancelAndRefund
from bot.actions.orders.snapshot import OrderSnapshot
from bot.values.outcome import Status
from tests.bot.actions.world import AT_ONCE, REFERENCE, World


def request(order_id: int = 1042) -> CancelAndRefund:
    return CancelAndRefund(order_id=order_id, reason="Changed their mind")


async def statuses_of(world: World, order_id: int = 1042) -> list[str]:
    history = (await world.truth(order_id))["history"]
    return [str(each["after"]) for each in history if each["field"] == "status_id"]


@pytest.mark.parametrize("order_id", [1042, 1012, 1018, 1020, 1022, 1034, 1038, 1050])
async def test_the_money_comes_back_and_then_the_order_is_cancelled(
    world: World, order_id: int
) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request(order_id))
    assert confirmed.confirmed is not None

    outcome = await world.run(CANCEL_AND_REFUND, confirmed)

    truth = await world.truth(order_id)
    assert outcome.status is Status.SUCCEEDED, outcome
    assert outcome.message.endswith("The order is cancelled.")
    assert truth["status_id"] == 5
    assert truth["refunds"][0]["given_back"] == truth["total"]
    assert f"Cancelled with Makegood {REFERENCE}: Changed their mind" in truth["staff_notes"]
    assert [change.field for change in outcome.changes] == ["refunded", "status"]
    assert outcome.changes[1].before == confirmed.confirmed.status != "Refunded"
    assert outcome.changes[1].after == "Cancelled"
    assert await statuses_of(world, order_id) == ["4", "5"]


async def test_where_it_is_not_known_from_where_the_order_came_that_is_not_told(
    world: World,
) -> None:
    asked = await world.confirm(CANCEL_AND_REFUND, request())
    assert asked.confirmed is not None
    of_0_1_0 = asked.confirmed.model_copy(update={"status": "", "items": ()})

    outcome = await world.run(CANCEL_AND_REFUND, asked.model_copy(update={"confirmed": of_0_1_0}))

    assert outcome.message.endswith("The order is cancelled.")
    assert [change.field for change in outcome.changes] == ["refunded"]


async def test_the_review_says_that_the_order_is_cancelled_afterwards(world: World) -> None:
    review = await CANCEL_AND_REFUND.review(request(), world.store)

    assert review.effect == (
        "The refund of 154.10 USD comes first. When it has gone through, order 1042 becomes "
        "Cancelled."
    )
    assert any("Refunded or Cancelled" in notice for notice in review.notices)


async def test_a_declined_refund_leaves_the_order_as_it_was(world: World) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request())
    await world.break_next("POST refunds", "decline")

    outcome = await world.follow(CANCEL_AND_REFUND, confirmed)

    assert outcome.status is Status.FAILED
    assert outcome.message.endswith("Order 1042 is not cancelled.")
    assert (await world.truth(1042))["status_id"] == 11


async def test_money_still_on_its_way_leaves_the_order_until_a_later_run(world: World) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request())
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)

    first = await world.run(CANCEL_AND_REFUND, confirmed, waits=AT_ONCE)
    status_between = (await world.truth(1042))["status_id"]
    await world.heal()
    second = await world.run(CANCEL_AND_REFUND, confirmed, waits=AT_ONCE, accepted=True)

    truth = await world.truth(1042)
    assert first.status is Status.PENDING
    assert first.message.endswith("Order 1042 is not cancelled yet.")
    assert status_between == 11
    assert second.status is Status.SUCCEEDED
    assert truth["status_id"] == 5
    assert len(truth["refunds"]) == 1


async def test_a_second_half_that_got_no_answer_is_done_by_the_next_run(world: World) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request())
    await world.break_next("PUT orders/1042", "status", times=2)

    first = await world.run(CANCEL_AND_REFUND, confirmed)
    second = await world.run(CANCEL_AND_REFUND, confirmed, accepted=True)

    assert first.status is Status.PENDING
    assert first.message.startswith("Refunded ")
    assert "It is not cancelled yet" in first.message
    assert second.status is Status.SUCCEEDED
    assert len((await world.truth(1042))["refunds"]) == 1


async def test_a_second_half_that_was_refused_says_where_it_stands(world: World) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request())
    body = [{"status": 400, "message": "The order is locked"}]
    await world.break_next("PUT orders/1042", "status", status=400, body=body)

    first = await world.run(CANCEL_AND_REFUND, confirmed)
    second = await world.run(CANCEL_AND_REFUND, confirmed)

    assert first.status is Status.UNKNOWN
    assert first.message == (
        f"Refunded {first.amount} for order 1042 through Braintree. It is not cancelled yet: "
        "BigCommerce said no. The order is locked."
    )
    assert "Check again" in first.next_step
    assert second.status is Status.SUCCEEDED


async def test_a_lost_answer_to_the_cancelling_is_read_back(world: World) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request())
    await world.break_next("PUT orders/1042", "drop_after")

    outcome = await world.run(CANCEL_AND_REFUND, confirmed)

    notes = (await world.truth(1042))["staff_notes"]
    assert outcome.status is Status.SUCCEEDED
    assert notes.count(REFERENCE) == 1


async def test_a_run_after_the_end_changes_nothing_more(world: World) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request())
    await world.run(CANCEL_AND_REFUND, confirmed)
    before = await world.truth(1042)

    outcome = await world.run(CANCEL_AND_REFUND, confirmed)

    assert outcome.status is Status.SUCCEEDED
    assert await world.truth(1042) == before


async def test_an_order_that_was_shipped_while_the_money_moved_is_not_cancelled(
    world: World,
) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request())
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)
    await world.run(CANCEL_AND_REFUND, confirmed, waits=AT_ONCE)
    await world.heal()
    await world.change(1042, status_id=2)

    outcome = await world.run(CANCEL_AND_REFUND, confirmed, accepted=True)

    assert outcome.status is Status.UNKNOWN
    assert "It is not cancelled: it has become Shipped meanwhile." in outcome.message
    assert (await world.truth(1042))["status_id"] == 2


async def test_an_offline_payment_is_recorded_and_left_to_a_person(world: World) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request(1024))

    outcome = await world.run(CANCEL_AND_REFUND, confirmed)

    assert outcome.status is Status.TO_DO
    name = OrderSnapshot(await world.store.orders.get(1024)).customer_name
    assert outcome.message == f"To do: send {outcome.amount} to {name} by hand · order 1024"
    assert outcome.next_step == (
        "Recorded in BigCommerce; no money has moved. The order is cancelled."
    )
    assert (await world.truth(1024))["status_id"] == 5


async def test_an_offline_payment_warns_before_the_button(world: World) -> None:
    review = await CANCEL_AND_REFUND.review(request(1024), world.store)

    assert [method.key for method in review.methods] == [
        "bankdeposit:offline",
        "storecredit",
        "custom:offline",
    ]
    assert review.confirm_label.startswith("Record ")
    best = review.methods[0]
    assert not best.moves_money
    assert f"{best.amount} by Bank Deposit is only recorded. No money moves" in best.description


async def test_an_order_that_cost_nothing_is_cancelled(world: World) -> None:
    review = await CANCEL_AND_REFUND.review(request(1051), world.store)
    outcome = await world.run(CANCEL_AND_REFUND, request(1051))

    assert review.methods == ()
    assert review.confirm_label == "Cancel order 1051"
    assert review.effect == (
        "Order 1051 becomes Cancelled. No money moves: the order cost nothing."
    )
    assert outcome.status is Status.SUCCEEDED
    assert outcome.message == "Cancelled order 1051. No money moved."
    assert (await world.truth(1051))["status_id"] == 5


async def test_an_order_that_is_only_authorised_is_released_and_cancelled(world: World) -> None:
    await world.change(1042, payment_status="authorized")

    review = await CANCEL_AND_REFUND.review(request(), world.store)
    outcome = await world.run(CANCEL_AND_REFUND, request())

    truth = await world.truth(1042)
    assert review.effect.endswith("it is released first, so nothing is charged.")
    assert outcome.message == "Cancelled order 1042 and released its payment: nothing was charged."
    assert (truth["status_id"], truth["payment_status"], truth["refunds"]) == (5, "void", [])


async def test_an_order_with_money_is_never_cancelled_without_a_confirmed_figure(
    world: World,
) -> None:
    outcome = await world.run(CANCEL_AND_REFUND, request())

    assert outcome.status is Status.REJECTED
    assert "BigCommerce has taken 154.10 USD for order 1042" in outcome.message
    assert (await world.truth(1042))["status_id"] == 11


async def test_an_order_is_not_cancelled_after_another_refund_than_was_confirmed(
    world: World,
) -> None:
    confirmed = await world.confirm(CANCEL_AND_REFUND, request())
    assert confirmed.confirmed is not None
    line = confirmed.confirmed.items[0]
    paid = confirmed.confirmed.payments[0].model_copy(update={"amount": Decimal("51.96")})
    # Something else than was sent was carried out, under the same mark.
    world.claims.add(REFERENCE)
    made = await world.store.refunds.create(
        1042, [line], [paid], reason=f"Changed their mind [{REFERENCE}]"
    )

    outcome = await world.run(CANCEL_AND_REFUND, confirmed, waits=AT_ONCE)

    assert made.total_amount == Decimal("51.96")
    assert outcome.status is Status.UNKNOWN
    assert f"a refund of 51.96 USD under the same reference (refund {made.id})" in outcome.message
    assert (await world.truth(1042))["status_id"] != 5


async def test_a_shipped_order_is_refused_with_the_right_command(world: World) -> None:
    with pytest.raises(RuleBroken, match="Refund it with /refund-order 1007"):
        await CANCEL_AND_REFUND.review(request(1007), world.store)
