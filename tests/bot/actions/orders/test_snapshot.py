from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.models import Transaction
from bot.bigcommerce.refunds import ItemType
from tests.bot.actions.builders import given, line, refund, snapshot, tender, transaction


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


def taken(*transactions: Transaction, **fields: Any) -> OrderSnapshot:
    return replace(snapshot(**fields), transactions=transactions)


def paid(amount: str, transaction_id: int = 1, **fields: Any) -> Transaction:
    return transaction(amount, transaction_id, **{"event": "purchase", **fields})


def test_what_was_paid_is_what_was_taken_not_what_an_edited_order_costs() -> None:
    edited = taken(paid("54.10"), total_inc_tax="104.10")

    assert (str(edited.total), str(edited.paid)) == ("104.10 USD", "54.10 USD")
    assert edited.is_paid_known
    assert str(replace(edited, refunds=(refund(),)).left) == "0.00 USD"


@pytest.mark.parametrize(
    ("transactions", "amount"),
    [
        ([paid("54.10", event="capture"), paid("54.10", 2, event="authorization")], "74.10 USD"),
        ([paid("30.00"), paid("24.10", 2)], "74.10 USD"),
        ([paid("54.10"), paid("54.10")], "74.10 USD"),
        ([paid("54.10"), paid("10.00", 2, status="error")], "74.10 USD"),
        ([paid("54.10"), paid("20.00", 2, method="store_credit")], "74.10 USD"),
        ([paid("54.10"), paid("54.10", 2, event="refund")], "74.10 USD"),
    ],
    ids=["captured", "in two", "told twice", "failed", "credit", "given back"],
)
def test_each_payment_counts_once_and_credit_by_the_order(
    transactions: list[Transaction], amount: str
) -> None:
    shown = taken(*transactions, store_credit_amount="20.00")

    assert str(shown.paid) == amount
    assert shown.is_paid_known


@pytest.mark.parametrize(
    "transactions",
    [None, (), (paid("54.10", currency="EUR"),), (paid("54.10", event="pending"),)],
    ids=["not readable", "none", "another currency", "not taken yet"],
)
def test_where_it_is_not_known_what_was_taken_the_order_total_counts(
    transactions: tuple[Transaction, ...] | None,
) -> None:
    shown = replace(snapshot(), transactions=transactions)

    assert str(shown.paid) == "54.10 USD"
    assert not shown.is_paid_known


def test_what_was_paid_with_store_credit_alone_is_known() -> None:
    shown = snapshot(total_inc_tax="0", store_credit_amount="54.10", payment_status="")

    assert (str(shown.paid), shown.is_paid_known) == ("54.10 USD", True)
