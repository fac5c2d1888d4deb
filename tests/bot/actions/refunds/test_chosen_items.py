from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_values
from hypothesis import strategies as st

from bot.actions.action import RuleBroken
from bot.actions.orders.remaining_items import costs_left, everything_left
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.choice import CostRefund, Deduction, Goodwill, LineRefund
from bot.actions.refunds.chosen_items import chosen_costs, chosen_lines, deduct, on_the_order
from bot.bigcommerce.models import Fee, ShippingAddress
from bot.bigcommerce.refunds import ItemType, RefundItem
from tests.bot.actions.builders import given, line, refund, snapshot, tender
from tests.bot.actions.orders.test_remaining_items import as_text

HERE = ShippingAddress(id=30, cost_ex_tax=Decimal(10), handling_cost_ex_tax=Decimal("2.5"))
THERE = ShippingAddress(id=31, cost_ex_tax=Decimal(4), city="Austin")
FEE = Fee(id=40, cost_ex_tax=Decimal("1.25"), display_name_merchant="Rush")


def of(line_id: int, quantity: int, **fields: Any) -> LineRefund:
    return LineRefund(order_product_id=line_id, quantity=quantity, reason="Broken", **fields)


def part(item_type: Any, item_id: int, amount: str) -> CostRefund:
    return CostRefund(item_type=item_type, item_id=item_id, amount=Decimal(amount), reason="Late")


def deduction(amount: str) -> Deduction:
    return Deduction(amount=Decimal(amount), text="Restocking fee")


def test_pieces_and_their_wrapping_are_asked_for_as_chosen() -> None:
    shown = snapshot(line(1), line(2, quantity=5, wrapping_id=3, wrapping_cost_ex_tax="4.0"))

    items = chosen_lines(shown, [of(1, 1), of(2, 0, wrapping=3)])

    assert as_text(items) == ["PRODUCT 1: 1", "GIFT_WRAPPING 2: 3"]
    assert [item.reason for item in items] == ["Broken", "Broken"]


@pytest.mark.parametrize(
    ("chosen", "field", "text"),
    [
        (of(1, 3), "quantity_1", "Only 2 of “Fern 1” can still be refunded."),
        (of(2, 1), "quantity_2", "Nothing is left to refund of “Fern 2”."),
        (of(9, 1), "quantity_9", "Order 1042 no longer has this item."),
        (
            of(1, 0, wrapping=1),
            "wrapping_1",
            "Nothing is left to refund of the gift wrapping of “Fern 1”.",
        ),
        (
            of(3, 1, wrapping=2),
            "wrapping_3",
            "Only 1 of the gift wrapping of “Fern 3” can still be refunded.",
        ),
    ],
)
def test_a_wrong_quantity_is_told_at_its_field(chosen: LineRefund, field: str, text: str) -> None:
    shown = snapshot(
        line(1, quantity=2),
        line(2, quantity=1, quantity_refunded=1),
        line(3, quantity=1, wrapping_id=3, wrapping_cost_ex_tax="4.0"),
    )

    with pytest.raises(RuleBroken) as broken:
        chosen_lines(shown, [chosen])

    assert (broken.value.field, broken.value.text) == (field, text)


def test_parts_of_the_costs_are_asked_for_in_their_amounts() -> None:
    shown = snapshot(addresses=(HERE, THERE), fees=(FEE,))

    items = chosen_costs(
        shown,
        [
            part(ItemType.SHIPPING, 31, "3.99"),
            part(ItemType.HANDLING, 30, "2.5"),
            part(ItemType.FEE, 40, "1"),
        ],
    )

    assert as_text(items) == ["SHIPPING 31: 3.99", "HANDLING 30: 2.5", "FEE 40: 1"]


