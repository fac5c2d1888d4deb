"""The costs in a partial refund's form: the fields, and the amounts that were typed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.models import ShippingAddress
from bot.sandbox.slack.blocks.checks import check_view
from handlers.block_kit.builders import modal
from handlers.refunds.form_context import ShownCost
from handlers.refunds.form_costs import (
    HEAD_SIZE,
    PART_SIZE,
    cost_blocks,
    costs_head,
    fill_costs,
    load_cost_fields,
    load_money,
    parse_costs,
)
from tests.bot.actions.builders import line, snapshot
from tests.handlers.refunds.forms import DOLLARS, SHIPPING, items_form
from tests.support.agent import words

ADDRESSES = tuple(
    ShippingAddress(
        id=number,
        first_name="Maya",
        last_name="Lind",
        street_1="1 Oak Street",
        city=city,
        cost_ex_tax=Decimal(5),
        cost_inc_tax=Decimal(6),
    )
    for number, city in ((30, "Austin"), (31, "Boston"))
)


def test_a_cost_is_told_by_its_address_and_its_amount() -> None:
    shown = snapshot(line(), addresses=ADDRESSES, total_inc_tax="40")

    costs = load_cost_fields(shown)

    assert [(one.field, one.name, one.left) for one in costs] == [
        ("shipping_30", "shipping, address 1 of 2 (Austin)", Decimal(5)),
        ("shipping_31", "shipping, address 2 of 2 (Boston)", Decimal(5)),
    ]
    assert costs[0].place == "Maya Lind, 1 Oak Street, Austin"
    money = load_money(shown)
    assert (money.currency, money.left, money.tax) == ("USD", Decimal(40), "before tax")


def test_a_cost_asks_for_an_amount_up_to_what_is_left() -> None:
    form = items_form(parts=(SHIPPING,))

    (field,) = cost_blocks(form, SHIPPING)

    assert field["label"]["text"] == "Shipping to refund, at most 8.00 USD"
    assert field["element"]["placeholder"]["text"] == "8 for all of it"
    assert field["optional"] is True


@pytest.mark.parametrize(
    ("tax", "said"),
    [
        ("before tax", "Amounts are before tax; BigCommerce adds the tax."),
        ("with tax", "Amounts are with tax."),
    ],
)
def test_it_is_said_how_the_amounts_are_meant(tax: str, said: str) -> None:
    form = items_form(money=DOLLARS.model_copy(update={"tax": tax}))

    assert words(costs_head(form)).endswith(f"*Shipping, handling and fees*\n{said}")


@pytest.mark.parametrize(
    ("typed", "amount"), [("8", "8"), ("7.5", "7.5"), ("7,50", "7.50"), (" 0.01 ", "0.01")]
)
def test_an_amount_is_refunded_as_it_was_typed(typed: str, amount: str) -> None:
    errors: dict[str, str] = {}
    form = items_form(parts=(SHIPPING,), typed={"shipping_7": typed, "reason_all": "Damaged"})

    (chosen,) = parse_costs(form, errors)

    assert errors == {}
    assert (chosen.item_type, chosen.item_id, chosen.amount) == ("SHIPPING", 7, Decimal(amount))
    assert (chosen.name, chosen.reason) == ("shipping, before tax", "Damaged")


def test_more_than_is_left_is_named_at_its_field() -> None:
    errors: dict[str, str] = {}
    form = items_form(parts=(SHIPPING,), typed={"shipping_7": "8.01", "reason_all": "Damaged"})

    assert parse_costs(form, errors) == []
    assert errors == {"shipping_7": "At most 8.00 USD is left."}


@given(st.text(max_size=15) | st.decimals(allow_nan=False, allow_infinity=False).map(str))
def test_no_amount_above_what_is_left_is_ever_asked_for(typed: str) -> None:
    errors: dict[str, str] = {}
    form = items_form(parts=(SHIPPING,), typed={"shipping_7": typed, "reason_all": "Damaged"})

    chosen = parse_costs(form, errors)

    assert len(chosen) + len(errors) <= 1
    assert all(0 < one.amount <= 8 for one in chosen)


def test_an_amount_without_a_reason_asks_for_one() -> None:
    errors: dict[str, str] = {}

    assert parse_costs(items_form(parts=(SHIPPING,), typed={"shipping_7": "8"}), errors) == []
    assert errors == {"reason_all": "Choose a reason."}


def test_all_of_the_costs_are_filled_in_and_emptied_again() -> None:
    form = items_form(parts=(SHIPPING,))

    fill_costs(form, everything=True)
    assert form.values == {"shipping_7": "8"}
    fill_costs(form, everything=False)

    assert form.values == {"shipping_7": ""}


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=40))
def test_any_cost_is_a_view_that_slack_takes_within_its_room(
    name: str, place: str, typed: str
) -> None:
    cost = ShownCost(field="fee_1", type="FEE", id=1, name=name, place=place, left=Decimal(3))
    form = items_form(parts=(cost,), typed={"fee_1": typed})
    form.errors = {"fee_1": name}

    head, fields = costs_head(form), cost_blocks(form, cost)

    view = modal(callback_id="x", title="Refund", submit="Review", blocks=[*head, *fields])
    assert check_view(view, "modal") == []
    assert (len(head), len(fields)) <= (HEAD_SIZE, PART_SIZE)
