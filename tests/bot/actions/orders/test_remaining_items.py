from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_values
from hypothesis import strategies as st

from bot.actions.orders.remaining_items import everything_left, given_on_the_order
from bot.bigcommerce.models import Fee, ShippingAddress
from bot.bigcommerce.refunds import ItemType, RefundItem
from tests.bot.actions.builders import given, line, refund, snapshot, tender

ADDRESS = ShippingAddress(id=30, cost_ex_tax=Decimal(10), handling_cost_ex_tax=Decimal("2.5"))
FEE = Fee(id=40, cost_ex_tax=Decimal("1.25"))


def as_text(items: tuple[RefundItem, ...]) -> list[str]:
    return [f"{i.item_type} {i.item_id}: {i.quantity or i.amount}" for i in items]


def test_everything_is_itemised_down_to_the_fee() -> None:
    shown = snapshot(
        line(1, quantity=2, wrapping_id=3, wrapping_cost_ex_tax="4.0"),
        line(2, quantity=1, parent_order_product_id=1),
        addresses=(ADDRESS,),
        fees=(FEE,),
    )

    assert as_text(everything_left(shown)) == [
        "PRODUCT 1: 2",
        "PRODUCT 2: 1",
        "GIFT_WRAPPING 1: 2",
        "SHIPPING 30: 10.00",
        "HANDLING 30: 2.50",
        "FEE 40: 1.25",
    ]


def test_what_costs_nothing_is_left_out() -> None:
    free = ShippingAddress(id=30)

    shown = snapshot(line(1, wrapping_id=3), addresses=(free,), fees=(Fee(id=40),))

    assert as_text(everything_left(shown)) == ["PRODUCT 1: 2"]


def test_earlier_refunds_are_taken_off() -> None:
    earlier = refund(
        items=(
            given(ItemType.PRODUCT, 1, quantity=1),
            given(ItemType.SHIPPING, 30, requested_amount="4.00"),
            given(ItemType.FEE, 40, requested_amount="1.25"),
        )
    )

    shown = snapshot(line(1), addresses=(ADDRESS,), fees=(FEE,), refunds=(earlier,))

    assert as_text(everything_left(shown)) == [
        "PRODUCT 1: 1",
        "SHIPPING 30: 6.00",
        "HANDLING 30: 2.50",
    ]


def test_a_declined_refund_takes_nothing_off() -> None:
    declined = refund(
        tender(is_declined=True),
        items=(
            given(ItemType.PRODUCT, 1, quantity=2),
            given(ItemType.SHIPPING, 30, requested_amount="10"),
        ),
    )

    shown = snapshot(line(1), addresses=(ADDRESS,), refunds=(declined,))

    assert as_text(everything_left(shown))[:2] == ["PRODUCT 1: 2", "SHIPPING 30: 10.00"]


@pytest.mark.parametrize(("quantity", "left"), [(None, []), (1, ["GIFT_WRAPPING 1: 1"]), (2, [])])
def test_wrapping_without_its_quantity_counts_as_given_back(
    quantity: int | None, left: list[str]
) -> None:
    earlier = refund(
        items=(
            given(ItemType.GIFT_WRAPPING, 1, quantity=quantity),
            given(ItemType.PRODUCT, 1, quantity=2),
        )
    )

    shown = snapshot(
        line(1, quantity=2, wrapping_id=3, wrapping_cost_ex_tax="4.0"), refunds=(earlier,)
    )

    assert as_text(everything_left(shown)) == left


def test_an_entry_without_its_amount_counts_as_all_of_it() -> None:
    earlier = refund(items=(given(ItemType.SHIPPING, 30),))

    shown = snapshot(
        addresses=(ShippingAddress(id=30, cost_ex_tax=Decimal(10)),), refunds=(earlier,)
    )

    assert everything_left(shown) == ()


