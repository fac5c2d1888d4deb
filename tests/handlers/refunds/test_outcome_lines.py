"""What a partial refund was about, in its message."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.refunds.outcome_lines import refund_lines


def asked(**changes: Any) -> dict[str, Any]:
    return {"confirmed": {"total": {"amount": "30.00", "currency": "EUR"}}} | changes


def test_money_that_is_no_lines_comes_first() -> None:
    request = asked(
        lines=[{"quantity": 2, "wrapping": 1, "name": "Fern", "reason": "Damaged"}],
        parts=[{"amount": "5.00", "name": "shipping, before tax", "reason": "Late"}],
        goodwill={"amount": "10", "reason": "Sorry"},
        deduction={"amount": "2.50", "text": "Restocking fee"},
    )

    assert refund_lines(request) == [
        "• 2.50 EUR deducted · Restocking fee",
        "• 10.00 EUR on the order as a whole, without tax · Sorry",
        "• 5.00 EUR of shipping, before tax · Late",
        "• 2 × Fern · Damaged",
        "• Gift wrapping of 1 × Fern · Damaged",
    ]


def test_wrapping_alone_is_told_without_pieces() -> None:
    lines = [{"quantity": 0, "wrapping": 3, "name": "", "reason": "Late"}]

    assert refund_lines(asked(lines=lines)) == ["• Gift wrapping of 3 × item · Late"]


def test_before_a_quote_was_confirmed_no_currency_is_made_up() -> None:
    assert refund_lines({"goodwill": {"amount": "10.00", "reason": "Sorry"}}) == [
        "• 10.00 on the order as a whole, without tax · Sorry"
    ]


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_name_or_reason_injects_markup(name: str, reason: str) -> None:
    (said,) = refund_lines(asked(lines=[{"quantity": 1, "name": name, "reason": reason}]))

    assert said.startswith("• 1 × ")
    assert not re.search(r"[<>*~`\n]", said)
