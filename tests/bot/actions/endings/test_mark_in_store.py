"""What counts as carried out for a log that may be older than the store."""

from __future__ import annotations

from datetime import date

from bot.actions.cancellations.cancel_and_refund import CANCEL_AND_REFUND, CancelAndRefund
from bot.actions.cancellations.cancel_order import CANCEL_ORDER, CancelOrder
from bot.actions.registry import is_in_store
from bot.values.marks import note_line
from tests.bot.actions.world import REFERENCE, World


async def test_a_note_is_no_proof_of_a_refund(world: World) -> None:
    asked = CancelAndRefund(order_id=1042, reason="Damaged")
    confirmed = await world.confirm(CANCEL_AND_REFUND, asked)
    logged = confirmed.model_dump(mode="json")
    await world.change(1042, staff_notes=note_line(REFERENCE, "x", date(2026, 11, 27)))

    assert not await is_in_store(world.store, CANCEL_AND_REFUND.name, REFERENCE, logged)

    await world.change(1042, staff_notes="")
    await world.run(CANCEL_AND_REFUND, confirmed)
    assert await is_in_store(world.store, CANCEL_AND_REFUND.name, REFERENCE, logged)


async def test_a_note_is_the_mark_of_a_cancellation(world: World) -> None:
    asked = CancelOrder(order_id=1044, reason="Ordered twice")
    logged = asked.model_dump(mode="json")

    assert not await is_in_store(world.store, CANCEL_ORDER.name, REFERENCE, logged)

    await world.run(CANCEL_ORDER, asked)
    assert await is_in_store(world.store, CANCEL_ORDER.name, REFERENCE, logged)
