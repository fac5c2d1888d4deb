from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.actions.refunds.settlement.settlement import (
    Certainty,
    Settlement,
    SettlementEvidence,
    as_confirmed,
    judge_settlement,
)
from bot.bigcommerce.models import Transaction
from bot.bigcommerce.refunds import Refund, RefundedPayment
from tests.bot.actions.builders import NOON, custom, order, payment, refund, tender, transaction

BEFORE, AFTER = NOON - timedelta(seconds=1), NOON + timedelta(seconds=1)
LATER = NOON + timedelta(minutes=5)
PENDING, SETTLED = Settlement.PENDING, Settlement.SETTLED
TO_SEND, DECLINED = Settlement.TO_SEND, Settlement.DECLINED


def how_far(
    made: Refund, transactions: list[Transaction] | None, *others: Refund, **fields: object
) -> Settlement:
    return judge_settlement(made, (*others, made), transactions, order(**fields)).settlement


def at_last(
    made: Refund, transactions: list[Transaction] | None, *others: Refund, **fields: object
) -> Settlement:
    judged = judge_settlement(
        made, (*others, made), transactions, order(**fields), is_last_look=True
    )
    return judged.settlement


@pytest.mark.parametrize(
    ("transaction_id", "transactions", "settlement"),
    [
        ("", [], PENDING),
        ("", [transaction()], SETTLED),
        ("", [transaction("-54.10")], SETTLED),
        ("", [transaction(date_created=AFTER)], SETTLED),
        ("", [transaction(date_created=BEFORE)], PENDING),
        ("", [transaction(date_created=None)], PENDING),
        ("", [transaction("54.09")], PENDING),
        ("", [transaction(status="error")], PENDING),
        ("", [transaction(event="purchase")], PENDING),
        ("", [transaction(event="void")], SETTLED),
        ("", [transaction(event="chargeback")], PENDING),
        ("", [transaction(currency="USD")], SETTLED),
        ("", [transaction(currency="EUR")], PENDING),
        ("", [transaction(method="offline")], PENDING),
        ("", [transaction(method="store_credit")], PENDING),
        ("900", [transaction(transaction_id=900, date_created=BEFORE)], SETTLED),
        ("900", [transaction(transaction_id=900, event="credit")], SETTLED),
        ("900", [transaction(transaction_id=900, event="pending")], PENDING),
        ("900", [transaction(transaction_id=900, currency="EUR")], PENDING),
        ("900", [transaction("1", transaction_id=900), transaction(transaction_id=901)], PENDING),
        ("900", [transaction(transaction_id=901)], PENDING),
        ("900", [transaction(transaction_id=900, status="error")], PENDING),
        ("gw-3", [transaction(gateway_transaction_id="gw-3")], SETTLED),
        ("1", [transaction(transaction_id=1, event="purchase")], PENDING),
        ("1", [transaction(transaction_id=1, event="purchase"), transaction()], SETTLED),
        (
            "1",
            [
                transaction(transaction_id=1, event="purchase"),
                transaction(reference_transaction_id=1),
            ],
            SETTLED,
        ),
        (
            "1",
            [
                transaction(transaction_id=1, event="purchase"),
                transaction(reference_transaction_id=2),
            ],
            PENDING,
        ),
    ],
)
def test_a_payment_is_settled_by_its_own_transaction_only(
    transaction_id: str, transactions: list[Transaction], settlement: Settlement
) -> None:
    made = refund(tender(transaction_id=transaction_id))

    assert how_far(made, transactions) is settlement


def test_one_transaction_does_not_pay_two_payments() -> None:
    made = refund(tender("10"), tender("10", "stripe"))

    assert how_far(made, [transaction("10")]) is PENDING
    assert how_far(made, [transaction("10"), transaction("10", 901)]) is SETTLED


def test_a_transaction_that_several_refunds_fit_settles_none_of_them() -> None:
    first, second = refund(id=1), refund(id=2)

    assert how_far(first, [transaction()], second) is PENDING
    assert how_far(second, [transaction()], first) is PENDING
    both = [transaction(), transaction(transaction_id=901)]
    assert how_far(first, both, second) is SETTLED
    assert how_far(second, both, first) is SETTLED


def test_a_later_refunds_transaction_does_not_settle_an_earlier_one() -> None:
    first, second = refund(id=1), refund(id=2, created=LATER)
    theirs = transaction(date_created=LATER + timedelta(seconds=3))

    assert how_far(first, [theirs], second) is PENDING
    assert how_far(second, [theirs], first) is PENDING  # a late one of the first would look alike


def test_what_came_before_the_second_refund_is_the_firsts() -> None:
    first, second = refund(id=1), refund(id=2, created=LATER)
    ours = transaction(date_created=AFTER)

    assert how_far(first, [ours], second) is SETTLED
    assert how_far(second, [ours], first) is PENDING
    theirs = transaction(transaction_id=901, date_created=LATER)
    assert how_far(second, [ours, theirs], first) is SETTLED


