"""Turning the pages of a long partial refund: where one is, and what is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from handlers.flow.form import FormState
from handlers.refunds.form_context import ItemsContext
from handlers.refunds.form_pages import page_blocks, page_to_show, pages_of, position, turn_page
from tests.handlers.refunds.forms import SHIPPING, items_form, shown_line
from tests.support.agent import words

# Each takes seven blocks, so that eleven fill a page.
LONG = [shown_line(number) for number in range(1, 31)]


def long_form(typed: dict[str, str] | None = None) -> FormState:
    return items_form(*LONG, parts=(SHIPPING,), typed=typed)


def pages(form: FormState) -> list[str]:
    """Return what stands at the end of each page."""
    dealt = pages_of(ItemsContext.of(form.context))
    return [words(page_blocks(form, dealt, number)) for number in range(len(dealt))]


def test_each_page_says_where_one_is_and_which_way_to_go() -> None:
    kept = "chosen so far. What you typed on other pages is kept."

    first, second, last = pages(long_form({"quantity_1": "1", "quantity_30": "2"}))

    assert first == f"Next lines\nLines 1 to 11 of 30 · 2 {kept}"
    assert second == f"Previous lines\nNext lines\nLines 12 to 22 of 30 · 2 {kept}"
    assert last == f"Previous lines\nLines 23 to 30 of 30 · 2 {kept}"


def test_above_the_lines_stands_which_page_it_is() -> None:
    dealt = pages_of(ItemsContext.of(long_form().context))

    assert position(dealt, 0) == (
        "\n*Page 1 of 3*; the buttons to turn it are at the end; "
        "shipping and the rest are on the last page."
    )
    assert position(dealt, 2) == "\n*Page 3 of 3*; the buttons to turn it are at the end."


def test_one_page_has_no_buttons() -> None:
    form = items_form(shown_line())
    dealt = pages_of(ItemsContext.of(form.context))

    assert (page_blocks(form, dealt, 0), position(dealt, 0)) == ([], "")


def test_a_page_of_costs_alone_is_named_so() -> None:
    costs = tuple(
        SHIPPING.model_copy(update={"field": f"fee_{n}", "left": Decimal(1)}) for n in range(9)
    )
    form = items_form(*LONG[:11], parts=costs)

    first, last = pages(form)

    assert first.startswith("Next: shipping and more\n")
    assert "The other amounts · 0 chosen so far." in last


@pytest.mark.parametrize(
    ("wrong", "page"),
    [("quantity_12", 1), ("reason_1", 0), ("shipping_7", 2), ("goodwill", 2), ("reason_all", 0)],
)
def test_the_first_page_with_something_wrong_is_shown(wrong: str, page: int) -> None:
    form = long_form()
    form.errors = {wrong: "Wrong."}

    assert page_to_show(form, pages_of(ItemsContext.of(form.context))) == page


def test_nobody_turns_beyond_the_ends() -> None:
    form = long_form()
    seen = []
    for step in (-1, 1, 1, 1, -1):
        turn_page(form, step)
        seen.append(page_to_show(form, pages_of(ItemsContext.of(form.context))))

    assert seen == [0, 1, 2, 2, 1]
