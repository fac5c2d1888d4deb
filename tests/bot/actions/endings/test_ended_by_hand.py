from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st

from bot.actions.endings.ended_by_hand import (
    ALONE_WAITS,
    SETTLES_WITHIN,
    WantedRefund,
    made_of_refund,
    refunds_against,
    sent_by_hand,
    too_early,
)
from bot.actions.refunds.request import ConfirmedRefund
from bot.bigcommerce.refunds import ItemType, Refund, RefundPayment
from bot.values.money import Money
from bot.values.outcome import Change, Outcome, Status
from tests.bot.actions.builders import NOON, custom, given, payment, refund, tender

OWN, OTHER = "MG-AAAA-AAAA", "MG-BBBB-BBBB"
TOTAL = Money(amount=Decimal("54.10"), currency="USD")


def wanted(held: dict[int, str] | None = None) -> WantedRefund:
    return WantedRefund(OWN, TOTAL, NOON, held or {})


def marked(*references: str) -> Refund:
    """Return a refund whose items carry these marks."""
    items = tuple(
        given(ItemType.PRODUCT, number, quantity=1, reason=f"Damaged [{reference}]")
        for number, reference in enumerate(references)
    )
    return refund(items=items)


@pytest.mark.parametrize(
    ("made", "is_it"),
    [
        (refund(), True),
        (refund(reason=f"Damaged [{OWN}]"), True),
        (refund(reason=f"Damaged [{OTHER}]"), False),
        (refund(reason=f"see [{OTHER}] please"), True),
        (marked(OTHER), False),
        (marked(OWN, OTHER), False),
        (refund(tender("54.09")), False),
        (refund(tender("54.11")), False),
        (refund(tender(is_declined=True)), False),
        (refund(created=NOON - timedelta(hours=1)), False),
        (refund(created=NOON - timedelta(minutes=5)), True),
    ],
)
def test_a_refund_may_be_taken_only_with_its_total_and_without_another_mark(
    made: Refund, is_it: bool
) -> None:
    assert wanted().may_be(made) is is_it


def test_a_refund_that_another_request_holds_is_not_taken() -> None:
    assert not wanted(held={5: OTHER}).may_be(refund(id=5))
    assert wanted(held={5: OWN}).may_be(refund(id=5))
    assert wanted(held={6: OTHER}).may_be(refund(id=5))


def test_a_mark_or_an_unclaimed_refund_speaks_against_not_made() -> None:
    mine = refund(tender("1.00"), id=7, reason=f"x [{OWN}]")

    assert "refund 7, and its reason ends with [MG-AAAA-AAAA]" in refunds_against([mine], wanted())
    assert "refund 5 of 54.10 USD" in refunds_against([refund(id=5)], wanted())
    assert refunds_against([refund(id=5)], wanted(held={5: OTHER})) == ""
    assert refunds_against([refund(tender("1.00"))], wanted()) == ""
    assert refunds_against([], wanted()) == ""


@given_that(st.integers(0, 60 * 48))
def test_it_is_too_early_until_the_store_has_had_its_time(minutes: int) -> None:
    sent_at = datetime(2026, 1, 1, tzinfo=UTC)
    now = sent_at + timedelta(minutes=minutes)

    assert (too_early(sent_at, now, is_alone=False) is None) == (minutes >= 15)
    assert (too_early(sent_at, now, is_alone=True) is None) == (minutes >= 24 * 60)
    assert too_early(None, now, is_alone=True) is None
    assert too_early(sent_at, sent_at, is_alone=False) == sent_at + SETTLES_WITHIN
    assert too_early(sent_at, sent_at, is_alone=True) == sent_at + ALONE_WAITS


def task(amount: str = "54.10", to_send: str = "54.10", **changes: object) -> Outcome:
    fields: dict[str, object] = {
        "status": Status.TO_DO,
        "message": "To do",
        "amount": Money(amount=Decimal(amount), currency="USD"),
        "to_send": Money(amount=Decimal(to_send), currency="USD"),
        "refund_id": 5,
    }
    return Outcome.model_validate(fields | changes)


def confirmed(*payments: RefundPayment, total: str = "54.10") -> ConfirmedRefund:
    amount = Money(amount=Decimal(total), currency="USD")
    return ConfirmedRefund(total=amount, method="x", payments=payments)


def test_what_was_sent_by_hand_is_refunded() -> None:
    outcome = sent_by_hand(task(), 1042, confirmed(custom()))

    assert (outcome.status, outcome.to_send, outcome.refund_id) == (Status.SUCCEEDED, None, 5)
    assert outcome.message == "Refunded 54.10 USD · order 1042"
    assert outcome.next_step == ""
    assert outcome.paid_back == "by a separate payment"


def test_what_was_cancelled_too_is_said() -> None:
    changes = (Change(field="status", before="Awaiting Fulfillment", after="Cancelled"),)

    said = "Recorded in BigCommerce; no money has moved. The order is cancelled."
    outcome = sent_by_hand(task(changes=changes, next_step=said), 1042, confirmed(custom()))

    assert outcome.message == "Refunded 54.10 USD and cancelled · order 1042"
    assert outcome.next_step == ""


def test_what_else_is_to_be_done_of_the_order_is_told_further() -> None:
    also = "Set it to Awaiting Fulfillment in the BigCommerce control panel."
    said = f"Recorded in BigCommerce; no money has moved. {also}"
    outcome = sent_by_hand(task(next_step=said), 1042, confirmed(custom()))

    assert outcome.next_step == also


def test_a_split_tells_the_customer_both_ways() -> None:
    ways = (payment("34.10", "storecredit"), custom("20.00"))

    said = "34.10 USD was refunded by BigCommerce; the rest is only recorded there."
    outcome = sent_by_hand(task(to_send="20.00", next_step=said), 1042, confirmed(*ways))

    assert outcome.next_step == "20.00 USD of it was sent by hand."
    assert outcome.paid_back == (
        "in parts: 34.10 USD as store credit, to spend in our shop; 20.00 USD by a separate payment"
    )


def test_a_part_that_was_declined_stays_open_after_the_rest_was_sent() -> None:
    outcome = sent_by_hand(task("20.00", "20.00"), 1042, confirmed(custom("20.00")))

    assert outcome.status is Status.PARTIAL
    assert outcome.message == "Refunded 20.00 USD of 54.10 USD · order 1042"
    assert outcome.paid_back == ""


def test_a_refund_that_the_bot_had_found_ends_by_what_the_store_shows() -> None:
    whole = made_of_refund(1042, refund(), TOTAL)
    less = made_of_refund(1042, refund(tender("20.00")), TOTAL)
    by_hand = made_of_refund(1042, refund(tender("54.10", "custom", offline=True)), TOTAL)

    assert (whole.status, whole.message) == (Status.SUCCEEDED, "Refunded 54.10 USD · order 1042")
    assert (less.status, less.message) == (
        Status.PARTIAL,
        "Refunded 20.00 USD of 54.10 USD · order 1042",
    )
    assert (by_hand.status, by_hand.to_send) == (Status.TO_DO, TOTAL)