def test_a_transaction_whose_id_another_refund_names_is_that_refunds() -> None:
    first = refund(id=1)
    second = refund(tender(transaction_id="900"), id=2)

    assert how_far(first, [transaction()], second) is PENDING
    assert how_far(second, [transaction()], first) is SETTLED


def test_a_transaction_that_two_refunds_name_settles_neither() -> None:
    first = refund(tender(transaction_id="900"), id=1)
    second = refund(tender(transaction_id="900"), id=2)

    assert how_far(first, [transaction()], second) is PENDING
    assert how_far(second, [transaction()], first) is PENDING


def test_a_decline_of_everything_is_declined_whatever_else_is_said() -> None:
    made = refund(tender(is_declined=True, transaction_id="900"))

    assert how_far(made, []) is DECLINED
    another = transaction(transaction_id=901)
    judged = judge_settlement(
        made, [made], [another], order(payment_status="refunded", status_id=4)
    )
    assert judged.settlement is DECLINED
    assert judged.moved.amount == 0
    assert str(judged.declined) == "54.10 USD"


def test_a_decline_of_a_part_waits_for_the_other_part() -> None:
    made = refund(tender("10"), tender("5", "stripe", is_declined=True))

    assert how_far(made, []) is PENDING
    judged = judge_settlement(made, [made], [transaction("10")], order())
    assert judged.settlement is Settlement.PARTLY_DECLINED
    assert (str(judged.moved), str(judged.declined)) == ("10.00 USD", "5.00 USD")


@pytest.mark.parametrize(
    "recorded", [tender(offline=True), tender(provider_id="custom")], ids=["offline", "custom"]
)
def test_what_is_only_recorded_is_a_persons_task_before_all_else(
    recorded: RefundedPayment,
) -> None:
    made = refund(recorded.model_copy(update={"transaction_id": "900"}))

    judged = judge_settlement(
        made,
        [made],
        [transaction()],
        order(payment_status="refunded", status_id=4),
        is_last_look=True,
    )

    assert judged.settlement is TO_SEND
    assert (str(judged.to_send), judged.moved.amount) == ("54.10 USD", Decimal(0))
    assert judged.evidence == (SettlementEvidence.RECORDED_ONLY,)


def test_a_recorded_part_waits_for_the_part_that_moves() -> None:
    made = refund(tender("10"), tender("5", "custom", offline=True))

    assert how_far(made, []) is PENDING
    judged = judge_settlement(made, [made], [transaction("10")], order())
    assert judged.settlement is TO_SEND
    assert (str(judged.moved), str(judged.to_send)) == ("10.00 USD", "5.00 USD")


def test_a_recorded_refunds_transaction_pays_nothing_else() -> None:
    recorded = refund(tender(provider_id="custom"), id=1)
    made = refund(id=2)

    assert how_far(made, [transaction(method="custom")], recorded) is PENDING
    assert how_far(made, [transaction(method="")], recorded) is PENDING  # it may be of either
    assert how_far(made, [transaction(method="credit_card")], recorded) is SETTLED


@pytest.mark.parametrize("transactions", [None, []], ids=["unread", "none"])
def test_the_payment_status_counts_at_the_last_look_when_this_refund_completes_it(
    transactions: list[Transaction] | None,
) -> None:
    made = refund(id=2)
    earlier = refund(tender("10"), id=1)

    assert how_far(made, transactions, payment_status="refunded") is PENDING
    assert at_last(made, transactions, payment_status="refunded") is SETTLED
    assert at_last(made, transactions, payment_status="captured") is PENDING
    whole = {"payment_status": "refunded", "total_inc_tax": "64.10"}
    assert at_last(made, transactions, **whole) is PENDING
    assert at_last(made, transactions, earlier, **whole) is SETTLED
    assert at_last(earlier, transactions, made, **whole) is PENDING


def test_a_later_refund_made_the_payment_status_what_it_is() -> None:
    made = refund(id=1)
    later = refund(tender("10", "custom"), id=2)

    whole = {"payment_status": "refunded", "total_inc_tax": "64.10"}
    assert at_last(made, None, later, **whole) is PENDING


def test_partially_refunded_tells_of_the_only_refund() -> None:
    made = refund()
    part = {"payment_status": "partially refunded", "total_inc_tax": "154.10"}

    assert at_last(made, None, **part) is SETTLED
    assert at_last(made, None, refund(id=1), **part) is PENDING
    assert at_last(made, None, refund(tender(is_declined=True), id=1), **part) is PENDING


def test_the_payment_status_is_held_against_what_was_taken_where_the_order_was_edited() -> None:
    made = refund()
    sale = transaction(transaction_id=1, event="purchase", date_created=BEFORE)

    edited = {"payment_status": "refunded", "total_inc_tax": "204.10"}
    assert at_last(made, None, **edited) is PENDING
    assert at_last(made, [sale], **edited) is SETTLED


