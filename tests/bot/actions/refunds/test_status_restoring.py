from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from bot.actions.action import RuleBroken
from bot.actions.refunds.choice import LineRefund
from bot.actions.refunds.refund_items import REFUND_ITEMS, RefundItems
from bot.values.outcome import Change, Outcome, Status
from tests.bot.actions.world import REFERENCE, World

AWAITING, PARTIAL = "Awaiting Fulfillment", "Partially Refunded"
THERE_AND_BACK = [
    Change(field="status", before=AWAITING, after=PARTIAL),
    Change(field="status", before=PARTIAL, after=AWAITING),
]
STATUS = "PUT orders/1042"


async def a_piece(world: World, **fields: Any) -> RefundItems:
    line = (await world.store.orders.lines(1042))[0]
    chosen = LineRefund(order_product_id=line.id, quantity=1, reason="Broken")
    return RefundItems(order_id=1042, lines=(chosen,), set_back_to=11, **fields)


async def confirmed(world: World) -> RefundItems:
    request = await a_piece(world)
    review = await REFUND_ITEMS.review(request, world.store)
    ready = await world.confirm(REFUND_ITEMS, request)
    assert ready.confirmed is not None
    with_status = ready.confirmed.model_copy(update={"status": review.status})
    return ready.model_copy(update={"confirmed": with_status})


def statuses(outcome: Outcome) -> list[Change]:
    return [change for change in outcome.changes if change.field == "status"]


async def test_the_order_gets_its_former_status_back(world: World) -> None:
    outcome = await world.run(REFUND_ITEMS, await confirmed(world))

    truth = await world.truth(1042)
    today = datetime.now(UTC).date().isoformat()
    assert outcome.status is Status.SUCCEEDED
    assert outcome.message.endswith(f"The order is set back to {AWAITING}.")
    assert statuses(outcome) == THERE_AND_BACK
    assert truth["status_id"] == 11
    assert truth["staff_notes"].endswith(f"{today} Set back with Makegood {REFERENCE}: Broken")


async def test_without_the_wish_it_stays_and_the_log_knows_the_former_status(world: World) -> None:
    request = (await confirmed(world)).model_copy(update={"set_back_to": None})

    outcome = await world.run(REFUND_ITEMS, request)

    assert statuses(outcome) == THERE_AND_BACK[:1]
    assert (await world.truth(1042))["status_id"] == 14


async def test_a_status_that_follows_later_is_waited_for(world: World) -> None:
    await world.set(status_lag_s=600)
    request = await confirmed(world)

    first = await world.run(REFUND_ITEMS, request)
    assert first.status is Status.PENDING
    assert first.message.endswith(
        f"The order is still {AWAITING}; BigCommerce usually makes it Partially Refunded."
    )
    await world.heal()
    second = await world.run(REFUND_ITEMS, request, accepted=True)

    assert second.status is Status.SUCCEEDED
    assert statuses(second) == THERE_AND_BACK
    assert (await world.truth(1042))["status_id"] == 11
    assert len((await world.truth(1042))["refunds"]) == 1


async def test_an_order_that_moved_elsewhere_is_left_alone(world: World) -> None:
    request = await confirmed(world)
    await world.break_next(STATUS, "status", status=503, times=99)
    first = await world.run(REFUND_ITEMS, request)
    assert first.status is Status.PENDING
    await world.heal()
    await world.change(1042, status_id=2)

    outcome = await world.run(REFUND_ITEMS, request, accepted=True)

    assert outcome.status is Status.SUCCEEDED
    assert outcome.message.endswith("The order is Shipped by now, so it was not set back.")
    assert (await world.truth(1042))["status_id"] == 2


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
async def test_a_lost_answer_is_read_back(world: World, kind: str) -> None:
    request = await confirmed(world)
    await world.break_next(STATUS, kind)

    outcome = await world.run(REFUND_ITEMS, request)

    truth = await world.truth(1042)
    assert (outcome.status, truth["status_id"]) == (Status.SUCCEEDED, 11)
    assert truth["staff_notes"].count(REFERENCE) == 1


