from __future__ import annotations

from decimal import Decimal

import pytest

from bot.bigcommerce import ItemType
from tests.bot.actions.builders import given, line, refund, snapshot, tender


def test_store_credit_and_gift_certificates_are_part_of_the_total() -> None:
    shown = snapshot(
        total_inc_tax="34.1", store_credit_amount="15.0", gift_certificate_amount="5.0"
    )

    assert str(shown.total) == "54.10 USD"
    assert str(shown.paid) == "54.10 USD"


@pytest.mark.parametrize(
    ("status_id", "payment_status", "paid"),
    [
        (11, "captured", "54.10 USD"),
        (7, "authorized", "0.00 USD"),
        (7, "", "0.00 USD"),
        (11, "", "54.10 USD"),
        (6, "declined", "0.00 USD"),
        (5, "void", "0.00 USD"),
        (4, "refunded", "54.10 USD"),
    ],
)
def test_only_money_that_was_received_counts_as_paid(
    status_id: int, payment_status: str, paid: str
) -> None:
    assert str(snapshot(status_id=status_id, payment_status=payment_status).paid) == paid


def test_a_declined_tender_was_not_given_back() -> None:
    mixed = refund(tender("20.00"), tender("14.10", "other", is_declined=True))

    shown = snapshot(refunds=(mixed,))

    assert str(shown.refunded) == "20.00 USD"
    assert str(shown.left) == "34.10 USD"


def test_pieces_in_a_refund_that_is_still_on_its_way_are_not_offered_again() -> None:
    earlier = refund(items=(given(ItemType.PRODUCT, 1, quantity=2),))

    shown = snapshot(line(1, quantity=3, quantity_refunded=0), refunds=(earlier,))

    assert shown.quantity_left(1) == 1


def test_pieces_are_not_counted_twice_when_the_refund_has_settled() -> None:
    earlier = refund(items=(given(ItemType.PRODUCT, 1, quantity=2),))

    shown = snapshot(line(1, quantity=3, quantity_refunded=2), refunds=(earlier,))

    assert shown.quantity_left(1) == 1


def test_pieces_of_a_declined_refund_are_left() -> None:
    declined = refund(tender(is_declined=True), items=(given(ItemType.PRODUCT, 1, quantity=2),))

    assert snapshot(line(1, quantity=2), refunds=(declined,)).quantity_left(1) == 2


def test_nothing_is_left_of_a_line_that_the_order_does_not_have() -> None:
    assert snapshot(line(1)).quantity_left(99) == 0


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ({"first_name": "Ann & Bob", "last_name": "<!channel>"}, "Ann & Bob <!channel>"),
        ({"first_name": "", "last_name": "Li", "email": "li@example.com"}, "Li"),
        ({"email": "li@example.com"}, "li@example.com"),
        ({}, "Guest"),
    ],
)
def test_the_customer_is_named_as_well_as_can_be(address: dict[str, str], name: str) -> None:
    assert snapshot(billing_address=address).customer_name == name


def test_refunds_without_payments_count_in_full() -> None:
    bare = refund(total_amount=Decimal("10.00"), payments=())

    assert str(snapshot(refunds=(bare,)).refunded) == "10.00 USD"
