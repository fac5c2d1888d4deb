from __future__ import annotations

from decimal import Decimal

from bot.actions.refund_outcomes import outcome_of, pending
from bot.actions.refund_request import ConfirmedRefund
from bot.actions.refund_words import describe_decline, describe_items, describe_refund
from bot.actions.settlement import FollowedRefund, Settlement
from bot.bigcommerce import Fee, ItemType, RefundItem, RefundPayment
from bot.money import Money
from bot.outcome import Status
from tests.bot.actions.builders import custom, line, payment, refund, snapshot, tender

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


def test_a_part_that_is_only_recorded_is_told_apart() -> None:
    both = confirmed(payment("34.10"), custom("20.00"))
    made = refund(tender("34.10"), tender("20.00", "custom", offline=True))

    outcome = outcome_of(both, FollowedRefund(made, (made,), Settlement.SETTLED), "/x")

    assert outcome.message == (
        "Refunded 34.10 USD for order 1042 and recorded another 20.00 USD, which BigCommerce does "
        "not send."
    )
    assert outcome.next_step == "Send 20.00 USD to the customer by hand."


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
