"""The ends of a restocking, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.actions.action import RuleBroken
from bot.actions.restocking.item_condition import Condition, RefundedItems
from bot.actions.restocking.outcomes import (
    Level,
    describe_restocking,
    no_longer,
    not_changed,
    restocked,
    restocking_unknown,
)
from bot.bigcommerce.http import errors
from bot.values.outcome import Status

CALL = "PUT /v3/inventory/adjustments/relative"
NOON = datetime(2026, 11, 23, 21, 13, tzinfo=UTC)


def goods(condition: Condition, quantity: int = 1, name: str = "Fern") -> RefundedItems:
    is_back = condition is Condition.BACK_TO_STOCK
    return RefundedItems(
        order_product_id=1,
        quantity=quantity,
        condition=condition,
        name=name,
        place_id=1 if is_back else None,
        place="Main store" if is_back else "",
    )


BACK, DAMAGED, LOST = (goods(each, number) for number, each in enumerate(Condition, 1))


def test_the_review_tells_what_becomes_of_each() -> None:
    ((label, said),) = describe_restocking([BACK, DAMAGED, LOST])

    assert label == "The goods, once the money has moved"
    assert said == (
        "1 × Fern: back to stock at Main store; 2 × Fern: damaged, no stock is changed; "
        "3 × Fern: lost, no stock is changed"
    )
    assert describe_restocking([]) == ()


def test_of_many_goods_some_are_told() -> None:
    ((_, said),) = describe_restocking([BACK] * 13)

    assert said.count("× Fern") == 10
    assert said.endswith("; and 3 more")


@pytest.mark.parametrize(
    ("asked", "said", "changes"),
    [
        ([BACK], "1 piece of order 1042 went back to stock.", 1),
        (
            [BACK, BACK, DAMAGED, LOST],
            "2 pieces of order 1042 went back to stock. Noted besides: 2 pieces as damaged and "
            "3 pieces as lost; that changes no stock.",
            2,
        ),
        ([LOST], "Noted for order 1042: 3 pieces as lost. No stock was changed.", 0),
    ],
)
def test_it_is_said_what_went_back(asked: list[RefundedItems], said: str, changes: int) -> None:
    outcome = restocked(1042, asked)

    assert (outcome.status, outcome.message) == (Status.SUCCEEDED, said)
    assert [(each.field, each.after) for each in outcome.changes] == [
        ("stock of Fern", "+1 at Main store")
    ] * changes


@pytest.mark.parametrize(
    ("why", "status", "said"),
    [
        (RuleBroken("", "It is gone."), Status.REJECTED, "It is gone."),
        (
            errors.MissingScope(CALL, "No.", 403),
            Status.FAILED,
            "Makegood's access token lacks the permission Store Inventory: modify.",
        ),
        (
            errors.Refused(CALL, "No such item", 422),
            Status.REJECTED,
            "BigCommerce said no: No such item.",
        ),
        (errors.NotSent(CALL, "x"), Status.FAILED, "BigCommerce could not be reached."),
        (None, Status.FAILED, "BigCommerce could not be read."),
    ],
)
def test_what_was_not_changed_says_why(
    why: errors.BigCommerceError | RuleBroken | None, status: Status, said: str
) -> None:
    outcome = not_changed(1042, why)

    assert outcome.status is status
    assert outcome.message == f"The stock was not changed for order 1042. {said}"
    assert outcome.next_step == "Change the stock in the BigCommerce control panel."


def test_what_is_not_known_tells_what_the_store_showed() -> None:
    levels = [
        Level("Fern", asked=9, before=0, since=1, at=NOON),
        Level("Ivy", asked=4, before=None, since=4, at=NOON),
        Level("Moss", asked=None, before=None, since=7, at=NOON),
    ]

    outcome = restocking_unknown(
        1042, [BACK, DAMAGED], levels, "BigCommerce did not answer.", "America/Chicago"
    )

    assert outcome.status is Status.UNKNOWN
    assert outcome.message == (
        "It is not known whether 3 pieces of order 1042 went back to stock. BigCommerce did not "
        "answer. It shows stock late, and keeps no list that would tell. BigCommerce showed "
        "Fern: 0 before, 1 at 15:13 (America/Chicago); "
        "Ivy: 4 when the refund was asked for, 4 at 15:13 (America/Chicago); "
        "Moss: 7 at 15:13 (America/Chicago)."
    )
    assert outcome.next_step.endswith("Makegood does not send it again.")


@given(st.lists(st.sampled_from([BACK, DAMAGED, LOST]), min_size=1))
def test_every_piece_is_told_once(asked: list[RefundedItems]) -> None:
    outcome = restocked(1042, asked)

    said = [int(word) for word in outcome.message.replace("1042", "").split() if word.isdigit()]
    assert sum(said) == sum(each.quantity for each in asked)


def test_what_can_go_back_no_more_is_named_with_its_place() -> None:
    assert no_longer(BACK) == "“Fern” can no longer go back to stock at Main store."


def test_only_what_goes_back_has_a_place() -> None:
    for condition, place in ((Condition.BACK_TO_STOCK, None), (Condition.LOST, 1)):
        with pytest.raises(ValidationError, match="goods have a place if they go back to stock"):
            RefundedItems(order_product_id=1, quantity=1, condition=condition, place_id=place)
