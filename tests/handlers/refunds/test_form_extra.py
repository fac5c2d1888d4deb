"""What a partial refund asks on demand: an amount on the order as a whole, and a deduction."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.refunds.chosen_items import DEDUCTION, GOODWILL
from bot.sandbox.slack.blocks.checks import check_view
from handlers.block_kit.builders import modal
from handlers.refunds.form_extra import (
    EXTRA_SIZE,
    clear_extra,
    extra_blocks,
    open_extra,
    parse_deduction,
    parse_goodwill,
)
from tests.handlers.refunds.forms import items_form
from tests.support.agent import words

BOTH = (GOODWILL, DEDUCTION)


def test_only_buttons_are_shown_until_somebody_asks_for_more() -> None:
    form = items_form()

    assert words(extra_blocks(form)) == "Give an amount instead …\nDeduct a fee …"
    open_extra(form, DEDUCTION)
    said = words(extra_blocks(form))

    assert "Deduct from the chosen lines, in USD" in said
    assert "Give an amount instead …" in said
    assert "Deduct a fee …" not in said


def test_what_no_button_stands_for_opens_nothing() -> None:
    form = items_form()

    open_extra(form, "everything")
    open_extra(form, GOODWILL)
    open_extra(form, GOODWILL)

    assert form.context["extra"] == [GOODWILL]


def test_an_amount_says_at_most_how_much_and_that_it_is_booked_without_tax() -> None:
    said = words(extra_blocks(items_form(extra=BOTH)))

    assert "Amount on the order as a whole, at most 50.00 USD" in said
    assert "BigCommerce books such an amount without tax and counts no line as refunded." in said


def test_an_amount_needs_its_own_reason() -> None:
    errors: dict[str, str] = {}
    typed = {"reason_all": "Late", GOODWILL: "12.5"}

    assert parse_goodwill(items_form(extra=BOTH, typed=typed), errors) is None
    assert errors == {"goodwill_reason": "Choose a reason."}
    given_ = parse_goodwill(
        items_form(extra=BOTH, typed=typed | {"goodwill_reason": "Damaged"}), {}
    )

    assert given_ is not None
    assert (given_.amount, given_.reason) == (Decimal("12.5"), "Damaged")


@pytest.mark.parametrize(
    ("typed", "has_lines", "wrong"),
    [
        ({DEDUCTION: "5"}, True, {"deduction_text": "Say what is deducted, for example: "}),
        ({DEDUCTION: "5", "deduction_text": "Fee"}, False, {DEDUCTION: "Choose a line to take"}),
        (
            {DEDUCTION: "five", "deduction_text": "Fee"},
            True,
            {DEDUCTION: "Write it as a plain number, "},
        ),
    ],
)
def test_a_deduction_that_cannot_be_is_named(
    typed: dict[str, str], has_lines: bool, wrong: dict[str, str]
) -> None:
    errors: dict[str, str] = {}

    kept = parse_deduction(items_form(extra=BOTH, typed=typed), errors, has_lines=has_lines)

    assert kept is None
    assert errors.keys() == wrong.keys()
    assert all(errors[name].startswith(said) for name, said in wrong.items())


@given(st.text(min_size=1, max_size=600).filter(lambda text: text.isprintable() and text.strip()))
def test_a_deduction_is_kept_with_its_text(text: str) -> None:
    form = items_form(extra=BOTH, typed={DEDUCTION: "5.00", "deduction_text": text})

    kept = parse_deduction(form, {}, has_lines=True)

    assert kept is not None
    assert kept.amount == Decimal(5)
    assert 0 < len(kept.text) <= 255


def test_nothing_typed_is_nothing_asked_for() -> None:
    form = items_form(extra=BOTH, typed={GOODWILL: "9", DEDUCTION: "2", "deduction_text": "Fee"})

    clear_extra(form)
    errors: dict[str, str] = {}

    assert parse_goodwill(form, errors) is None
    assert parse_deduction(form, errors, has_lines=True) is None
    assert errors == {}


@given(st.text(max_size=400), st.text(max_size=400))
def test_whatever_was_typed_slack_takes_the_view_within_its_room(amount: str, text: str) -> None:
    typed = {GOODWILL: amount, DEDUCTION: amount, "deduction_text": text, "goodwill_reason": text}
    form = items_form(extra=BOTH, typed=typed)
    form.errors = dict.fromkeys(typed, text)

    blocks = extra_blocks(form)

    assert (
        check_view(modal(callback_id="x", title="Refund", submit="Go", blocks=blocks), "modal")
        == []
    )
    assert len(blocks) <= EXTRA_SIZE
