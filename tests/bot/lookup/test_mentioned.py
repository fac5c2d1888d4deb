"""Order numbers and addresses in a message, and what only looks like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookup.mentioned import MOST_EMAILS, MOST_NUMBERS, find_mentioned
from bot.values.parsing import LARGEST_ORDER_ID


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Order 1042 is broken", [1042]),
        ("order: #7 and #8", [7, 8]),
        ("order no. 1042, 1043", [1042, 1043]),
        ("is it 1042?", [1042]),
        ("(1042)", [1042]),
        ("1042 1043\n1044", [1042, 1043, 1044]),
        ("first 2001, but order 1042", [1042, 2001]),
        ("https://x.example/manage/orders/1042", [1042]),
        ("<https://x.example/manage/orders/1042|the order>", [1042]),
        ("<https://x.example/manage/orders/1042>", [1042]),
        ("refund $1042 or 1042.50 or 1042 USD or €1042", []),
        ("on 2026-11-23 at 10:42, 12/2024, v1042.1", []),
        ("<@U1042> <#C1042|x> <!date^1764000000^{date}|x> ABC1042 1042x", []),
        ("call 555-0101 or <tel:5550101|call>", []),
        ("12 and 99999999999", []),
        ("2147483648", []),
        ("order 0", []),
        ("a1042@mail.example", []),
    ],
)
def test_numbers_that_may_be_orders_are_found(text: str, numbers: list[int]) -> None:
    assert list(find_mentioned(text).order_ids) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "write to Rosa@Mail.example.",
        "<mailto:rosa@mail.example|rosa@mail.example>, please",
        "(rosa@mail.example) rosa@mail.example",
        "From: Rosa &lt;rosa@mail.example&gt;",
    ],
)
def test_addresses_are_found_once(text: str) -> None:
    assert find_mentioned(text).emails == ("rosa@mail.example",)


@given(st.integers(min_value=1, max_value=LARGEST_ORDER_ID))
def test_a_number_with_its_sign_is_always_found(number: int) -> None:
    assert number in find_mentioned(f"About #{number}, please.").order_ids


@given(st.text(max_size=2000))
def test_what_is_found_is_bounded_and_possible(text: str) -> None:
    found = find_mentioned(text)

    assert len(found.order_ids) <= MOST_NUMBERS
    assert len(found.emails) <= MOST_EMAILS
    assert all(0 < number <= LARGEST_ORDER_ID for number in found.order_ids)
    assert len(set(found.order_ids)) == len(found.order_ids)


@pytest.mark.parametrize("text", ["a" * 200_000, "1" * 200_000, "<" * 200_000, "a@" * 100_000])
def test_a_hostile_text_comes_to_an_end(text: str) -> None:
    assert find_mentioned(text).order_ids == ()  # what backtracks would take hours


@pytest.mark.parametrize("gap", [" ", "\n\t", "a@mail.example ", "# "])
def test_a_message_that_is_mostly_gaps_is_read_at_once(gap: str) -> None:
    # Anybody can write one; patterns that try each gap in turn would stop the bot for hours.
    assert find_mentioned(f"order{gap * 3000}?").order_ids == ()
