"""A refund that must not be made: nothing is claimed and nothing is changed."""

from __future__ import annotations

import pytest

from bot.actions.refunds.refund_order import REFUND_ORDER, RefundOrder
from bot.values.outcome import Status
from tests.bot.actions.world import World, client


def request(order_id: int) -> RefundOrder:
    return RefundOrder(order_id=order_id, reason="Never arrived")


async def test_an_order_that_changed_since_is_left_alone(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010))
    assert confirmed.confirmed is not None
    await world.change(1010, refund_amount="5.00")

    outcome = await world.run(REFUND_ORDER, confirmed)

    now = confirmed.confirmed.total.amount - 5
    assert outcome.status is Status.REJECTED
    assert outcome.message == (
        f"Nothing was refunded: order 1010 has changed since you confirmed "
        f"{confirmed.confirmed.total}. BigCommerce would refund {now} USD now."
    )
    assert len((await world.truth(1010))["refunds"]) == 1
    assert world.claims == set()


async def test_a_method_that_is_gone_is_not_replaced_by_another(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010))
    assert confirmed.confirmed is not None
    other = confirmed.confirmed.model_copy(update={"method": "paypal"})

    outcome = await world.run(REFUND_ORDER, confirmed.model_copy(update={"confirmed": other}))

    assert outcome.status is Status.REJECTED
    assert "no longer pays it so" in outcome.message
    assert (await world.truth(1010))["refunds"] == []


async def test_an_order_that_moved_on_is_refused_with_what_it_is_now(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010))
    await world.change(1010, status_id=13)

    outcome = await world.run(REFUND_ORDER, confirmed)

    assert outcome.status is Status.REJECTED
    assert outcome.message.startswith("Order 1010 is disputed")


async def test_without_a_confirmed_figure_nothing_is_refunded(world: World) -> None:
    outcome = await world.run(REFUND_ORDER, request(1010))

    assert outcome.status is Status.REJECTED
    assert (await world.truth(1010))["refunds"] == []


async def test_an_order_of_another_store_is_not_found(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010))

    outcome = await world.run(REFUND_ORDER, confirmed.model_copy(update={"order_id": 999_999}))

    assert outcome.status is Status.REJECTED
    assert outcome.message == "Order 999999 was not found in this store."


@pytest.mark.parametrize("token", ["wrong", "limited"])
async def test_a_token_that_may_not_refund_changes_nothing(world: World, token: str) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010))
    tokens = {"wrong": "nobody", "limited": world.sandbox.limited_token}
    store = client(world.url, world.sandbox, token=tokens[token])

    outcome = await world.run(REFUND_ORDER, confirmed, store=store)
    await store.close()

    assert outcome.status is Status.FAILED
    assert outcome.next_step.startswith("Ask an admin to")
    assert tokens[token] not in outcome.model_dump_json()
    assert world.claims == set()


@pytest.mark.parametrize("kind", ["status", "html", "drop_before", "rate_limit_bare"])
async def test_a_store_that_is_down_before_the_write_changes_nothing(
    world: World, kind: str
) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010))
    await world.break_next("GET orders/1010", kind, times=99)

    outcome = await world.run(REFUND_ORDER, confirmed)

    assert outcome.status is Status.FAILED
    assert outcome.message.startswith("Order 1010 was not touched: ")
    assert world.claims == set()


async def test_bigcommerces_no_to_the_refund_itself_is_passed_on(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010))
    said = "Refund amount exceeds remaining amount"
    body = {"data": [{"status": 422, "title": said, "type": "about:blank"}]}
    await world.break_next("POST refunds", "status", status=422, body=body)

    outcome = await world.run(REFUND_ORDER, confirmed)

    assert outcome.status is Status.REJECTED
    assert outcome.message.endswith("Refund amount exceeds remaining amount.")