@pytest.mark.parametrize(
    ("chosen", "field", "text"),
    [
        (
            part(ItemType.SHIPPING, 31, "4.01"),
            "shipping_31",
            "Only 4.00 USD of shipping, address 2 of 2 (Austin) is left.",
        ),
        (
            part(ItemType.HANDLING, 31, "0.01"),
            "handling_31",
            "Nothing is left of handling, address 2 of 2 (Austin).",
        ),
        (part(ItemType.FEE, 40, "1.26"), "fee_40", "Only 1.25 USD of Rush is left."),
        (part(ItemType.FEE, 41, "1"), "fee_41", "Nothing is left of fee."),
    ],
)
def test_more_of_a_cost_than_is_left_is_told_at_its_field(
    chosen: CostRefund, field: str, text: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        chosen_costs(snapshot(addresses=(HERE, THERE), fees=(FEE,)), [chosen])

    assert (broken.value.field, broken.value.text) == (field, text)


def test_an_amount_on_the_order_is_at_most_what_is_left_of_it() -> None:
    earlier = refund(tender("50.00"), items=(given(ItemType.PRODUCT, 1, quantity=1),))
    shown = snapshot(line(1), refunds=(earlier,))

    [item] = on_the_order(shown, Goodwill(amount=Decimal("4.10"), reason="Sorry"))
    with pytest.raises(RuleBroken, match=r"At most 4\.10 USD") as broken:
        on_the_order(shown, Goodwill(amount=Decimal("4.11"), reason="Sorry"))

    assert (item.item_type, item.item_id, item.amount) == (ItemType.ORDER, 1042, Decimal("4.10"))
    assert broken.value.field == "goodwill"


def paid(line_id: int, total: str, quantity: int, **fields: Any) -> Any:
    ex = str(Decimal(total) - Decimal("1.00"))
    return line(line_id, quantity, total_inc_tax=total, total_ex_tax=ex, **fields)


def test_a_deduction_comes_off_the_dearest_lines_first() -> None:
    shown = snapshot(paid(1, "11.00", 2), paid(2, "31.00", 1), addresses=(HERE,))
    asked = (
        *chosen_lines(shown, [of(1, 1), of(2, 1)]),
        *chosen_costs(shown, [part(ItemType.SHIPPING, 30, "5")]),
    )

    small = deduct(shown, asked, deduction("7.50"))
    large = deduct(shown, asked, deduction("33"))

    assert [[each.amount for each in item.adjustments] for item in small] == [
        [],
        [Decimal("-7.50")],
        [],
    ]
    assert [sum(each.amount for each in item.adjustments) for item in large] == [-3, -30, 0]
    assert large[0].adjustments[0].description == "Restocking fee"


def test_more_than_the_lines_cost_cannot_be_deducted() -> None:
    shown = snapshot(paid(1, "11.00", 2), addresses=(HERE,))
    asked = (
        *chosen_lines(shown, [of(1, 1)]),
        *chosen_costs(shown, [part(ItemType.SHIPPING, 30, "9")]),
    )

    with pytest.raises(RuleBroken) as broken:
        deduct(shown, asked, deduction("5.01"))

    assert broken.value.field == "deduction"
    assert broken.value.text == "At most 5.00 USD can be deducted from the chosen lines."


cents = st.decimals("0.01", "99.99", places=2)


@given_values(
    total=st.decimals("0.00", "500.00", places=2),
    tax=st.decimals("0.00", "50.00", places=2),
    bought=st.integers(1, 9),
    asked=st.integers(1, 9),
    off=cents,
)
def test_a_deduction_is_never_more_than_its_lines_and_comes_off_to_the_cent(
    total: Decimal, tax: Decimal, bought: int, asked: int, off: Decimal
) -> None:
    asked = min(asked, bought)
    shown = snapshot(line(1, bought, total_inc_tax=str(total + tax), total_ex_tax=str(total)))
    items = chosen_lines(shown, [of(1, asked)])

    try:
        [item] = deduct(shown, items, Deduction(amount=off, text="Fee"))
    except RuleBroken:
        assert off > total * asked / bought - Decimal("0.01")
    else:
        assert -sum(each.amount for each in item.adjustments) == off
        assert off <= total * asked / bought


def of_each(shown: OrderSnapshot, share: int) -> list[CostRefund]:
    """Return about `share` percent of each cost that is left."""
    amounts = ((item, (item.amount or Decimal(0)) * share / 100) for item in costs_left(shown))
    return [
        part(item.item_type, item.item_id, str(amount.quantize(Decimal("0.01"))))
        for item, amount in amounts
        if amount >= 1
    ]


@given_values(
    cost=st.decimals("0.00", "80.00", places=4),
    earlier=st.lists(cents, max_size=4),
    share=st.integers(1, 100),
)
def test_no_more_of_a_cost_is_asked_for_than_earlier_refunds_left(
    cost: Decimal, earlier: list[Decimal], share: int
) -> None:
    refunds = tuple(
        refund(items=(given(ItemType.SHIPPING, 30, requested_amount=str(amount)),))
        for amount in earlier
    )
    shown = snapshot(addresses=(ShippingAddress(id=30, cost_ex_tax=cost),), refunds=refunds)

    items = chosen_costs(shown, of_each(shown, share))

    given_before = sum(earlier, Decimal(0))
    assert sum((item.amount or Decimal(0) for item in items), Decimal(0)) <= max(
        Decimal(0), cost - given_before
    )
    for item in everything_left(shown):
        too_much = part(item.item_type, item.item_id, str((item.amount or 0) + Decimal("0.01")))
        with pytest.raises(RuleBroken):
            chosen_costs(shown, [too_much])


def test_items_without_a_deduction_are_left_as_they_are() -> None:
    items = (RefundItem(item_type=ItemType.PRODUCT, item_id=1, quantity=1),)

    assert deduct(snapshot(line(1)), items, None) == items
