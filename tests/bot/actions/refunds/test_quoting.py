from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.actions.cancellations.cancel_and_refund import CANCEL_AND_REFUND, CancelAndRefund
from bot.values.money import Money
from bot.values.outcome import Status
from tests.bot.actions.world import World

# 154.10 USD, of which 13.37 is shipping.
REQUEST = CancelAndRefund(order_id=1042, reason="Out of stock")


def usd(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="USD")


async def no_addresses(world: World, **fields: Any) -> None:
    match = "GET shipping_addresses"
    await world.break_next(match, "status", **{"status": 200, "body": [], "times": 999, **fields})


async def test_what_was_confirmed_to_be_left_out_is_left_out(world: World) -> None:
    await no_addresses(world)
    confirmed = await world.confirm(CANCEL_AND_REFUND, REQUEST)

    outcome = await world.run(CANCEL_AND_REFUND, confirmed)

    assert confirmed.confirmed is not None
    assert confirmed.confirmed.left_out == usd("13.37")
    assert outcome.status is Status.SUCCEEDED
    assert str(outcome.amount) == "140.73 USD"


async def test_nothing_is_sent_when_another_figure_would_be_left_out(world: World) -> None:
    await no_addresses(world)
    confirmed = await world.confirm(CANCEL_AND_REFUND, REQUEST)
    assert confirmed.confirmed is not None
    for other in (None, usd("1.00")):
        figures = confirmed.confirmed.model_copy(update={"left_out": other})
        request = confirmed.model_copy(update={"confirmed": figures})

        outcome = await world.run(CANCEL_AND_REFUND, request)

        assert outcome.status is Status.REJECTED
        assert outcome.message == (
            f"Order 1042 has changed since you confirmed the refund: {other or 'nothing'} was to "
            "stay with the store then, 13.37 USD would now. Ask again to see the figures. Nothing "
            "was changed."
        )
    truth = await world.truth(1042)
    assert (truth["refunds"], truth["status_id"]) == ([], 11)


async def test_nothing_is_sent_when_all_is_found_again(world: World) -> None:
    await no_addresses(world)
    confirmed = await world.confirm(CANCEL_AND_REFUND, REQUEST)
    await world.heal()

    outcome = await world.run(CANCEL_AND_REFUND, confirmed)

    assert outcome.status is Status.REJECTED
    assert "has changed since you confirmed 140.73 USD" in outcome.message
    assert (await world.truth(1042))["refunds"] == []
