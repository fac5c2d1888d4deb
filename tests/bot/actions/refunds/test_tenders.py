from __future__ import annotations

import pytest

from bot.actions.refunds.tenders import build_methods, same_payments
from bot.bigcommerce.refunds import RefundPayment
from tests.bot.actions.builders import custom, order, payment, quote

CARD = payment()
CREDIT = payment(provider_id="storecredit")
BANK = payment(
    provider_id="bankdeposit",
    provider_description="Bank Deposit",
    offline=True,
    offline_provider=True,
)


def keys(*methods: tuple[RefundPayment, ...], **fields: object) -> list[str]:
    return [each.key for each in build_methods(order(**fields), quote(*methods))]


def test_the_way_it_was_paid_comes_before_store_credit_and_custom_comes_last() -> None:
    assert keys((CREDIT,), (custom(),), (BANK,), (CARD,)) == [
        "braintree",
        "storecredit",
        "bankdeposit:offline",
        "custom:offline",
    ]


def test_store_credit_comes_first_when_the_order_was_paid_with_it() -> None:
    fields = {"total_inc_tax": "0", "store_credit_amount": "54.10"}

    found = keys((CARD,), (custom(),), (CREDIT,), **fields)

    assert found == ["storecredit", "braintree", "custom:offline"]


def test_a_split_as_it_was_paid_comes_before_all_as_credit() -> None:
    split = (payment("34.10"), payment("20.00", "storecredit"))

    found = keys((CREDIT,), split, (custom(),), total_inc_tax="34.10", store_credit_amount="20.00")

    assert found == ["braintree+storecredit", "storecredit", "custom:offline"]


def test_a_split_is_described_tender_by_tender_with_its_amounts() -> None:
    split = (payment("34.10"), payment("20.00", "storecredit"))

    method = build_methods(order(), quote(split))[0]

    assert method.label == "Braintree + Store credit"
    assert method.description == (
        "34.10 USD goes back through Braintree. "
        "The customer gets 20.00 USD as store credit to spend in this store."
    )
    assert str(method.amount) == "54.10 USD"
    assert method.moves_money


@pytest.mark.parametrize("recorded", [custom(), BANK], ids=["custom", "bank deposit"])
def test_a_method_that_moves_no_money_says_so(recorded: RefundPayment) -> None:
    method = build_methods(order(), quote((recorded,)))[0]

    assert not method.moves_money
    assert "recorded only" in method.label
    assert "No money moves: send it by hand." in method.description


def test_the_reason_why_a_gateway_cannot_do_it_is_passed_on() -> None:
    told = payment(offline=True, offline_reason="Multiple online refunds are not available")

    method = build_methods(order(), quote((told,)))[0]

    assert method.description.endswith("Multiple online refunds are not available.")


def test_a_method_that_pays_nothing_is_not_offered() -> None:
    assert keys((), (payment("0"),), (CARD,)) == ["braintree"]


def test_a_methods_key_stays_when_the_amount_changes() -> None:
    (one,) = build_methods(order(), quote((payment("54.10"),)))
    (other,) = build_methods(order(), quote((payment("12.00"),), total="12.00"))

    assert one.key == other.key


def test_a_method_that_pays_another_amount_than_is_refunded_is_not_offered() -> None:
    assert keys((payment("54.11"),), (payment("54.10", "storecredit"),)) == ["storecredit"]
    assert keys((payment("64.10"), payment("-10.00", "storecredit"))) == []


def test_what_is_only_recorded_can_be_left_out() -> None:
    split = (payment("34.10"), payment("20.00", offline=True))

    found = build_methods(order(), quote((BANK,), split, (CARD,), (custom(),)), only_moving=True)

    assert [each.key for each in found] == ["braintree"]


def test_payments_are_compared_by_provider_amount_and_whether_they_move() -> None:
    other_words = CARD.model_copy(update={"provider_description": "Braintree (card)"})

    assert same_payments((CARD, CREDIT), (CREDIT, other_words))
    assert not same_payments((CARD,), (payment("54.09"),))
    assert not same_payments((CARD,), (payment(offline=True),))
    assert not same_payments((CARD,), (CARD, CREDIT))


def test_paid_offline_store_credit_that_nobody_asked_for_does_not_come_first() -> None:
    assert keys((CREDIT,), (BANK,), (custom(),)) == [
        "bankdeposit:offline",
        "storecredit",
        "custom:offline",
    ]


def test_no_two_methods_are_one_to_slack() -> None:
    long = "x" * 150
    methods = build_methods(
        order(), quote((payment("54.10", long + "a"),), (payment("54.10", long + "b"),))
    )

    assert [each.key for each in methods] == [long]
