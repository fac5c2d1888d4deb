"""The lines of a partial refund's form: what is asked about each, and what was filled in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.refunds.choice import LineRefund
from bot.sandbox.slack.blocks.checks import check_view
from handlers.block_kit.builders import modal
from handlers.flow.form import FormState
from handlers.refunds.form_lines import (
    fill_lines,
    is_chosen,
    line_blocks,
    line_size,
    load_lines,
    parse_lines,
)
from tests.bot.actions.builders import line, snapshot
from tests.handlers.refunds.forms import items_form, shown_line
from tests.support.agent import words


def parsed(form: FormState) -> tuple[list[LineRefund], dict[str, str]]:
    errors: dict[str, str] = {}
    return parse_lines(form, errors), errors


def test_a_line_tells_what_is_left_of_it_and_what_was_paid() -> None:
    one = shown_line(left=2, wrapping=1, unwrapped=True)

    said = words(line_blocks(items_form(one), one))

    assert "*Fern 1*\n2 of 3 left · 30.00 USD paid for the line · gift wrapping refunded" in said
    assert "Quantity of Fern 1 to refund, at most 2" in said
    assert "Gift wrapping of Fern 1 to refund, pieces, at most 1" in said
    assert "Reason for Fern 1" in said


def test_nothing_is_asked_about_a_line_that_was_refunded() -> None:
    one = shown_line(left=0)

    divider, said = line_blocks(items_form(one), one)

    assert divider == {"type": "divider"}
    assert said["text"]["text"] == "Fern 1\n3 of 3 refunded already. Nothing left to refund."


def test_a_line_is_refunded_with_its_own_reason_or_with_that_for_all() -> None:
    typed = {"quantity_1": "2", "reason_1": "Late", "quantity_2": "1", "reason_all": "Damaged"}

    chosen, errors = parsed(items_form(shown_line(1), shown_line(2), shown_line(3), typed=typed))

    assert errors == {}
    assert [(one.order_product_id, one.quantity, one.reason) for one in chosen] == [
        (1, 2, "Late"),
        (2, 1, "Damaged"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3", "Only 2 of this line can still be refunded."),
        ("1.5", "Type a whole number, such as 1."),
        ("-1", "Type a whole number, such as 1."),
        ("²", "Type a whole number, such as 1."),
        ("9" * 40, "Type a whole number, such as 1."),
    ],
)
def test_a_quantity_that_cannot_be_is_named_at_its_field(typed: str, said: str) -> None:
    form = items_form(shown_line(), typed={"quantity_1": typed, "reason_all": "Damaged"})

    assert parsed(form) == ([], {"quantity_1": said})


def test_a_line_without_any_reason_asks_for_one() -> None:
    assert parsed(items_form(shown_line(), typed={"quantity_1": "1"})) == (
        [],
        {"reason_1": "Choose a reason."},
    )


@given(st.text(max_size=12))
def test_whatever_was_typed_at_most_what_is_left_is_refunded(typed: str) -> None:
    chosen, errors = parsed(
        items_form(shown_line(), typed={"quantity_1": typed, "reason_all": "Damaged"})
    )

    assert bool(errors) + len(chosen) <= 1
    assert all(1 <= one.quantity <= 2 for one in chosen)


def test_everything_is_filled_in_and_emptied_again() -> None:
    one, other = shown_line(1, wrapping=1), shown_line(2, left=0)
    form = items_form(one, other)

    fill_lines(form, everything=True)
    filled = dict(form.values)
    assert (is_chosen(form, one), is_chosen(form, other)) == (True, False)
    fill_lines(form, everything=False)

    assert filled == {"quantity_1": "2", "wrapping_1": "1", "quantity_2": "", "wrapping_2": ""}
    assert not any(form.values.values())


@given(
    st.text(min_size=1, max_size=255),
    st.integers(0, 5),
    st.integers(0, 5),
    st.text(max_size=12),
)
def test_any_line_is_a_view_that_slack_takes_within_its_room(
    name: str, refunded: int, wrapping: int, typed: str
) -> None:
    (one,) = load_lines(snapshot(line(1, 5, name=name, quantity_refunded=refunded)))
    one = one.model_copy(update={"wrapping": wrapping})
    form = items_form(one, typed={"quantity_1": typed, "wrapping_1": typed})
    form.errors = {"quantity_1": name, "wrapping_1": name, "reason_1": name}

    blocks = line_blocks(form, one)

    view = modal(callback_id="x", title="Partial refund", submit="Review", blocks=blocks)
    assert check_view(view, "modal") == []
    assert len(blocks) <= line_size(one)
