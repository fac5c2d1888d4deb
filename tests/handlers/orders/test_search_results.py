"""What a search found: a list to choose from in pages, or what was tried."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.customers import Customer
from bot.bigcommerce.models import Order
from bot.lookup.finder import Found
from bot.lookup.search_terms import Wanted
from bot.sandbox.slack.blocks.checks import check_message
from handlers.orders.search_results import order_lines, results_blocks, results_text, whose
from tests.bot.actions import builders
from tests.support.agent import words

MAYA = Customer(id=7, first_name="Maya", last_name="Lind", email="maya@example.com")
DAY = "<!date^1795428000^{date_short}|23 November 2026, 10:00 UTC>"


def order(number: int = 1042, email: str = "maya@example.com", **fields: Any) -> Order:
    who = {"first_name": "Maya", "last_name": "Lind", "email": email}
    return builders.order(id=number, billing_address=who, **fields)


def orders(count: int) -> tuple[Order, ...]:
    return tuple(order(number) for number in range(1, count + 1))


def test_an_order_is_told_in_two_lines() -> None:
    assert order_lines(order(total_inc_tax="1054.1")) == [
        "*Order 1042* · Awaiting Fulfillment · 1,054.10 USD",
        f"{DAY} · Maya Lind",
    ]


def test_a_guest_and_a_status_of_the_shops_own_are_told_so() -> None:
    first, second = order_lines(order(customer_id=0, custom_status="Being packed"))

    assert first == "*Order 1042* · Being packed · 54.10 USD"
    assert second == f"{DAY} · Maya Lind · guest"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Found(orders=orders(1)), "1 order for “maya”, newest first."),
        (Found(orders=orders(12)), "12 orders for “maya”, newest first."),
        (Found(), "Nothing was found for “maya”."),
        (Found(customers=(MAYA,)), "Maya Lind: no orders."),
    ],
)
def test_what_was_found_stands_in_one_sentence(found: Found, said: str) -> None:
    assert results_text(found, Wanted("maya")) == said


def test_without_words_nothing_is_quoted() -> None:
    assert results_text(Found(orders=orders(1)), Wanted(customer_id=7)) == "1 order, newest first."


@pytest.mark.parametrize(
    ("page", "first", "last", "buttons"),
    [
        (0, 1, 10, {"Next": "tok 1"}),
        (1, 11, 20, {"Previous": "tok 0", "Next": "tok 2"}),
        (2, 21, 23, {"Previous": "tok 1"}),
        (9, 21, 23, {"Previous": "tok 1"}),
        (-1, 1, 10, {"Next": "tok 1"}),
    ],
)
def test_each_page_has_its_orders_and_the_way_on(
    page: int, first: int, last: int, buttons: dict[str, str]
) -> None:
    blocks = results_blocks(Found(orders=orders(23)), Wanted("maya"), "tok", page)

    rows = [block["accessory"]["value"] for block in blocks if "accessory" in block]
    assert rows == [str(number) for number in range(first, last + 1)]
    (pager,) = [block for block in blocks if block["type"] == "actions"]
    assert {each["text"]["text"]: each["value"] for each in pager["elements"]} == buttons


def test_in_vain_it_is_said_what_was_searched_and_what_to_try() -> None:
    tried = ("Orders with the e-mail maya", "Customers called <!channel>")

    said = words(results_blocks(Found(tried=tried, notes=("One note.",)), Wanted("maya"), "tok", 0))

    assert "*What was searched*\n• Orders with the e-mail maya\n" in said
    assert "• Customers called &lt;!channel&gt;" in said
    assert "Check the spelling, or search for something else" in said
    assert said.endswith("One note.")


def test_what_only_comes_near_is_told_so() -> None:
    blocks = results_blocks(Found(orders=orders(1), is_near=True), Wanted("mya"), "tok", 0)

    assert "Nobody is called exactly that. These come near:" in words(blocks[:1])


@pytest.mark.parametrize(
    ("found", "who"),
    [
        (Found(customers=(MAYA,), orders=orders(2)), MAYA),
        (Found(customers=(MAYA, MAYA)), None),
        (Found(), None),
        (Found(orders=orders(2)), None),
    ],
)
def test_only_one_customer_is_whose_it_is(found: Found, who: object) -> None:
    assert whose(found) == who


def test_a_guest_is_known_by_one_address_however_it_is_written() -> None:
    one, same = order(1, customer_id=0), order(2, "MAYA@example.com", customer_id=0)
    other = order(3, "ben@example.com", customer_id=0)

    assert whose(Found(orders=(one, same))) == one
    assert whose(Found(orders=(one, other))) is None


@given(st.text(max_size=400), st.text(max_size=400), st.integers(0, 30), st.integers(-3, 9))
def test_whatever_was_found_slack_takes_it_and_nothing_is_markup(
    text: str, name: str, count: int, page: int
) -> None:
    who = {"first_name": name, "email": name}
    many = tuple(builders.order(id=n + 1, billing_address=who, status=name) for n in range(count))
    found = Found(orders=many, tried=(text,) * 5, notes=(name,) * 9)

    blocks = results_blocks(found, Wanted(text), "tok", page)

    assert check_message(blocks) == []
    assert len(blocks) <= 20
    assert set(re.findall(r"<(.)", words(blocks))) <= {"!"}
    assert all(each.startswith("date^") for each in re.findall(r"<!([^>]*)>", words(blocks)))
