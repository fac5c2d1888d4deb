from __future__ import annotations

import pytest

from bot.actions.registry import ACTIONS, allowed_actions
from bot.actions.rules.eligibility import STATUS_NAMES, refusal
from bot.bigcommerce.models import Order
from tests.bot.actions.builders import order

# The design's table, written out once more: a slip in either of the two shows.
EXPECTED = {
    0: (),
    1: ("cancel_order",),
    2: ("refund_order", "refund_items"),
    3: ("refund_order", "refund_items"),
    4: ("cancel_order",),
    5: (),
    6: (),
    7: ("cancel_order",),
    8: ("cancel_and_refund", "refund_items"),
    9: ("cancel_and_refund", "refund_items"),
    10: ("refund_order", "refund_items"),
    11: ("cancel_and_refund", "refund_items"),
    12: (),
    13: (),
    14: ("refund_order", "refund_items"),
}
PAYMENTS = [
    *("", "authorized", "captured", "capture pending", "declined", "held for review", "paid"),
    *("partially refunded", "pending", "refunded", "void", "void pending"),
]
OF_THE_TABLE = {*sum(EXPECTED.values(), ()), "create_discount_code"}
EVERY_CASE = [(status_id, action) for status_id in STATUS_NAMES for action in ACTIONS]


def allowed(shown: Order) -> tuple[str, ...]:
    """Return which of the table's actions the order allows."""
    return tuple(name for name in allowed_actions(shown) if name in OF_THE_TABLE)


@pytest.mark.parametrize("status_id", STATUS_NAMES)
def test_each_status_allows_what_the_design_says(status_id: int) -> None:
    shown = order(status_id=status_id, status=STATUS_NAMES[status_id])

    assert allowed(shown) == (*EXPECTED[status_id], "create_discount_code")


@pytest.mark.parametrize(("status_id", "action"), EVERY_CASE)
def test_a_no_names_the_order_and_only_commands_that_work(status_id: int, action: str) -> None:
    for payment in PAYMENTS:
        shown = order(status_id=status_id, payment_status=payment)

        text = refusal(shown, ACTIONS[action])

        possible = set(allowed_actions(shown))
        assert (text is None) == (action in possible), payment
        if text is None:
            continue
        assert "rder 1042" in text
        assert text.endswith(".")
        if "/cancel-order 1042" in text:
            assert possible & {"cancel_order", "cancel_and_refund"}, payment
        if "/refund-order 1042" in text:
            assert possible & {"refund_order", "refund_items"}, payment


@pytest.mark.parametrize(
    ("fields", "action", "text"),
    [
        (
            {"status_id": 2},
            "cancel_order",
            "Order 1042 has shipped, so it cannot be cancelled. Refund it with /refund-order 1042.",
        ),
        (
            {"status_id": 11},
            "cancel_order",
            "Order 1042 is awaiting fulfillment, so it cannot be cancelled. "
            "Cancel and refund it with /cancel-order 1042.",
        ),
        (
            {"status_id": 11},
            "refund_order",
            "Order 1042 is awaiting fulfillment, so it cannot be refunded as a whole. Cancel and "
            "refund it with /cancel-order 1042, or refund single items with /refund-order 1042.",
        ),
        (
            {"status_id": 7},
            "refund_items",
            "Order 1042 is awaiting payment, so it cannot be refunded. "
            "Cancel it with /cancel-order 1042.",
        ),
        (
            {"status_id": 7},
            "refund_order",
            "Order 1042 is awaiting payment, so it cannot be refunded. "
            "Cancel it with /cancel-order 1042.",
        ),
        (
            {"status_id": 4, "payment_status": "refunded"},
            "refund_order",
            "Order 1042 has been refunded, so it cannot be refunded again. "
            "Cancel it with /cancel-order 1042.",
        ),
        (
            {"status_id": 5, "payment_status": "void"},
            "refund_order",
            "The payment of order 1042 was voided, so there is no money to refund.",
        ),
        (
            {"status_id": 11, "total_inc_tax": "0.00"},
            "refund_items",
            "Order 1042 cost nothing, so there is nothing to refund. "
            "Cancel it with /cancel-order 1042.",
        ),
        ({"status_id": 5}, "cancel_order", "Order 1042 is already cancelled."),
        (
            {"status_id": 10, "is_deleted": True},
            "refund_order",
            "Order 1042 is archived, so it is left alone. Restore it in the BigCommerce control "
            "panel first.",
        ),
        (
            {"status_id": 10, "total_inc_tax": "0.00"},
            "refund_order",
            "Order 1042 cost nothing, so there is nothing to refund. To cancel it, use its page in "
            "the BigCommerce control panel.",
        ),
        (
            {"status_id": 5, "total_inc_tax": "0.00"},
            "refund_order",
            "Order 1042 cost nothing, so there is nothing to refund.",
        ),
        (
            {"status_id": 5, "payment_status": "refunded"},
            "refund_order",
            "BigCommerce shows order 1042 as refunded in full, so nothing is left to refund.",
        ),
        (
            {"status_id": 11, "payment_status": "authorized"},
            "refund_items",
            "The payment of order 1042 is only authorised, so there is no money to refund. "
            "Cancel it with /cancel-order 1042.",
        ),
    ],
)
def test_a_no_says_what_the_order_is_and_what_is_possible(
    fields: dict[str, object], action: str, text: str
) -> None:
    assert refusal(order(**fields), ACTIONS[action]) == text


@pytest.mark.parametrize("status_id", [8, 9, 11])
@pytest.mark.parametrize(
    "fields",
    [{"total_inc_tax": "0.00"}, *({"payment_status": each} for each in PAYMENTS[1:2])],
)
def test_an_order_without_money_to_refund_can_be_cancelled_before_it_is_shipped(
    status_id: int, fields: dict[str, object]
) -> None:
    shown = order(status_id=status_id, **fields)

    assert allowed(shown) == ("cancel_and_refund", "create_discount_code")


def test_a_renamed_status_is_decided_by_its_number() -> None:
    shown = order(status_id=2, status="Shipped", custom_status="On its way")

    assert allowed(shown) == ("refund_order", "refund_items", "create_discount_code")


def test_a_status_that_does_not_exist_yet_allows_nothing_but_a_code() -> None:
    shown = order(status_id=99, status="Teleported")

    assert allowed(shown) == ("create_discount_code",)
    assert "Teleported" in str(refusal(shown, ACTIONS["cancel_order"]))
