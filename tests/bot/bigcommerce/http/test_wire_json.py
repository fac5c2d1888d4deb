"""JSON over the wire: money keeps its digits in both directions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.http.scopes import scope_of
from bot.bigcommerce.http.wire_json import dumps, loads, two_decimals

amounts = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=4)
TEXT = st.text('aü"\\€ ', max_size=9)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | amounts
    | st.text('aü"\\€ ', max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc"), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert loads(dumps(value).encode()) == value


@given(amounts)
def test_an_amount_has_exactly_its_own_digits(amount: Decimal) -> None:
    read = loads(dumps({"amount": amount}).encode())["amount"]

    assert (str(read), type(read)) == (f"{amount:f}", Decimal)


@pytest.mark.parametrize(
    ("amount", "sent"),
    [
        ("10", "10.00"),
        ("0.005", "0.01"),
        ("2.675", "2.68"),
        ("-0.005", "-0.01"),
        ("1E+2", "100.00"),
    ],
)
def test_a_third_decimal_is_rounded_half_up(amount: str, sent: str) -> None:
    assert dumps(two_decimals(Decimal(amount))) == sent


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_amount_is_not_sent(odd: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        two_decimals(Decimal(odd))


@pytest.mark.parametrize(
    "body", [b"{", b"nothing", b"[1,]", b"1e99999", b"[" * 100_000, b"\xff\xfe{"]
)
def test_what_is_no_json_says_so(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        loads(body)


def test_an_empty_answer_is_none_and_a_spoilt_text_spoils_itself_only() -> None:
    assert loads(b" \n") is None
    assert loads(b'{"name": "M\xff", "id": 7}') == {"name": "M\ufffd", "id": 7}
    assert loads(rb'{"name": "a\ud800b\u0000"}')["name"].isprintable()


@pytest.mark.parametrize(
    ("call", "scope"),
    [
        ("GET /v3/orders/1042/transactions", "Order Transactions: read-only"),
        ("GET /v2/orders/1042", "Orders: read-only"),
        ("PUT /v2/orders/1042", "Orders: modify"),
        ("POST /v3/orders/1042/payment_actions/refunds", "Orders: modify"),
        ("GET /v2/coupons", "Marketing: read-only"),
        ("POST /v3/promotions", "Marketing: modify"),
        ("GET /v2/store", "Information & Settings: read-only"),
        ("POST /v3/hooks", ""),
    ],
)
def test_each_call_names_the_least_scope_it_needs(call: str, scope: str) -> None:
    assert scope_of(call) == scope
