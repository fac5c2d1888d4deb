"""Lines that sold something else than goods, and what refunding them does not take back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions.orders.line_kinds import line_kind, line_warnings
from bot.bigcommerce.refunds import ItemType, RefundItem
from tests.bot.actions.builders import line, snapshot


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, ""),
        ({"type": "physical"}, ""),
        ({"type": "digital"}, "download"),
        ({"type": "giftcertificate"}, "gift certificate"),
        ({"type": "physical", "gift_certificate_id": 9}, "gift certificate"),
    ],
)
def test_a_line_is_of_the_kind_that_the_store_says(fields: dict[str, Any], kind: str) -> None:
    assert line_kind(line(**fields)) == kind


def item(line_id: int, kind: ItemType = ItemType.PRODUCT) -> RefundItem:
    return RefundItem(item_type=kind, item_id=line_id, quantity=1)


def test_what_stays_with_the_customer_is_said_of_the_lines_that_are_refunded() -> None:
    shown = snapshot(
        line(1),
        *(line(number, type="giftcertificate", name=f"Voucher {number}") for number in range(2, 7)),
        line(7, type="digital", name="Pattern"),
        line(8, type="digital", name="Not asked for"),
    )

    warnings = line_warnings(shown, [item(number) for number in range(1, 8)])

    assert warnings == (
        "A gift certificate was sold here: Voucher 2, Voucher 3, Voucher 4, 2 more. The refund "
        "does not disable it, so it can still be spent. Disable it in the BigCommerce control "
        "panel, under Marketing › Gift Certificates.",
        "A download was sold here: Pattern. The refund does not take it back.",
    )


def test_goods_and_costs_warn_of_nothing() -> None:
    shown = snapshot(line(1), line(2, type="digital"))

    assert line_warnings(shown, [item(1), item(2, ItemType.SHIPPING)]) == ()