async def test_a_second_run_finds_that_it_was_set_back(world: World) -> None:
    request = await confirmed(world)
    first = await world.run(REFUND_ITEMS, request)

    second = await world.run(REFUND_ITEMS, request)

    assert (second.status, second.message) == (first.status, first.message)
    assert statuses(second) == THERE_AND_BACK
    assert (await world.truth(1042))["staff_notes"].count(REFERENCE) == 1


async def test_what_bigcommerce_refuses_is_a_persons_to_do(world: World) -> None:
    request = await confirmed(world)
    await world.break_next(STATUS, "status", status=400, times=99)

    outcome = await world.run(REFUND_ITEMS, request)

    assert outcome.status is Status.SUCCEEDED
    assert f"It could not be set back to {AWAITING}: BigCommerce answered: " in outcome.message
    assert outcome.next_step == (
        f"If it is {PARTIAL} in the BigCommerce control panel, set it to {AWAITING} there."
    )
    assert (await world.truth(1042))["status_id"] == 14


async def test_an_order_that_has_moved_on_before_it_is_sent_is_not_refunded(world: World) -> None:
    request = await confirmed(world)
    await world.change(1042, status_id=2)

    outcome = await world.run(REFUND_ITEMS, request)

    assert outcome.status is Status.REJECTED
    assert outcome.message == (
        f"Order 1042 is Shipped now, so it cannot be set back to {AWAITING} after the refund. "
        "Start again to see what is possible. Nothing was changed."
    )
    assert (await world.truth(1042))["refunds"] == []


async def test_a_declined_refund_changes_no_status(world: World) -> None:
    request = await confirmed(world)
    await world.break_next("POST refunds", "decline")

    outcome = await world.follow(REFUND_ITEMS, request)

    assert outcome.status is Status.FAILED
    assert statuses(outcome) == []
    assert (await world.truth(1042))["staff_notes"] is None


async def test_the_review_warns_or_says_that_it_is_set_back(world: World) -> None:
    wished = await a_piece(world)

    with_it = await REFUND_ITEMS.review(wished, world.store)
    without = await REFUND_ITEMS.review(
        wished.model_copy(update={"set_back_to": None}), world.store
    )

    assert with_it.effect == (
        f"Order 1042 goes from {AWAITING} to {PARTIAL} when the refund has gone through. Then "
        f"Makegood sets it back to {AWAITING}."
    )
    assert f"{PARTIAL} or {AWAITING}" in with_it.notices[0]
    assert with_it.warnings == ()
    assert without.warnings == (
        f"Order 1042 is still to be shipped, but as {PARTIAL} most shipping tools no longer see "
        f"it. The form has a choice to set it back to {AWAITING} afterwards.",
    )


async def test_an_order_that_is_refunded_as_a_whole_is_not_set_back(world: World) -> None:
    lines = await world.store.orders.lines(1042)
    address = (await world.store.orders.shipping_addresses(1042))[0]
    request = RefundItems.model_validate(
        {
            "order_id": 1042,
            "set_back_to": 11,
            "lines": [
                {"order_product_id": each.id, "quantity": each.quantity, "reason": "Lost"}
                for each in lines
            ],
            "parts": [
                {
                    "item_type": "SHIPPING",
                    "item_id": address.id,
                    "amount": address.cost_ex_tax.quantize(Decimal("0.01")),
                    "reason": "Lost",
                }
            ],
        }
    )

    with pytest.raises(RuleBroken) as broken:
        await REFUND_ITEMS.review(request, world.store)

    assert broken.value.field == "set_back_to"
    assert broken.value.text == (
        f"This is all that is left of order 1042, which becomes Refunded by it, so it is not set "
        f"back to {AWAITING}. Untick that, or refund less."
    )


def test_only_a_queue_before_shipping_is_gone_back_to() -> None:
    with pytest.raises(ValidationError, match="still to be shipped"):
        RefundItems(order_id=1042, set_back_to=2)
