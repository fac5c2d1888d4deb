from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_values
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.actions.action import RuleBroken
from bot.actions.orders.snapshot import load_snapshot
from bot.actions.refunds.choice import CostRefund, Deduction, Goodwill, LineRefund
from bot.actions.refunds.refund_items import REFUND_ITEMS, RefundItems
from bot.actions.refunds.settlement.refund_in_progress import check_none_in_flight
from bot.values.money import Money
from bot.values.outcome import Status
from tests.bot.actions.world import REFERENCE, World


async def line_ids(world: World, order_id: int) -> list[int]:
    return [line.id for line in await world.store.orders.lines(order_id)]


def request(order_id: int, quantities: dict[int, int], **fields: Any) -> RefundItems:
    lines = tuple(
        LineRefund(order_product_id=line_id, quantity=quantity, reason=f"Broken {line_id}")
        for line_id, quantity in quantities.items()
    )
    return RefundItems(order_id=order_id, lines=lines, **fields)


async def test_chosen_pieces_are_refunded_and_the_rest_is_left(world: World) -> None:
    first, *_ = await line_ids(world, 1042)
    confirmed = await world.confirm(REFUND_ITEMS, request(1042, {first: 1}))

    outcome = await world.run(REFUND_ITEMS, confirmed)

    lines = await world.store.orders.lines(1042)
    assert outcome.status is Status.SUCCEEDED
    assert [line.quantity_refunded for line in lines] == [1, 0, 0]
    assert (await world.truth(1042))["status_id"] == 14


async def test_each_line_keeps_its_own_reason(world: World) -> None:
    first, second, _ = await line_ids(world, 1042)
    confirmed = await world.confirm(REFUND_ITEMS, request(1042, {first: 2, second: 1}))

    await world.run(REFUND_ITEMS, confirmed)

    made = (await world.store.refunds.of_order(1042))[0]
    assert made.reason == f"Broken {first}; Broken {second} [{REFERENCE}]"
    assert [item.reason for item in made.items] == [
        f"Broken {first} [{REFERENCE}]",
        f"Broken {second} [{REFERENCE}]",
    ]


async def test_the_review_tells_that_the_former_status_is_lost(world: World) -> None:
    first, *_ = await line_ids(world, 1007)

    review = await REFUND_ITEMS.review(request(1007, {first: 1}), world.store)

    assert review.effect == (
        "Order 1007 goes from Shipped to Partially Refunded when the refund has gone through."
    )
    assert dict(review.facts)["What is refunded"].startswith("1 × ")


async def test_an_order_with_sixty_lines_can_be_refunded_at_its_last_line(world: World) -> None:
    ids = await line_ids(world, 1012)
    confirmed = await world.confirm(REFUND_ITEMS, request(1012, {ids[-1]: 1}))

    outcome = await world.run(REFUND_ITEMS, confirmed)

    assert len(ids) == 60
    assert outcome.status is Status.SUCCEEDED


async def test_a_gateway_without_partial_refunds_is_offered_as_recorded_only(world: World) -> None:
    first, *_ = await line_ids(world, 1048)

    review = await REFUND_ITEMS.review(request(1048, {first: 1}), world.store)

    by_key = {method.key: method for method in review.methods}
    assert not by_key["square:offline"].moves_money
    assert "Partial refunds are not supported" in by_key["square:offline"].description


async def test_more_than_is_left_is_told_at_the_lines_field(world: World) -> None:
    first, *_ = await line_ids(world, 1042)

    with pytest.raises(RuleBroken) as broken:
        await REFUND_ITEMS.review(request(1042, {first: 3}), world.store)

    assert broken.value.field == f"quantity_{first}"
    assert broken.value.text.startswith("Only 2 of ")


async def test_no_quantity_at_all_is_a_broken_rule(world: World) -> None:
    with pytest.raises(RuleBroken, match="at least one item"):
        await REFUND_ITEMS.review(RefundItems(order_id=1042, reason="Broken"), world.store)


