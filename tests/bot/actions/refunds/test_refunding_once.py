"""A refund is sent at most once, whatever happens to the answer or to the process."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from bot.actions.action import Attempt
from bot.actions.orders.remaining_items import everything_left
from bot.actions.orders.snapshot import load_snapshot
from bot.actions.refunds.refund_order import REFUND_ORDER, RefundOrder
from bot.bigcommerce.refunds import ItemType, RefundItem
from bot.values.outcome import Outcome, Status
from tests.bot.actions.world import AT_ONCE, REFERENCE, WAITS, World

REQUEST = RefundOrder(order_id=1010, reason="Never arrived")


async def refunds_made(world: World) -> int:
    return len((await world.truth(1010))["refunds"])


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("drop_after", {}),
        ("hang", {"after": True}),
        ("status", {"status": 504, "after": True}),
        ("html", {"status": 502, "after": True}),
    ],
)
async def test_a_lost_answer_to_a_refund_that_was_made_is_found(
    world: World, kind: str, fields: dict[str, object]
) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("POST refunds", kind, **fields)

    outcome = await world.run(REFUND_ORDER, confirmed)

    assert outcome.status is Status.SUCCEEDED
    assert await refunds_made(world) == 1


@pytest.mark.parametrize("kind", ["status", "html", "hang"])
async def test_a_lost_answer_to_a_refund_that_was_not_made_is_unknown_and_never_repeated(
    world: World, kind: str
) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("POST refunds", kind)

    first = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)
    again = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)

    assert first.status is again.status is Status.UNKNOWN
    assert "It is not known whether" in first.message
    assert "Check again" in first.next_step
    assert await refunds_made(world) == 0


async def test_a_second_run_of_a_reference_does_not_refund_again(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)

    first = await world.run(REFUND_ORDER, confirmed)
    second = await world.run(REFUND_ORDER, confirmed)

    assert first == second
    assert await refunds_made(world) == 1


async def test_two_runs_at_once_refund_once(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)

    outcomes = await asyncio.gather(
        world.run(REFUND_ORDER, confirmed), world.run(REFUND_ORDER, confirmed)
    )

    assert {outcome.status for outcome in outcomes} == {Status.SUCCEEDED}
    assert await refunds_made(world) == 1


async def test_a_crash_after_sending_is_taken_up_by_looking_first(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    assert confirmed.confirmed is not None
    world.claims.add(REFERENCE)

    items = everything_left(await load_snapshot(world.store, 1010))
    payments = confirmed.confirmed.payments

    async def appears_late() -> None:
        await asyncio.sleep(WAITS[2])
        reason = f"Never arrived [{REFERENCE}]"
        await world.store.refunds.create(1010, items, payments, reason=reason)

    outcome, _ = await asyncio.gather(world.run(REFUND_ORDER, confirmed), appears_late())

    assert outcome.status is Status.SUCCEEDED
    assert await refunds_made(world) == 1


async def test_a_crash_between_the_claim_and_sending_is_unknown(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    world.claims.add(REFERENCE)

    outcome = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)

    assert outcome.status is Status.UNKNOWN
    assert await refunds_made(world) == 0


async def test_another_refund_of_the_same_amount_is_not_taken_for_ours(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.run(REFUND_ORDER, confirmed, reference="MG-AAAA-AAAA")
    world.claims.add(REFERENCE)

    outcome = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)

    assert outcome.status is Status.UNKNOWN


async def test_a_pending_refund_stays_pending_while_bigcommerce_is_down(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.run(REFUND_ORDER, confirmed)
    await world.break_next("GET refunds", "status", times=99)

    outcome = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE, accepted=True)

    assert outcome.status is Status.PENDING
    assert "cannot be read at the moment" in outcome.message


async def test_a_bad_moment_while_following_does_not_decide(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)
    await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)
    await world.heal()
    await world.break_next("GET transactions", "status", times=4)

    outcome = await world.follow(REFUND_ORDER, confirmed, accepted=True)

    assert outcome.status is Status.SUCCEEDED


async def test_nothing_is_sent_while_the_payments_cannot_be_read(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("GET transactions", "status", times=99)

    outcome = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)

    assert outcome.status is Status.FAILED
    assert outcome.message == (
        "Order 1010 was not touched: its transactions could not be read. BigCommerce answered: The "
        "service is not available."
    )
    assert await refunds_made(world) == 0


async def test_a_store_too_busy_to_be_looked_at_is_not_believed(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("POST refunds", "rate_limit", delay_s=30, times=99)

    outcome = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)

    assert outcome.status is Status.UNKNOWN
    assert "cannot be read at the moment" in outcome.message
    assert await refunds_made(world) == 0


async def test_a_claim_taken_by_another_process_means_reading(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    lost: Attempt = dataclasses.replace(
        world.attempt(waits=AT_ONCE), claim=lambda: False, claimed=False
    )

    outcome: Outcome = await REFUND_ORDER.run(confirmed, lost)

    assert outcome.status is Status.UNKNOWN
    assert await refunds_made(world) == 0


async def test_store_credit_without_a_transaction_is_told_after_the_last_look(
    world: World,
) -> None:
    credit = RefundOrder(order_id=1010, reason="Never arrived")
    review = await REFUND_ORDER.review(credit, world.store)
    place = [method.key for method in review.methods].index("storecredit")
    confirmed = await world.confirm(REFUND_ORDER, credit, method=place)
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)

    outcome = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)

    assert outcome.status is Status.SUCCEEDED
    assert outcome.message == f"Refunded {outcome.amount} for order 1010 as store credit."


async def test_a_token_that_may_not_read_payments_goes_by_the_payment_status(
    world: World,
) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)
    await world.break_next("GET transactions", "no_scope", times=99)

    before = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)
    await world.post("settle", {})
    after = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)

    assert before.status is Status.PENDING
    assert "Ask an admin" in before.next_step
    assert after.status is Status.SUCCEEDED
    assert after.message == "Refunded 88.02 USD for order 1010 through Braintree."


@pytest.mark.parametrize("after", [False, True], ids=["not made", "made all the same"])
async def test_a_refusal_is_believed_only_when_the_store_agrees(world: World, after: bool) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    body = {"status": 422, "title": "Refund amount is greater than remaining amount"}
    await world.break_next("POST refunds", "status", status=422, body=body, after=after)

    outcome = await world.run(REFUND_ORDER, confirmed)

    assert outcome.status is (Status.SUCCEEDED if after else Status.REJECTED)
    assert await refunds_made(world) == int(after)


async def test_a_log_that_forgot_the_refund_finds_it_in_the_store(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.run(REFUND_ORDER, confirmed)
    world.claims.clear()  # as a restored backup would

    again = await world.run(REFUND_ORDER, confirmed)

    assert again.status is Status.SUCCEEDED
    assert again.was_there
    assert await refunds_made(world) == 1


async def test_a_reference_in_somebodys_text_is_no_refund_of_the_request(world: World) -> None:
    first = await world.store.orders.lines(1010)
    item = RefundItem(item_type=ItemType.PRODUCT, item_id=first[0].id, quantity=1)
    quote = await world.store.refunds.quote(1010, [item])
    await world.store.refunds.create(
        1010, [item], quote.refund_methods[0], reason=f"see [{REFERENCE}]"
    )
    await world.post("settle", {})
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("POST refunds", "drop_before")

    outcome = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)

    assert outcome.status is Status.UNKNOWN
    assert outcome.refund_id is None
    assert f"a refund of {quote.total_refund_amount:.2f} USD under the same" in outcome.message
    assert await refunds_made(world) == 1


async def test_a_429_is_sent_again_after_a_look(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("POST refunds", "rate_limit", delay_s=0.01)

    outcome = await world.run(REFUND_ORDER, confirmed)

    assert outcome.status is Status.SUCCEEDED
    assert await refunds_made(world) == 1


async def test_a_429_whose_refund_was_made_is_not_sent_again(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("POST refunds", "status", status=429, body={}, after=True)

    outcome = await world.run(REFUND_ORDER, confirmed)

    assert outcome.status is Status.SUCCEEDED
    assert await refunds_made(world) == 1


async def test_an_order_that_changed_while_the_store_was_busy_is_not_refunded(
    world: World,
) -> None:
    confirmed = await world.confirm(REFUND_ORDER, REQUEST)
    await world.break_next("POST refunds", "delay", delay_s=0.3)
    await world.break_next("POST refunds", "rate_limit_bare")

    claimed = asyncio.Event()
    granted = world.attempt()

    def claim() -> bool:  # it is sent right after
        claimed.set()
        return granted.claim()

    async def ship() -> None:
        await claimed.wait()
        await world.change(1010, status_id=5)

    attempt = dataclasses.replace(granted, claim=claim)
    outcome, _ = await asyncio.gather(REFUND_ORDER.run(confirmed, attempt), ship())

    assert outcome.status is Status.REJECTED
    assert outcome.message.startswith("Order 1010 is cancelled, so it cannot be refunded")
    assert await refunds_made(world) == 0
