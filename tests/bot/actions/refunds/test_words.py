from __future__ import annotations

from decimal import Decimal

from bot.actions.refunds.outcomes import outcome_of, pending
from bot.actions.refunds.request import ConfirmedRefund
from bot.actions.refunds.words import describe_decline, describe_items, describe_refund
from bot.bigcommerce.models import Fee
from bot.bigcommerce.refunds import ItemType, RefundItem, RefundPayment
from bot.values.money import Money
from bot.values.outcome import Status
from tests.bot.actions.builders import (
    custom,
    followed,
    line,
    payment,
    refund,
    snapshot,
    tender,
    transaction,
)

SIZES = tuple({"display_name": "Size", "display_value": size} for size in ("S", "L"))


def confirmed(*payments: RefundPayment) -> ConfirmedRefund:
    total = sum((each.amount for each in payments), Decimal(0))
    return ConfirmedRefund(
        total=Money(amount=total, currency="USD"), method="any", payments=payments
    )


def test_a_split_is_told_with_the_amount_of_each_tender() -> None:
    said = describe_refund(
        confirmed(payment("34.10"), payment("20.00", "storecredit")),
        refund(tender("34.10"), tender("20.00", "storecredit")),
    )

    assert said == (
        "Refunded 54.10 USD for order 1042 (34.10 USD through Braintree, 20.00 USD as store credit)"
    )


def test_a_part_that_is_only_recorded_is_a_task() -> None:
    both = confirmed(payment("34.10"), custom("20.00"))
    made = refund(tender("34.10"), tender("20.00", "custom", offline=True))

    outcome = outcome_of(both, followed(made, transaction("34.10")), "/x")

    assert outcome.status is Status.TO_DO
    assert outcome.message == "To do: send 20.00 USD to the customer by hand · order 1042"
    assert outcome.next_step == (
        "34.10 USD was refunded by BigCommerce; the rest is only recorded there."
    )
    assert str(outcome.to_send) == "20.00 USD"
    assert str(outcome.amount) == "54.10 USD"


def test_a_part_that_was_declined_is_told_with_what_was_paid() -> None:
    both = confirmed(payment("34.10"), payment("20.00", "stripe"))
    made = refund(tender("34.10"), tender("20.00", "stripe", is_declined=True))

    outcome = outcome_of(both, followed(made, transaction("34.10")), "/x")

    assert outcome.status is Status.PARTIAL
    assert outcome.message == (
        "Only 34.10 USD of 54.10 USD was refunded for order 1042: 20.00 USD was declined. "
        "The payment gateway gave no reason."
    )
    assert str(outcome.amount) == "34.10 USD"


def test_a_refund_of_less_than_was_confirmed_is_partial() -> None:
    made = refund(tender("20.00"), id=17)

    outcome = outcome_of(
        confirmed(payment()), followed(made, transaction("20.00"), difference="total"), "/x"
    )

    assert outcome.status is Status.PARTIAL
    assert outcome.message == (
        "Only 20.00 USD was refunded for order 1042, but 54.10 USD was confirmed: BigCommerce made "
        "another refund than the one that was sent."
    )
    assert outcome.next_step.endswith("then refund the other 34.10 USD.")
    assert str(outcome.amount) == "20.00 USD"


def test_a_refund_of_more_than_was_confirmed_needs_a_person() -> None:
    made = refund(tender("60.00"))

    outcome = outcome_of(
        confirmed(payment()), followed(made, transaction("60.00"), difference="total"), "/x"
    )

    assert outcome.status is Status.PARTIAL
    assert str(outcome.amount) == "60.00 USD"
    assert "54.10 USD was confirmed" in outcome.message


def test_a_decline_without_words_says_so() -> None:
    assert describe_decline(refund(tender(is_declined=True))) == (
        "The payment gateway gave no reason."
    )


def test_a_payment_that_may_not_be_read_names_what_to_fix() -> None:
    outcome = pending(confirmed(payment()), refund(), is_readable=False)

    assert outcome.status is Status.PENDING
    assert "may not read whether it was paid" in outcome.message
    assert "Ask an admin" in outcome.next_step


def test_long_lists_of_items_are_cut_short() -> None:
    lines = [line(number) for number in range(60)]
    items = [RefundItem(item_type=ItemType.PRODUCT, item_id=each.id, quantity=1) for each in lines]

    said = describe_items(snapshot(*lines), items)

    assert said.startswith("1 × Fern 0; 1 × Fern 1; ")
    assert said.endswith("; 52 more lines")


def test_lines_of_the_same_name_are_all_told_and_shipping_once() -> None:
    lines = [
        line(number, name="Fern", product_options=[option]) for number, option in enumerate(SIZES)
    ]
    items = [RefundItem(item_type=ItemType.PRODUCT, item_id=each.id, quantity=1) for each in lines]
    items += [RefundItem(item_type=ItemType.SHIPPING, item_id=each) for each in (1, 2)]

    said = describe_items(snapshot(*lines), items)

    assert said == "1 × Fern (Size: S); 1 × Fern (Size: L); shipping"


def test_a_fee_has_its_own_name() -> None:
    fees = (Fee(id=1, display_name_merchant="Rush"), Fee(id=2))
    items = [RefundItem(item_type=ItemType.FEE, item_id=each.id) for each in fees]

    assert describe_items(snapshot(fees=fees), items) == "Rush; fee"