async def test_pieces_that_somebody_else_refunded_meanwhile_are_not_refunded_again(
    world: World,
) -> None:
    first, *_ = await line_ids(world, 1042)
    confirmed = await world.confirm(REFUND_ITEMS, request(1042, {first: 2}))
    await world.run(REFUND_ITEMS, confirmed, reference="MG-AAAA-AAAA")

    outcome = await world.run(REFUND_ITEMS, confirmed)

    assert outcome.status is Status.REJECTED
    assert outcome.message.startswith("Nothing is left to refund of ")
    assert outcome.message.endswith("Nothing was changed.")
    assert len((await world.truth(1042))["refunds"]) == 1


async def test_nothing_more_is_refunded_while_a_refund_is_on_its_way(world: World) -> None:
    first, second, _ = await line_ids(world, 1042)
    confirmed = await world.confirm(REFUND_ITEMS, request(1042, {first: 1}))
    later = await world.confirm(REFUND_ITEMS, request(1042, {second: 1}))
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)
    on_its_way = await world.run(REFUND_ITEMS, confirmed, reference="MG-AAAA-AAAA", waits=(0,))

    outcome = await world.run(REFUND_ITEMS, later)
    await world.heal()
    after = await world.run(REFUND_ITEMS, later, reference="MG-BBBB-BBBB")

    assert outcome.status is Status.REJECTED
    assert outcome.message.startswith(
        f"A refund of {on_its_way.amount} for order 1042 is still on its way."
    )
    assert after.status is Status.SUCCEEDED
    assert len((await world.truth(1042))["refunds"]) == 2


async def test_an_old_refund_whose_payment_never_showed_does_not_close_the_order(
    world: World,
) -> None:
    first, *_ = await line_ids(world, 1042)
    confirmed = await world.confirm(REFUND_ITEMS, request(1042, {first: 1}))
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)
    await world.run(REFUND_ITEMS, confirmed, waits=(0,))
    snapshot = await load_snapshot(world.store, 1042)
    old = snapshot.refunds[0].created - timedelta(hours=1)
    aged = snapshot.refunds[0].model_copy(update={"created": old})

    with pytest.raises(RuleBroken):
        check_none_in_flight(snapshot)
    check_none_in_flight(dataclasses.replace(snapshot, refunds=(aged,)))


