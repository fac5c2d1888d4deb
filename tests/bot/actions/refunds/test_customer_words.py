"""How the customer is told that the money comes back."""

from __future__ import annotations

from decimal import Decimal

from bot.actions.refunds.outcomes import outcome_of
from bot.actions.refunds.request import ConfirmedRefund
from bot.actions.refunds.words import describe_for_customer
from bot.values.money import Money
from tests.bot.actions.builders import custom, followed, payment, refund, tender, transaction

THE_SAME_WAY = "the way you paid for the order"


def test_a_gateway_pays_the_way_the_customer_did() -> None:
    assert describe_for_customer([payment("54.10")], "USD") == THE_SAME_WAY


def test_two_cards_are_one_way() -> None:
    assert describe_for_customer([payment("34.10"), payment("20.00", "stripe")], "USD") == (
        THE_SAME_WAY
    )


def test_a_split_names_each_amount() -> None:
    split = [payment("34.10"), payment("20.00", "storecredit")]

    assert describe_for_customer(split, "USD") == (
        "in parts: 34.10 USD the way you paid for the order; 20.00 USD as store credit, to spend "
        "in our shop"
    )


def test_what_a_person_still_has_to_send_is_not_told() -> None:
    assert describe_for_customer([payment("34.10"), custom("20.00")], "USD") == ""
    assert describe_for_customer([payment("34.10", offline=True)], "USD") == ""
    assert describe_for_customer([], "USD") == ""


def test_only_a_settled_refund_says_how_it_was_paid_back() -> None:
    asked = ConfirmedRefund(
        total=Money(amount=Decimal("54.10"), currency="USD"), method="any", payments=(payment(),)
    )
    moved, on_its_way = tender(transaction_id="900"), tender(transaction_id="901")
    told = [moved, on_its_way, tender(is_declined=True), tender(provider_id="custom", offline=True)]

    paid_back = [
        outcome_of(asked, followed(refund(each), transaction()), "/x").paid_back for each in told
    ]

    assert paid_back == [THE_SAME_WAY, "", "", ""]
