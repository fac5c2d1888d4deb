"""The ends of a request that has no refund to follow: refused, overtaken, or not known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.actions.action import MethodChoice
from bot.actions.refunds.outcomes_without_refund import (
    accepted_but_unread,
    changed_since,
    items_changed,
    method_gone,
    naming_another,
    not_confirmed,
    refund_not_made,
    refund_unknown,
)
from bot.actions.refunds.request import ConfirmedRefund
from bot.bigcommerce.http import errors
from bot.values.money import Money
from bot.values.outcome import Status
from tests.bot.actions.builders import payment, refund

CALL = "POST /v3/orders/1042/payment_actions/refunds"
TOTAL = Money(amount=Decimal("54.1"), currency="USD")
NOW = Money(amount=Decimal(20), currency="USD")
COMMAND = "/refund-order 1042"
CONFIRMED = ConfirmedRefund(total=TOTAL, method="any", payments=(payment(),))


def test_a_figure_that_has_changed_is_told_with_the_one_of_now() -> None:
    outcome = changed_since(1042, TOTAL, NOW, COMMAND)

    assert outcome.status is Status.REJECTED
    assert outcome.message == (
        "Nothing was refunded: order 1042 has changed since you confirmed 54.10 USD. BigCommerce "
        "would refund 20.00 USD now."
    )
    assert outcome.next_step == "Start again with /refund-order 1042."


def test_what_was_approved_needs_a_new_approval() -> None:
    outcome = changed_since(1042, TOTAL, NOW, COMMAND, is_approved=True)

    assert outcome.message == (
        "Nothing was refunded: the approved amount for order 1042 was 54.10 USD, and BigCommerce "
        "now says 20.00 USD."
    )
    assert outcome.next_step == "Start again with /refund-order 1042; that needs a new approval."


def test_each_refusal_before_a_write_says_that_nothing_was_refunded() -> None:
    other = MethodChoice(
        key="credit",
        label="Store credit",
        description="",
        payments=(),
        amount=TOTAL,
        moves_money=True,
    )

    outcomes = [
        not_confirmed(1042, COMMAND),
        items_changed(1042, TOTAL, COMMAND),
        method_gone(1042, CONFIRMED, [other], COMMAND),
    ]

    assert [each.message for each in outcomes] == [
        "Order 1042 was not refunded: no figure was confirmed.",
        "Nothing was refunded: what is left to refund on order 1042 has changed since you "
        "confirmed 54.10 USD.",
        "Nothing was refunded: for order 1042 you confirmed 54.10 USD through Braintree, and "
        "BigCommerce no longer pays it so. It offers: Store credit.",
    ]
    assert {each.status for each in outcomes} == {Status.REJECTED}
    assert {each.next_step for each in outcomes} == {"Start again with /refund-order 1042."}
    assert all(each.amount is None for each in outcomes)


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (
            errors.Refused(CALL, "Order is disputed", 422),
            Status.REJECTED,
            "The refund of 54.10 USD for order 1042 was refused by BigCommerce: Order is disputed.",
        ),
        (
            errors.NotSent(CALL, "x"),
            Status.FAILED,
            "Order 1042 was not touched: BigCommerce could not be reached.",
        ),
    ],
)
def test_what_was_certainly_not_made_says_who_said_so(
    error: errors.BigCommerceError, status: Status, message: str
) -> None:
    outcome = refund_not_made(error, 1042, TOTAL)

    assert (outcome.status, outcome.message) == (status, message)


@pytest.mark.parametrize(
    ("was_read", "found"),
    [
        (True, "It is not among the order's refunds so far."),
        (False, "The order's refunds cannot be read at the moment."),
    ],
)
def test_what_is_not_known_warns_of_doing_it_again(was_read: bool, found: str) -> None:
    outcome = refund_unknown(1042, TOTAL, errors.NoAnswer(CALL, "x"), was_read=was_read)

    assert outcome.status is Status.UNKNOWN
    assert outcome.message == (
        "It is not known whether 54.10 USD was refunded for order 1042. BigCommerce did not "
        f"answer. {found}"
    )
    assert outcome.next_step.endswith("Do not refund it a second time before that.")
    assert outcome.amount == TOTAL


def test_another_refund_under_the_same_reference_is_told() -> None:
    unknown = refund_unknown(1042, TOTAL, None, was_read=True)

    said = naming_another(unknown, refund(id=17)).message

    assert said == (
        f"{unknown.message} The order has a refund of 54.10 USD under the same reference "
        "(refund 17), which is not what was asked for."
    )


def test_what_was_accepted_and_cannot_be_read_is_on_its_way() -> None:
    outcome = accepted_but_unread(1042, TOTAL)

    assert outcome.status is Status.PENDING
    assert outcome.message == (
        "BigCommerce accepted a refund of 54.10 USD for order 1042. Whether it was paid cannot be "
        "read at the moment."
    )