@pytest.mark.parametrize(
    ("currency", "cost", "asked"),
    [("USD", "8.3399", ["SHIPPING 30: 8.33"]), ("JPY", "800.9", ["SHIPPING 30: 800"])],
)
def test_amounts_are_cut_to_what_the_currency_has_never_rounded_up(
    currency: str, cost: str, asked: list[str]
) -> None:
    address = ShippingAddress(id=30, cost_ex_tax=Decimal(cost))

    shown = snapshot(addresses=(address,), default_currency_code=currency)

    assert as_text(everything_left(shown)) == asked


@given_values(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_no_more_is_ever_asked_for_than_was_bought(bought: int, one: int, other: int) -> None:
    earlier = tuple(
        refund(items=(given(ItemType.PRODUCT, 1, quantity=quantity),))
        for quantity in (one, other)
        if quantity
    )

    items = everything_left(snapshot(line(1, quantity=bought), refunds=earlier))

    assert sum(item.quantity or 0 for item in items) == max(0, bought - one - other)


def test_refunds_given_on_the_order_as_a_whole_are_added_up() -> None:
    def on_order(amount: str, **fields: Any) -> Any:
        item = given(ItemType.ORDER, 1042, requested_amount=amount)
        return refund(tender(amount, **fields), items=(item,))

    shown = snapshot(refunds=(on_order("5"), on_order("2.5"), on_order("9", is_declined=True)))

    assert str(given_on_the_order(shown)) == "7.50 USD"
    assert given_on_the_order(snapshot()) is None


@pytest.mark.parametrize(("has_tax", "asked"), [(False, "4.00"), (True, "4.32")])
def test_costs_are_asked_for_by_what_was_charged(has_tax: bool, asked: str) -> None:
    # The example of the specification: charged less than the base cost.
    address = ShippingAddress(
        id=30,
        cost_ex_tax=Decimal(4),
        cost_inc_tax=Decimal("4.32"),
    )
    fee = Fee(id=40, cost_ex_tax=Decimal(1), cost_inc_tax=Decimal("1.08"))

    shown = snapshot(addresses=(address,), fees=(fee,), is_tax_inclusive_pricing=has_tax)

    assert as_text(everything_left(shown)) == [
        f"SHIPPING 30: {asked}",
        f"FEE 40: {'1.08' if has_tax else '1.00'}",
    ]


FEES = (FEE, Fee(id=41, cost_ex_tax=Decimal("4.80")), Fee(id=42, cost_ex_tax=Decimal(2)))


@pytest.mark.parametrize(
    ("item_id", "amount", "left"),
    [
        (41, "4.80", ["FEE 40: 1.25", "FEE 42: 2.00"]),
        (1042, "4.80", ["FEE 40: 1.25", "FEE 42: 2.00"]),
        (1042, "1.00", ["FEE 40: 0.25", "FEE 41: 4.80", "FEE 42: 2.00"]),
        (1042, "6.00", ["FEE 41: 0.05", "FEE 42: 2.00"]),
        (1042, "99.00", []),
        (1042, None, []),
    ],
)
def test_a_fee_that_was_refunded_is_known_by_its_own_id_or_the_orders(
    item_id: int, amount: str | None, left: list[str]
) -> None:
    earlier = refund(items=(given(ItemType.FEE, item_id, requested_amount=amount),))

    assert as_text(everything_left(snapshot(fees=FEES, refunds=(earlier,)))) == left


@given_values(
    st.lists(st.tuples(st.sampled_from([40, 41, 42, 1042]), st.integers(1, 500)), max_size=5)
)
def test_of_the_fees_never_more_is_asked_for_than_is_left(
    given_back: list[tuple[int, int]],
) -> None:
    earlier = tuple(
        refund(items=(given(ItemType.FEE, fee, requested_amount=Decimal(cents) / 100),))
        for fee, cents in given_back
    )

    items = everything_left(snapshot(fees=FEES, refunds=earlier))

    by_order = sum(Decimal(cents) / 100 for fee, cents in given_back if fee == 1042)
    asked = sum((item.amount or Decimal(0) for item in items), Decimal(0))
    assert asked <= max(Decimal(0), Decimal("8.05") - by_order)
    assert all(item.amount is not None and item.amount > 0 for item in items)