def test_the_payment_status_tells_nothing_of_a_refund_that_is_recorded_in_part() -> None:
    made = refund(tender("44.10"), tender("10", "custom"))

    assert at_last(made, None, payment_status="refunded") is PENDING


def test_the_payment_status_is_not_believed_against_the_refunds_own_transaction() -> None:
    made = refund(tender(transaction_id="900"))
    failed = transaction(status="error")

    assert at_last(made, [failed], payment_status="refunded") is PENDING
    judged = judge_settlement(made, [made], [failed], order(), is_last_look=True)
    assert judged.evidence == (SettlementEvidence.TRANSACTION_NOT_PAID,)


@pytest.mark.parametrize("status_id", [4, 14])
def test_the_status_alone_settles_nothing(status_id: int) -> None:
    assert at_last(refund(), [], status_id=status_id) is PENDING
    assert at_last(refund(), None, status_id=status_id) is PENDING


def test_the_log_is_told_which_rows_settled_it() -> None:
    made = refund(tender("44.10", transaction_id="900"), tender("10", "storecredit"))
    credited = order(status_id=4)

    judged = judge_settlement(made, [made], [transaction("44.10")], credited, is_last_look=True)

    assert judged.describe_evidence() == (
        "transaction_by_id (certain), store_credit (likely), order_status (supporting)"
    )
    assert SettlementEvidence.ORDER_STATUS.certainty is Certainty.SUPPORTING


def test_store_credit_without_a_transaction_counts_at_the_last_look_only() -> None:
    made = refund(tender("10", "storecredit"))

    assert how_far(made, []) is PENDING
    assert at_last(made, []) is SETTLED
    assert how_far(made, [transaction("10", method="store_credit")]) is SETTLED


def test_a_card_is_waited_for_at_the_last_look_too() -> None:
    made = refund(tender("10"), tender("5", "storecredit"))

    assert at_last(made, []) is PENDING


def test_payments_that_do_not_add_up_to_the_total_settle_nothing() -> None:
    made = refund(tender("51.96", transaction_id="900"), total_amount="154.10")

    judged = judge_settlement(made, [made], [transaction("51.96")], order())

    assert judged.settlement is PENDING
    assert judged.inconsistency == (
        "BigCommerce shows a total of 154.10 USD for refund 5, but payments of 51.96 USD."
    )


def test_a_refund_that_lists_no_payments_needs_a_transaction_of_its_total() -> None:
    made = refund(total_amount="54.10", payments=())

    assert how_far(made, []) is PENDING
    assert how_far(made, [transaction()]) is SETTLED
    assert how_far(made, [transaction(method="offline")]) is PENDING
    assert at_last(made, [], payment_status="refunded", status_id=4) is PENDING


@pytest.mark.parametrize(
    "told",
    [
        refund(tender("54.10", "cheque", transaction_id="900")),
        refund(tender("54.10", "", transaction_id="900")),
        refund(total_amount="54.10", payments=()),
    ],
    ids=["the flag is missing", "the provider is missing", "all of it is missing"],
)
def test_what_was_confirmed_as_recorded_only_is_so_whatever_is_told(told: Refund) -> None:
    made = as_confirmed(told, [payment("54.10", "cheque", offline=True)])

    assert at_last(made, [transaction()], payment_status="refunded") is TO_SEND


def test_a_part_that_was_confirmed_as_recorded_only_is_found_by_its_amount() -> None:
    told = refund(tender("44.10", ""), tender("10", ""))

    made = as_confirmed(told, [custom("10"), payment("44.10")])

    judged = judge_settlement(made, [made], [transaction("44.10")], order())
    assert (str(judged.moved), str(judged.to_send)) == ("44.10 USD", "10.00 USD")


def test_what_was_told_otherwise_than_it_was_confirmed_is_left_as_it_was_told() -> None:
    told = refund(tender("51.96"))

    assert as_confirmed(told, [custom("54.10")]) == told


def test_a_sale_that_was_voided_to_give_it_back_is_settled_by_the_payment_status() -> None:
    assert at_last(refund(), None, payment_status="void") is SETTLED
    assert at_last(refund(tender("10")), None, payment_status="void") is PENDING


def test_what_is_declined_and_paid_at_once_is_for_a_person() -> None:
    made = refund(tender(transaction_id="900", is_declined=True))

    contradicted = judge_settlement(made, (made,), [transaction(transaction_id=900)], order())
    failed = judge_settlement(
        made, (made,), [transaction(transaction_id=900, status="error")], order()
    )

    assert contradicted.settlement is PENDING
    assert contradicted.inconsistency == (
        "BigCommerce calls a payment of refund 5 declined, and shows its transaction as paid."
    )
    assert (failed.settlement, failed.inconsistency) == (DECLINED, "")
