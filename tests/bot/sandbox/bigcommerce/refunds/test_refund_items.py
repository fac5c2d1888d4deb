"""The items of a refund as JSON: what is read, and the field that each refusal names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.refunds.refund_items import read_items, read_reason

PIECE = {"item_type": "PRODUCT", "item_id": 31, "quantity": 2}
MONEY = {"item_type": "SHIPPING", "item_id": 51, "amount": Decimal("2.50")}


def refusal(body: Any) -> tuple[str, dict[str, str]]:
    with pytest.raises(StoreError) as caught:
        read_items(body)
    assert caught.value.status == 422
    return caught.value.title, dict(caught.value.errors or {})


def test_pieces_have_a_quantity_and_the_rest_an_amount() -> None:
    adjustment = {"amount": Decimal("-1.5"), "description": "Used"}

    piece, money = read_items({"items": [PIECE | {"adjustments": [adjustment]}, MONEY]})

    assert (piece.quantity, piece.amount) == (2, None)
    assert (piece.adjustments, piece.adjustment_notes) == ([Decimal("-1.50")], ["Used"])
    assert (money.quantity, money.amount) == (None, Decimal("2.50"))


@pytest.mark.parametrize(
    ("items", "code"),
    [
        (None, "error.path.missing"),
        ([], "error.expected.jsarray"),
        ({}, "error.expected.jsarray"),
    ],
)
def test_there_must_be_items(items: Any, code: str) -> None:
    assert refusal({"items": items} if items is not None else {})[1] == {"items": code}


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ("PRODUCT", "", "error.expected.jsobject"),
        (PIECE | {"item_type": "TAX"}, ".item_type", "error.expected.validenumvalue"),
        (PIECE | {"item_id": "31"}, ".item_id", "error.expected.jsnumber"),
        (PIECE | {"item_id": 0}, ".item_id", "error.min"),
        (PIECE | {"quantity": True}, ".quantity", "error.expected.jsnumber"),
        (PIECE | {"quantity": 0}, ".quantity", "error.min"),
        (MONEY | {"amount": "2.50"}, ".amount", "error.expected.jsnumber"),
        (MONEY | {"amount": 0}, ".amount", "error.min"),
        (MONEY | {"amount": -1}, ".amount", "error.min"),
        (PIECE | {"reason": 5}, ".reason", "error.expected.jsstring"),
        (PIECE | {"reason": "x" * 1001}, ".reason", "error.maxLength"),
        (PIECE | {"adjustments": "no"}, ".adjustments", "error.expected.jsarray"),
        (PIECE | {"adjustments": [{"amount": 1}]}, ".adjustments.amount", "error.max"),
        (
            PIECE | {"adjustments": [{"amount": -1, "description": "x" * 256}]},
            ".adjustments.description",
            "error.maxLength",
        ),
        (MONEY | {"adjustments": [{"amount": -1}]}, ".adjustments", "error.not.supported"),
    ],
)
def test_a_wrong_field_is_named(row: Any, field: str, code: str) -> None:
    assert refusal({"items": [PIECE, row]})[1] == {f"items(1){field}": code}


def test_a_third_decimal_has_words_of_its_own() -> None:
    title, errors = refusal({"items": [MONEY | {"amount": Decimal("2.505")}]})

    assert title == "amount field can not have more than 2 decimal digits"
    assert errors == {"items(0).amount": title}


def test_a_reason_may_be_left_out_and_has_a_thousand_characters() -> None:
    assert read_reason("reason", None) == ""
    assert len(read_reason("reason", "x" * 1000)) == 1000
