"""What BigCommerce has accepted is told at once, and followed by later runs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.cancellations.cancel_and_refund import CANCEL_AND_REFUND, CancelAndRefund
from bot.actions.cancellations.cancel_order import CANCEL_ORDER, CancelOrder
from bot.actions.refunds.choice import LineRefund
from bot.actions.refunds.refund_items import REFUND_ITEMS, RefundItems
from bot.actions.refunds.refund_order import REFUND_ORDER, RefundOrder
from bot.values.outcome import Status
from tests.bot.actions.world import REFERENCE, World, open_world

# As on a running bot: who waits for the fourth of them waits for ever.
WAITS = (0, 0.02, 0.05, 3600, 3600, 3600, 3600)
PLAIN, COMPLETED = 1042, 1010
ON_ITS_WAY = (
    "BigCommerce accepted a refund of 88.02 USD for order 1010; the payment provider has not "
    "confirmed it yet."
)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
async def world(journal: Path) -> AsyncIterator[World]:
    async with open_world(journal) as opened:
        yield opened


def calls_after(journal: Path, method: str, path: str) -> list[str]:
    """Return the calls after the last one of that kind: "GET transactions"."""
    rows = [json.loads(line) for line in journal.read_text().splitlines()]
    calls = [f"{row['method']} {row['path'].rstrip('/').split('/', 5)[-1]}" for row in rows]
    last = max(at for at, call in enumerate(calls) if call.startswith(f"{method} {path}"))
    return calls[last + 1 :]


async def test_a_refund_on_its_way_is_told_after_two_looks(world: World, journal: Path) -> None:
    asked = RefundOrder(order_id=COMPLETED, reason="Never arrived")
    confirmed = await world.confirm(REFUND_ORDER, asked)
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)

    outcome = await world.run(REFUND_ORDER, confirmed, waits=WAITS)

    assert (outcome.status, outcome.message) == (Status.PENDING, ON_ITS_WAY)
    looks = calls_after(journal, "POST", "")
    assert len([call for call in looks if call.endswith("/refunds")]) == 2
    assert len(looks) == 6


async def test_a_later_look_at_it_costs_four_calls(world: World, journal: Path) -> None:
    asked = RefundOrder(order_id=COMPLETED, reason="Never arrived")
    confirmed = await world.confirm(REFUND_ORDER, asked)
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)
    await world.run(REFUND_ORDER, confirmed, waits=WAITS)
    before = len(calls_after(journal, "POST", ""))

    outcome = await world.run(REFUND_ORDER, confirmed, waits=WAITS, accepted=True)

    assert (outcome.status, outcome.message) == (Status.PENDING, ON_ITS_WAY)
    assert len(calls_after(journal, "POST", "")) - before == 4


async def test_a_decline_is_not_called_one_before_it_had_the_time_to_be_contradicted(
    world: World,
) -> None:
    confirmed = await world.confirm(
        REFUND_ORDER, RefundOrder(order_id=COMPLETED, reason="Never arrived")
    )
    await world.break_next("POST refunds", "decline")

    first = await world.run(REFUND_ORDER, confirmed, waits=WAITS)
    world.sent_at[REFERENCE] -= timedelta(hours=2)
    later = await world.run(REFUND_ORDER, confirmed, waits=WAITS, accepted=True)

    assert (first.status, first.message) == (Status.PENDING, ON_ITS_WAY)
    assert later.status is Status.FAILED
    assert "was declined; no money moved" in later.message


async def test_what_is_merely_likely_does_not_settle_it_at_once(world: World) -> None:
    await world.set(refund_transactions="none")
    confirmed = await world.confirm(
        REFUND_ORDER, RefundOrder(order_id=COMPLETED, reason="Never arrived")
    )

    first = await world.run(REFUND_ORDER, confirmed, waits=WAITS)
    world.sent_at[REFERENCE] -= timedelta(hours=2)
    later = await world.run(REFUND_ORDER, confirmed, waits=WAITS, accepted=True)

    assert (first.status, first.message) == (Status.PENDING, ON_ITS_WAY)
    assert (later.status, later.evidence.split(",")[0]) == (
        Status.SUCCEEDED,
        "payment_status (likely)",
    )


async def test_money_that_moved_is_told_although_the_order_does_not_show_it_yet(
    world: World,
) -> None:
    await world.set(status_lag_s=600)
    confirmed = await world.confirm(
        REFUND_ORDER, RefundOrder(order_id=COMPLETED, reason="Never arrived")
    )

    outcome = await world.run(REFUND_ORDER, confirmed, waits=WAITS)

    assert outcome.status is Status.SUCCEEDED
    assert outcome.message.startswith("Refunded 88.02 USD for order 1010")


async def test_money_that_moved_is_told_before_the_order_can_be_cancelled(world: World) -> None:
    await world.set(status_lag_s=600)
    confirmed = await world.confirm(
        CANCEL_AND_REFUND, CancelAndRefund(order_id=PLAIN, reason="Out of stock")
    )

    first = await world.run(CANCEL_AND_REFUND, confirmed, waits=WAITS)
    await world.heal()
    later = await world.run(CANCEL_AND_REFUND, confirmed, waits=WAITS, accepted=True)

    assert first.status is Status.PENDING
    assert first.message.startswith("Refunded 154.10 USD for order 1042")
    assert first.message.endswith(
        "It is not cancelled yet: BigCommerce has not made it Refunded so far."
    )
    assert later.status is Status.SUCCEEDED
    assert (await world.truth(PLAIN))["status_id"] == 5


async def test_money_that_moved_is_told_before_the_order_is_set_back(world: World) -> None:
    await world.set(status_lag_s=600)
    line = (await world.store.orders.lines(PLAIN))[0]
    chosen = LineRefund(order_product_id=line.id, quantity=1, reason="Broken")
    asked = RefundItems(order_id=PLAIN, lines=(chosen,), set_back_to=11)
    confirmed = await world.confirm(REFUND_ITEMS, asked)

    first = await world.run(REFUND_ITEMS, confirmed, waits=WAITS)
    await world.heal()
    later = await world.run(REFUND_ITEMS, confirmed, waits=WAITS, accepted=True)

    assert first.status is Status.PENDING
    assert first.message.startswith("Refunded 25.98 USD for order 1042")
    assert "The order is still Awaiting Fulfillment" in first.message
    assert later.status is Status.SUCCEEDED
    assert (await world.truth(PLAIN))["status_id"] == 11


async def test_a_release_on_its_way_is_told_and_a_decline_of_it_later(world: World) -> None:
    await world.change(PLAIN, status_id=7, payment_status="authorized")
    await world.set(settlement_s=600)
    await world.break_next("POST void", "decline")
    asked = CancelOrder(order_id=PLAIN, reason="Ordered twice")

    first = await world.run(CANCEL_ORDER, asked, waits=WAITS)
    await world.heal()
    later = await world.run(CANCEL_ORDER, asked, waits=(0,), accepted=True)

    assert first.status is Status.PENDING
    assert first.message == (
        "The payment of order 1042 is being released. The order is not cancelled yet."
    )
    assert later.status is Status.FAILED
    assert later.message == (
        "Order 1042 was not cancelled: its payment could not be released, it is still authorised."
    )
    assert (await world.truth(PLAIN))["status_id"] == 7
