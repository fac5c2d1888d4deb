from __future__ import annotations

from datetime import timedelta

import pytest

from bot.actions.settlement import Settlement, needs_transactions, settlement_of
from bot.bigcommerce import RefundedPayment, Transaction
from tests.bot.actions.builders import NOON, refund, tender, transaction

BEFORE, AFTER = NOON - timedelta(seconds=1), NOON + timedelta(seconds=1)
PENDING, SETTLED = Settlement.PENDING, Settlement.SETTLED


@pytest.mark.parametrize(
    ("transaction_id", "transactions", "settlement"),
    [
        ("", [], PENDING),
        ("", [transaction()], SETTLED),
        ("", [transaction("-54.10")], SETTLED),
        ("", [transaction(date_created=AFTER)], SETTLED),
        ("", [transaction(date_created=BEFORE)], PENDING),
        ("", [transaction("54.09")], PENDING),
        ("", [transaction(status="error")], PENDING),
        ("", [transaction(event="purchase")], PENDING),
        ("900", [transaction(transaction_id=900, date_created=BEFORE)], SETTLED),
        ("900", [transaction(transaction_id=901)], PENDING),
        ("900", [transaction(transaction_id=900, status="error")], PENDING),
        ("1", [transaction(transaction_id=1, event="purchase")], PENDING),
        ("1", [transaction(transaction_id=1, event="purchase"), transaction()], SETTLED),
    ],
)
def test_a_payment_is_settled_by_its_own_transaction_only(
    transaction_id: str, transactions: list[Transaction], settlement: Settlement
) -> None:
    made = refund(tender(transaction_id=transaction_id))

    assert settlement_of(made, transactions) is settlement


def test_one_transaction_does_not_pay_two_payments() -> None:
    made = refund(tender("10"), tender("10", "stripe"))

    assert settlement_of(made, [transaction("10")]) is PENDING
    assert settlement_of(made, [transaction("10"), transaction("10", 901)]) is SETTLED


def test_what_paid_the_refund_before_does_not_pay_this_one() -> None:
    before = refund(tender("10")).model_copy(update={"id": 1})
    made = refund(tender("10")).model_copy(update={"id": 2})
    theirs, ours = transaction("10"), transaction("10", 901, date_created=AFTER)

    assert settlement_of(made, [theirs], refunds=[before, made]) is PENDING
    assert settlement_of(made, [theirs, ours], refunds=[before, made]) is SETTLED
    assert settlement_of(before, [theirs], refunds=[before, made]) is SETTLED
    assert settlement_of(made, [ours], refunds=[before, made]) is SETTLED


def test_a_decline_of_everything_is_declined() -> None:
    assert settlement_of(refund(tender(is_declined=True)), []) is Settlement.DECLINED


def test_a_decline_of_a_part_waits_for_the_other_part() -> None:
    made = refund(tender("10"), tender("5", "stripe", is_declined=True))

    assert settlement_of(made, []) is PENDING
    assert settlement_of(made, [transaction("10")]) is Settlement.PARTLY_DECLINED


@pytest.mark.parametrize(
    "recorded", [tender(offline=True), tender(provider_id="custom")], ids=["offline", "custom"]
)
def test_what_is_only_recorded_has_nothing_to_wait_for(recorded: RefundedPayment) -> None:
    made = refund(recorded)

    assert settlement_of(made, []) is SETTLED
    assert not needs_transactions(made)


def test_store_credit_without_a_transaction_counts_at_the_last_look_only() -> None:
    made = refund(tender("10", "storecredit"))

    assert settlement_of(made, []) is PENDING
    assert settlement_of(made, [], is_last_look=True) is SETTLED


def test_a_card_is_waited_for_at_the_last_look_too() -> None:
    made = refund(tender("10"), tender("5", "storecredit"))

    assert settlement_of(made, [], is_last_look=True) is PENDING


def test_a_refund_that_lists_no_payments_needs_a_transaction_of_its_total() -> None:
    made = refund(total_amount="54.10", payments=())

    assert needs_transactions(made)
    assert settlement_of(made, []) is PENDING
    assert settlement_of(made, [transaction()]) is SETTLED
