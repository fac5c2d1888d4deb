"""A quote without the API around it: what is refused, what comes back, in which ways."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.refunds.payments import RefundItem, Tender
from bot.sandbox.bigcommerce.refunds.quotes import CLOSED_PAYMENTS, CLOSED_STATUSES, Quote, quote
from tests.bot.sandbox.bigcommerce.refunds.test_sums import order, refund

CARD = Tender(provider_id="braintree", description="Card", amount=Decimal("42.35"))


def paid(*tenders: Tender, **fields: Any) -> Order:
    """Return an order of 42.35, paid by card unless said otherwise."""
    return order(tenders=list(tenders or (CARD,)), **fields)


def pieces(quantity: int, **fields: Any) -> RefundItem:
    return RefundItem(item_type="PRODUCT", item_id=31, quantity=quantity, **fields)


def money(item_type: str, item_id: int, amount: str) -> RefundItem:
    return RefundItem(item_type=item_type, item_id=item_id, amount=Decimal(amount))


def asked(of: Order, *items: RefundItem, in_flight: bool = False) -> Quote:
    return quote(of, items, in_flight=in_flight)


def ways(found: Quote) -> list[list[tuple[str, Decimal]]]:
    return [[(way.provider_id, way.amount) for way in method] for method in found.methods]


def why_not(of: Order, *items: RefundItem, in_flight: bool = False) -> str:
    with pytest.raises(StoreError) as caught:
        asked(of, *items, in_flight=in_flight)
    assert caught.value.status == 422
    return caught.value.title


@pytest.mark.parametrize(("status_id", "why"), CLOSED_STATUSES.items())
def test_some_statuses_are_refused(status_id: int, why: str) -> None:
    assert why_not(paid(status_id=status_id), pieces(1)) == why


@pytest.mark.parametrize(("payment_status", "why"), CLOSED_PAYMENTS.items())
def test_money_that_was_not_received_is_refused(payment_status: str, why: str) -> None:
    assert why_not(paid(payment_status=payment_status), pieces(1)) == why


def test_an_archived_order_is_refused() -> None:
    assert why_not(paid(is_deleted=True), pieces(1)) == "The order is archived."


def test_pieces_come_back_without_their_discount_and_with_their_tax() -> None:
    found = asked(paid(), pieces(1))

    assert (found.total, found.tax, found.adjustment) == (
        Decimal("9.90"),
        Decimal("0.90"),
        Decimal(0),
    )


@pytest.mark.parametrize(
    "item",
    [pieces(4), money("SHIPPING", 51, "5.01"), money("FEE", 71, "2.01")],
    ids=["pieces", "shipping", "fee"],
)
def test_more_than_there_is_is_refused(item: RefundItem) -> None:
    assert why_not(paid(), item) == "Refund amount exceeds remaining amount"


def test_one_part_named_twice_counts_twice() -> None:
    assert asked(paid(), pieces(1), pieces(2)).total == Decimal("29.70")
    assert why_not(paid(), pieces(2), pieces(2)) == "Refund amount exceeds remaining amount"


@pytest.mark.parametrize(
    "item",
    [money("SHIPPING", 99, "1.00"), money("ORDER", 1041, "1.00"), money("PRODUCT", 31000, "1")],
)
def test_what_is_not_part_of_the_order_is_refused(item: RefundItem) -> None:
    expected = f"{item.item_type} {item.item_id} is not part of the order"
    assert why_not(paid(), item) == expected


def test_an_amount_of_the_order_is_clipped_to_what_is_left() -> None:
    found = asked(paid(withheld=Decimal("40.00")), money("ORDER", 1042, "10.00"))

    assert (found.total, found.order_level) == (Decimal("2.35"), Decimal("10.00"))
    assert (found.adjustment, found.tax) == (Decimal("-7.65"), Decimal(0))


def test_nothing_left_is_refused() -> None:
    assert why_not(paid(withheld=Decimal("42.35")), pieces(1)).startswith("Refund amount exceeds")


def test_an_adjustment_is_taken_off_and_leaves_the_tax() -> None:
    found = asked(paid(), pieces(1, adjustments=[Decimal("-2.00")], adjustment_notes=["Used"]))

    assert (found.total, found.tax) == (Decimal("7.90"), Decimal("0.90"))
    too_much = pieces(1, adjustments=[Decimal("-9.01")], adjustment_notes=[""])
    assert why_not(paid(), too_much) == "Refund amount was negative"


def test_a_refund_on_its_way_counts_only_where_it_is_seen() -> None:
    on_its_way = paid(refunds=[refund(pieces(3), amount="29.70", settled=False)])

    assert asked(on_its_way, pieces(1)).total == Decimal("9.90")
    assert why_not(on_its_way, pieces(1), in_flight=True).startswith("Refund amount exceeds")


def test_a_customer_may_have_store_credit_a_guest_may_not() -> None:
    customer, guest = asked(paid(), pieces(1)), asked(paid(customer_id=0), pieces(1))

    assert [method[0][0] for method in ways(customer)] == ["storecredit", "braintree", "custom"]
    assert [method[0][0] for method in ways(guest)] == ["braintree", "custom"]


def test_store_credit_is_in_the_stores_currency_alone() -> None:
    assert [method[0][0] for method in ways(asked(paid(currency="EUR"), pieces(1)))] == [
        "braintree",
        "custom",
    ]


def test_two_tenders_share_by_what_each_paid_to_the_cent() -> None:
    card = CARD.model_copy(update={"amount": Decimal("32.35")})
    gift = Tender(
        provider_id="giftcertificate",
        description="Gift certificate",
        amount=Decimal("10.00"),
        kind="gift_certificate",
    )

    found = asked(paid(gift, card, customer_id=0), pieces(1))

    assert ways(found)[0] == [
        ("giftcertificate", Decimal("2.34")),
        ("braintree", Decimal("7.56")),
    ]
    assert sum(amount for _, amount in ways(found)[0]) == found.total


def test_the_last_tender_takes_the_odd_cent() -> None:
    thirds = [
        CARD.model_copy(update={"provider_id": name, "amount": Decimal("14.00")}) for name in "abc"
    ]

    [shares, _] = ways(asked(paid(*thirds, customer_id=0), money("ORDER", 1042, "10.00")))

    assert shares == [("a", Decimal("3.33")), ("b", Decimal("3.33")), ("c", Decimal("3.34"))]


def test_a_tender_that_gave_all_back_is_not_offered_again() -> None:
    spent = paid(
        CARD.model_copy(update={"amount": Decimal("9.90")}),
        refunds=[refund(pieces(1), amount="9.90")],
    )

    assert [method[0][0] for method in ways(asked(spent, pieces(1)))] == ["storecredit", "custom"]


def test_a_gateway_without_partial_refunds_gives_them_offline() -> None:
    whole_only = CARD.model_copy(update={"refunds_in_part": False})

    some = asked(paid(whole_only, customer_id=0), pieces(1)).methods[0][0]
    everything = asked(paid(whole_only, customer_id=0), money("ORDER", 1042, "42.35")).methods[0][0]

    assert (some.offline, some.offline_provider) == (True, False)
    assert some.offline_reason.startswith("Partial refunds are not supported")
    assert everything.offline is False


@pytest.mark.parametrize("kind", ["external", "offline"])
def test_what_a_gateway_cannot_give_back(kind: Any) -> None:
    other = CARD.model_copy(update={"kind": kind, "provider_id": "ebay"})

    found = asked(paid(other, customer_id=0), pieces(1))

    offered = [way for method in found.methods for way in method]
    assert [way.provider_id for way in offered] == (
        ["custom"] if kind == "external" else ["ebay", "custom"]
    )
    assert all(way.offline for way in offered)
