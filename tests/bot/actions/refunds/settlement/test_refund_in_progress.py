from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.actions.action import RuleBroken
from bot.actions.orders.snapshot import load_snapshot
from bot.actions.refunds.choice import LineRefund
from bot.actions.refunds.refund_items import REFUND_ITEMS, RefundItems
from bot.actions.refunds.settlement.refund_in_progress import check_none_in_flight
from bot.bigcommerce.http.errors import NoAnswer
from bot.bigcommerce.refunds import Refund
from tests.bot.actions.world import World

TRANSACTIONS = "GET transactions"


async def refund_a_piece(world: World, *, settles: bool = True) -> Refund:
    """Refund one piece of order 1042's first line, paid back at once or not for a long time."""
    line = (await world.store.orders.lines(1042))[0]
    chosen = LineRefund(order_product_id=line.id, quantity=1, reason="Broken")
    asked = RefundItems(order_id=1042, lines=(chosen,))
    confirmed = await world.confirm(REFUND_ITEMS, asked)
    if not settles:
        await world.break_next("POST refunds", "slow_settlement", delay_s=600)
    # Each of an order's refunds is a request of its own.
    reference = f"MG-AAAA-{len(await world.store.refunds.of_order(1042)):04}"
    await world.run(REFUND_ITEMS, confirmed, reference=reference)
    return (await world.store.refunds.of_order(1042))[-1]


async def refusal(world: World) -> str:
    with pytest.raises(RuleBroken) as broken:
        check_none_in_flight(await load_snapshot(world.store, 1042))
    return broken.value.text


async def test_a_refund_that_was_paid_is_not_in_the_way(world: World) -> None:
    await refund_a_piece(world)

    check_none_in_flight(await load_snapshot(world.store, 1042))


async def test_transactions_that_cannot_be_read_keep_a_second_refund_back(world: World) -> None:
    await refund_a_piece(world)
    await world.break_next(TRANSACTIONS, "status", status=503, times=99)

    # For any other reason than the scope it may be known in a moment; nothing is assumed until.
    with pytest.raises(NoAnswer):
        await load_snapshot(world.store, 1042)


async def test_without_the_scope_the_payment_status_is_asked(world: World) -> None:
    await refund_a_piece(world)
    await world.break_next(TRANSACTIONS, "no_scope", times=99)

    check_none_in_flight(await load_snapshot(world.store, 1042))


async def test_without_the_scope_a_refund_that_does_not_show_is_waited_for(world: World) -> None:
    made = await refund_a_piece(world, settles=False)
    await world.break_next(TRANSACTIONS, "no_scope", times=99)

    until = made.created + timedelta(hours=1)
    assert await refusal(world) == (
        f"A refund of {made.total_amount:.2f} USD for order 1042 may still be on its way; Makegood "
        f"may not read whether it was paid. Ask again after {until:%H:%M} UTC. Ask an admin to "
        "give Makegood an access token with all its permissions."
    )


async def test_payments_that_do_not_add_up_are_not_taken_for_a_refund_that_was_paid(
    world: World,
) -> None:
    made = await refund_a_piece(world)
    snapshot = await load_snapshot(world.store, 1042)
    more = made.model_copy(update={"total_amount": Decimal("154.10")})

    with pytest.raises(RuleBroken) as broken:
        check_none_in_flight(dataclasses.replace(snapshot, refunds=(more,)))
    until = made.created + timedelta(hours=1)
    assert broken.value.text == (
        "It is not clear how a refund of 154.10 USD for order 1042 is paid. BigCommerce shows a "
        f"total of 154.10 USD for refund {made.id}, but payments of {made.total_amount:.2f} USD. "
        f"Look at it in the BigCommerce control panel, or ask again after {until:%H:%M} UTC."
    )
