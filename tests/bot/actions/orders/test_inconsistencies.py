from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.actions.orders.inconsistencies import (
    count_difference,
    find_differences,
    missing_words,
    untold,
    worth_of_items,
)
from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.models import Fee, ShippingAddress
from bot.bigcommerce.refunds import ItemType, RefundAdjustment, RefundItem
from tests.bot.actions.builders import line, snapshot

ADDRESS = ShippingAddress(
    id=30, cost_inc_tax=Decimal("13.37"), handling_cost_inc_tax=Decimal("2.00")
)
FEE = Fee(id=40, cost_inc_tax=Decimal("1.25"))
TOLD: dict[str, Any] = {
    "items_total": 3,
    "shipping_cost_inc_tax": "13.37",
    "handling_cost_inc_tax": "2.00",
    "wrapping_cost_inc_tax": "8.00",
    "total_inc_tax": "164.62",
}
PARTS: dict[str, Any] = {"addresses": (ADDRESS,), "fees": (FEE,)}


def lines() -> list[Any]:
    return [
        line(1, 2, total_inc_tax="100.00", wrapping_id=1, wrapping_cost_inc_tax="4.00"),
        line(2, 1, total_inc_tax="45.00", discounted_total_inc_tax="40.00"),
    ]


def said(shown: OrderSnapshot) -> list[str]:
    return [str(each) for each in find_differences(shown)]


def test_an_order_whose_parts_come_to_its_totals_differs_in_nothing() -> None:
    shown = snapshot(*lines(), **TOLD, **PARTS)

    assert said(shown) == []
    assert count_difference(shown) == ""
    assert missing_words(shown) == ""


@pytest.mark.parametrize(
    ("fields", "missing", "sentences"),
    [
        (
            {"addresses": ()},
            "shipping, handling",
            [
                "The order says 13.37 USD of shipping, its parts come to 0.00 USD.",
                "The order says 2.00 USD of handling, its parts come to 0.00 USD.",
            ],
        ),
        (
            {"fees": ()},
            "lines or fees",
            ["The order comes to 164.62 USD, all that belongs to it to 163.37 USD."],
        ),
        (
            {"wrapping_cost_inc_tax": "11.00", "total_inc_tax": "167.62"},
            "gift wrapping",
            ["The order says 11.00 USD of gift wrapping, its parts come to 8.00 USD."],
        ),
        (
            {"shipping_cost_inc_tax": "0.0000"},
            "",
            ["The order says 0.00 USD of shipping, its parts come to 13.37 USD."],
        ),
        (
            {"total_inc_tax": "150.00"},
            "",
            ["The order comes to 150.00 USD, all that belongs to it to 164.62 USD."],
        ),
    ],
)
def test_what_differs_is_said_once_with_both_figures(
    fields: dict[str, Any], missing: str, sentences: list[str]
) -> None:
    shown = snapshot(*lines(), **{**TOLD, **PARTS, **fields})

    assert said(shown) == sentences
    assert missing_words(shown) == missing


@pytest.mark.parametrize("value", [None, "", "much"])
def test_a_total_that_is_not_told_differs_from_nothing(value: str | None) -> None:
    shown = snapshot(*lines(), **{**TOLD, **PARTS, "shipping_cost_inc_tax": value})

    assert said(shown) == []
    assert untold(shown) == ("shipping",)


def test_lines_that_are_missing_are_counted() -> None:
    shown = snapshot(*lines()[:1], **TOLD, **PARTS)

    assert count_difference(shown) == "The order says 3 items, its lines come to 2."
    assert missing_words(shown) == "lines or fees"


def test_a_bundles_parts_may_count_as_items_or_not() -> None:
    parts = [line(1, 1), line(2, 3, parent_order_product_id=1)]

    assert count_difference(snapshot(*parts, items_total=1)) == ""
    assert count_difference(snapshot(*parts, items_total=4)) == ""
    assert count_difference(snapshot(*parts, items_total=None)) == ""
    assert count_difference(snapshot(*parts, items_total=2)) != ""


def test_discounts_that_stand_on_the_order_alone_explain_that_it_costs_less() -> None:
    whole = line(1, 1, total_inc_tax="60.00")

    assert said(snapshot(whole, total_inc_tax="54.10", discount_amount="5.90")) == []
    assert said(snapshot(whole, total_inc_tax="54.10", discount_amount="1.00")) != []


def test_a_cent_of_rounding_for_each_part_is_no_difference() -> None:
    parts = [line(number, 1, total_inc_tax="10.00") for number in range(1, 4)]

    assert said(snapshot(*parts, total_inc_tax="30.03")) == []
    assert said(snapshot(*parts, total_inc_tax="30.04")) != []


def test_wrapping_may_be_told_for_the_line_or_for_one_piece() -> None:
    wrapped = line(1, 2, total_inc_tax="40.00", wrapping_id=1, wrapping_cost_inc_tax="4.00")

    for wrapping, total in (("4.00", "44.00"), ("8.00", "48.00")):
        shown = snapshot(wrapped, wrapping_cost_inc_tax=wrapping, total_inc_tax=total)
        assert said(shown) == []


def item(kind: ItemType, item_id: int, **fields: Any) -> RefundItem:
    return RefundItem(item_type=kind, item_id=item_id, **fields)


def test_what_items_come_to_is_worked_out_from_the_orders_own_figures() -> None:
    address = ShippingAddress(id=30, cost_ex_tax=Decimal("4.00"), cost_inc_tax=Decimal("4.32"))
    shown = snapshot(*lines(), **{**TOLD, "addresses": (address,), "fees": (FEE,)})

    asked = [
        item(ItemType.PRODUCT, 1, quantity=1),
        item(ItemType.PRODUCT, 2, quantity=1),
        item(ItemType.GIFT_WRAPPING, 1, quantity=1),
        item(ItemType.SHIPPING, 30, amount=Decimal("2.00")),
        item(ItemType.ORDER, 1042, amount=Decimal("5.00")),
    ]

    assert str(worth_of_items(shown, asked)) == "101.16 USD"


@pytest.mark.parametrize(
    "asked",
    [
        item(ItemType.PRODUCT, 99, quantity=1),
        item(ItemType.SHIPPING, 99, amount=Decimal(1)),
        item(
            ItemType.PRODUCT,
            1,
            quantity=1,
            adjustments=(RefundAdjustment(amount=Decimal(-1), description="Fee"),),
        ),
    ],
    ids=["no such line", "no such address", "deducted"],
)
def test_where_the_order_does_not_tell_nothing_is_made_up(asked: RefundItem) -> None:
    assert worth_of_items(snapshot(*lines(), **TOLD, **PARTS), [asked]) is None
