from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.values.parsing import (
    AMOUNT_LIMIT,
    LARGEST_ORDER_ID,
    NotUnderstood,
    clean_reason,
    end_of_day,
    parse_amount,
    parse_order_id,
    parse_percentage,
)


@pytest.mark.parametrize("text", ["1042", "#1042", " 1042 ", "# 1042", "001042", "\t1042\n"])
def test_an_order_number_is_read_however_people_type_it(text: str) -> None:
    assert parse_order_id(text) == 1042


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type an order number"),
        ("   ", "Type an order number"),
        ("ten", "digits only"),
        ("#", "digits only"),
        ("10 42", "digits only"),
        ("10.42", "digits only"),
        ("-5", "digits only"),
        ("1e3", "digits only"),
        ("١٠٤٢", "digits only"),
        ("9" * 50, "digits only"),
        ("0", "start at 1"),
        ("2147483648", "that large"),
        ("1000000000000", "that large"),
    ],
)
def test_a_wrong_order_number_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(NotUnderstood, match=sentence):
        parse_order_id(text)


@given(st.integers(min_value=1, max_value=LARGEST_ORDER_ID))
def test_every_possible_order_number_is_read_back(order_id: int) -> None:
    assert parse_order_id(f" #{order_id} ") == order_id


@given(st.text())
def test_any_text_is_an_order_number_or_explained(text: str) -> None:
    try:
        order_id = parse_order_id(text)
    except NotUnderstood:
        return
    assert 1 <= order_id <= LARGEST_ORDER_ID


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("10", "10.00"),
        ("10.00", "10.00"),
        ("10,50", "10.50"),
        ("10,5", "10.50"),
        (" 0.01 ", "0.01"),
        ("999999.99", "999999.99"),
    ],
)
def test_an_amount_is_read_with_a_point_or_a_comma(text: str, amount: str) -> None:
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a number"),
        ("1e3", "plain number"),
        ("-1", "above 0"),
        ("0", "above 0"),
        ("0.00", "above 0"),
        ("NaN", "plain number"),
        ("Infinity", "plain number"),
        ("10.123", "thousands separator|two decimals"),
        ("1000.123", "two decimals"),
        ("1,000", "thousands separator"),
        ("1,000.50", "thousands separator"),
        ("1.000,50", "thousands separator"),
        ("1 000", "thousands separator"),
        ("10 USD", "plain number"),
        ("$10", "plain number"),
        ("+10", "plain number"),
        (".5", "plain number"),
        ("٥", "plain number"),
        ("1000000", "below 1,000,000"),
        ("9" * 15, "below 1,000,000"),
        ("9" * 40, "plain number"),
    ],
)
def test_a_wrong_amount_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(NotUnderstood, match=sentence):
        parse_amount(text)


@given(st.decimals(min_value=Decimal("0.01"), max_value=AMOUNT_LIMIT - Decimal("0.01"), places=2))
def test_every_amount_is_read_back_to_the_cent(amount: Decimal) -> None:
    assert parse_amount(f"{amount:f}") == amount
    assert parse_amount(f"{amount:f}".replace(".", ",")) == amount


@given(st.text(alphabet="0123456789.,eE-+ NaN%", max_size=12))
def test_any_amount_is_in_range_or_explained(text: str) -> None:
    try:
        amount = parse_amount(text)
    except NotUnderstood:
        return
    assert 0 < amount < AMOUNT_LIMIT
    assert amount == round(amount, 2)


@pytest.mark.parametrize(
    ("text", "percentage"), [("10", "10"), ("12.5%", "12.5"), ("12,5 %", "12.5"), ("100", "100")]
)
def test_a_percentage_may_have_its_sign(text: str, percentage: str) -> None:
    assert parse_percentage(text) == Decimal(percentage)


@pytest.mark.parametrize("text", ["100.01", "101", "0", "-5", "10%%", "ten", "", "%"])
def test_a_wrong_percentage_is_explained(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_percentage(text)


def test_a_reason_becomes_one_line_without_control_characters() -> None:
    assert clean_reason("  Wrong\x00 size\r\n\tsent \x1b[31m ") == "Wrong size sent [31m"


def test_the_end_of_a_day_is_that_of_the_stores_zone() -> None:
    end = end_of_day(date(2026, 12, 31), "America/Chicago")

    assert end.isoformat() == "2026-12-31T23:59:59-06:00"
    assert end.astimezone(UTC) == datetime(2027, 1, 1, 5, 59, 59, tzinfo=UTC)


def test_an_unknown_time_zone_is_taken_for_utc() -> None:
    assert end_of_day(date(2026, 12, 31), "Mars/Olympus").utcoffset() == UTC.utcoffset(None)
