"""Customers with everything that people can type as a name: lists always within Slack's limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.bigcommerce.customers import Customer
from bot.bigcommerce.models import Order
from bot.lookup.customer_summary import CustomerSummary, Turnover
from bot.lookup.finder import Found
from bot.lookup.search_terms import Wanted
from bot.sandbox.slack.blocks.checks import check_message, check_view
from bot.values.money import Money
from handlers.block_kit.builders import modal
from handlers.customers.customer_links import LINK_TITLE, candidate_rows, candidates, linked_text
from handlers.customers.customer_summary import ShownSummary, summary_blocks, summary_lines
from handlers.orders.search import search_view
from handlers.orders.search_results import results_blocks, results_text
from storage.threads.customer_links import Conversation
from tests.handlers.orders.test_odd_orders import FORBIDDEN, ODD, order
from tests.support.agent import words

HERE = Conversation("T1", "C1", "1.1")


def hits(text: str, count: int) -> Found:
    orders = tuple(
        order(text).model_copy(update={"id": 1000 + n, "customer_id": n % 3}) for n in range(count)
    )
    customers = tuple(
        Customer(id=n, first_name=text, last_name=text, email=text, phone=text)
        for n in range(1, 31)
    )
    return Found(orders, customers, (text,) * 9, (text,) * 9, is_near=True)


def checked(text: str, blocks: list[dict[str, Any]]) -> str:
    """Return all that is shown, as a message and as a modal."""
    assert check_message(blocks) == []
    assert check_view(modal(callback_id="x", title="x", blocks=blocks), "modal") == []
    return f"{text}\n{words(blocks)}"


@pytest.mark.parametrize("text", [*ODD.values(), "x" * 255], ids=[*ODD, "255"])
@pytest.mark.parametrize("count", [0, 1, 10, 15, 60])
@pytest.mark.parametrize("page", [0, 1, 99])
def test_a_list_of_hits_fits_and_does_nothing(text: str, count: int, page: int) -> None:
    found, wanted = hits(text, count), Wanted(text)

    shown = checked(results_text(found, wanted), results_blocks(found, wanted, "token", page))

    assert not FORBIDDEN.search(shown)
    assert check_view(search_view(text, above=results_blocks(found, wanted, "", 0)), "modal") == []


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_those_who_may_be_meant_fit_and_do_nothing(text: str) -> None:
    people = candidates(hits(text, 60))

    shown = checked(LINK_TITLE, candidate_rows(people))

    assert not FORBIDDEN.search(shown + linked_text(text, HERE))


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_glance_fits_and_never_mixes_currencies(text: str) -> None:
    turnovers = tuple(
        Turnover(Money(amount=Decimal(n), currency=c), Money(amount=Decimal(1), currency=c))
        for n, c in ((0, "USD"), (10, "EUR"), (1000, "JPY"))
    )
    figures = CustomerSummary(text, True, tuple(range(100)), 7, turnovers, is_cut=True)

    glance = ShownSummary(figures, ())

    assert not FORBIDDEN.search(checked("x", summary_blocks(glance)))
    lines = summary_lines(glance)
    assert "more than 100 orders" in lines[0]
    assert lines[1:] == [
        "Paid orders of 0.00 USD in that time, refunds 1.00 USD",
        "Paid orders of 10.00 EUR in that time, refunds 1.00 EUR (10.0%)",
        "Paid orders of 1,000 JPY in that time, refunds 1 JPY (0.1%)",
    ]


def test_each_order_is_an_order() -> None:
    assert isinstance(hits("x", 1).orders[0], Order)