@pytest.mark.parametrize(
    "line",
    [
        {"order_product_id": 1, "quantity": 0, "reason": "Broken"},
        {"order_product_id": 1, "quantity": -1, "reason": "Broken"},
        {"order_product_id": 1, "quantity": 1, "reason": "  \x00 "},
        {"order_product_id": 1, "quantity": 1, "reason": "x" * 501},
    ],
)
def test_a_line_needs_a_quantity_and_a_reason(line: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RefundItems(order_id=1042, lines=(LineRefund(**line),))


def test_a_line_can_be_chosen_once() -> None:
    line = LineRefund(order_product_id=1, quantity=1, reason="Broken")

    with pytest.raises(ValidationError, match="once only"):
        RefundItems(order_id=1042, lines=(line, line))


def test_the_same_reason_for_all_lines_is_said_once() -> None:
    lines = tuple(LineRefund(order_product_id=i, quantity=1, reason="Broken") for i in (1, 2))

    assert RefundItems(order_id=1042, lines=lines).reason == "Broken"


async def test_every_kind_of_item_is_refunded_at_once(world: World) -> None:
    shown = await load_snapshot(world.store, 1050)
    first, wrapped, *_ = (line.id for line in shown.lines)
    address, fee = shown.addresses[1], shown.fees[0]
    costs = (
        {"item_type": "SHIPPING", "item_id": address.id, "amount": "4.00", "reason": "Late"},
        {"item_type": "HANDLING", "item_id": address.id, "amount": "1.10", "reason": "Late"},
        {"item_type": "FEE", "item_id": fee.id, "amount": "0.95", "reason": "Late"},
    )
    asked = RefundItems(
        order_id=1050,
        lines=(
            LineRefund(order_product_id=first, quantity=2, reason="Broken"),
            LineRefund(order_product_id=wrapped, quantity=0, wrapping=1, reason="Torn"),
        ),
        parts=tuple(CostRefund.model_validate(cost) for cost in costs),
        goodwill=Goodwill(amount=Decimal("3.00"), reason="Sorry"),
        deduction=Deduction(amount=Decimal("2.50"), text="Restocking fee"),
    )

    outcome = await world.run(REFUND_ITEMS, await world.confirm(REFUND_ITEMS, asked))

    [made] = await world.store.refunds.of_order(1050)
    assert outcome.status is Status.SUCCEEDED
    assert outcome.amount == Money(amount=made.total_amount, currency="USD")
    assert [item.item_type for item in made.items] == [
        "PRODUCT",
        "GIFT_WRAPPING",
        "SHIPPING",
        "HANDLING",
        "FEE",
        "ORDER",
    ]
    assert [item.reason.partition(" [")[0] for item in made.items] == [
        "Broken",
        "Torn",
        "Late",
        "Late",
        "Late",
        "Sorry",
    ]
    assert made.reason == f"Broken; Torn; Late; Sorry [{REFERENCE}]"


async def test_a_changed_deduction_or_amount_is_another_figure(world: World) -> None:
    first, *_ = await line_ids(world, 1042)
    fee = Deduction(amount=Decimal("2.00"), text="Fee")
    confirmed = await world.confirm(REFUND_ITEMS, request(1042, {first: 1}, deduction=fee))
    changed = confirmed.model_copy(update={"deduction": None})

    outcome = await world.run(REFUND_ITEMS, changed)

    assert outcome.status is Status.REJECTED
    assert "you confirmed 23.98 USD" in outcome.message
    assert (await world.truth(1042))["refunds"] == []


async def test_an_amount_that_somebody_else_gave_meanwhile_is_not_given_again(
    world: World,
) -> None:
    amount = Goodwill(amount=Decimal("100.00"), reason="Sorry")
    asked = RefundItems(order_id=1042, goodwill=amount)
    confirmed = await world.confirm(REFUND_ITEMS, asked)
    await world.run(REFUND_ITEMS, confirmed, reference="MG-AAAA-AAAA")

    outcome = await world.run(REFUND_ITEMS, confirmed)

    assert outcome.status is Status.REJECTED
    assert outcome.message.startswith("At most 54.10 USD of this order is left.")
    assert len((await world.truth(1042))["refunds"]) == 1


async def test_an_amount_with_lines_is_never_cut_in_silence(world: World) -> None:
    first, *_ = await line_ids(world, 1042)
    amount = Goodwill(amount=Decimal("150.00"), reason="Sorry")

    with pytest.raises(RuleBroken) as broken:
        await REFUND_ITEMS.review(request(1042, {first: 1}, goodwill=amount), world.store)

    assert broken.value.field == "goodwill"
    assert "comes to 175.98 USD" in broken.value.text
    assert "still allows only 154.10 USD" in broken.value.text


async def test_a_deduction_that_changes_nothing_is_refused(world: World) -> None:
    lines = await world.store.orders.lines(1029)  # 5.00 of it were given on the order before
    shown = await load_snapshot(world.store, 1029)
    costs = [
        {"item_type": "SHIPPING", "item_id": each.id, "amount": each.cost_ex_tax, "reason": "Late"}
        for each in shown.addresses
    ]
    asked = request(
        1029,
        {line.id: shown.quantity_left(line.id) for line in lines},
        parts=tuple(CostRefund.model_validate(cost) for cost in costs),
        deduction=Deduction(amount=Decimal("2.00"), text="Fee"),
    )

    with pytest.raises(RuleBroken) as broken:
        await REFUND_ITEMS.review(asked, world.store)

    assert broken.value.field == "deduction"
    assert "58.33 USD with this deduction and without it" in broken.value.text


@given_values(
    quantity=st.integers(0, 3),
    goodwill=st.decimals("-2.00", "3.00", places=3),
    text=st.text(max_size=300),
)
def test_a_request_reads_back_from_the_log_as_it_was(
    quantity: int, goodwill: Decimal, text: str
) -> None:
    data = {
        "order_id": 1042,
        "lines": [{"order_product_id": 1, "quantity": quantity, "reason": "Broken"}],
        "goodwill": {"amount": str(goodwill), "reason": "Sorry"},
        "deduction": {"amount": "1.50", "text": text},
    }

    try:
        asked = RefundItems.model_validate(data)
    except ValidationError:
        return

    assert RefundItems.model_validate_json(asked.model_dump_json()) == asked
    assert quantity > 0
    assert goodwill > 0
    assert asked.deduction is not None
    assert 0 < len(asked.deduction.text) <= 255
