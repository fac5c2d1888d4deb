"""The store's arithmetic: what parts cost, and that what is given back in steps is the whole."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.bigcommerce.books import Address, Discount, Fee, Line, Order, Person
from bot.sandbox.bigcommerce.refunds.payments import Refund, RefundItem, RefundPayment
from bot.sandbox.bigcommerce.refunds.sums import (
    NOTHING,
    Cost,
    Part,
    cents,
    cost,
    left,
    parts,
    refunded,
    taken,
    total,
    total_of,
)

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ROSA = Person(first_name="Rosa", last_name="Ibarra", email="rosa@mail.example")
MONEY = st.decimals("0.00", "5000.00", places=2)


def order(**fields: Any) -> Order:
    """Return an order of three pieces at 10.00 with wrapping, shipping 5.00 and a fee of 2.00."""
    line = Line(
        id=31,
        product_id=1,
        name="Fern",
        sku="FERN",
        price=Decimal("10.00"),
        quantity=3,
        address_id=51,
        discounts=[Discount(id="d", amount=Decimal("3.00"), name="FERN10")],
        wrapping_name="Paper",
        wrapping_price=Decimal("1.00"),
    )
    plain: dict[str, Any] = {
        "id": 1042,
        "customer_id": 1,
        "billing": ROSA,
        "status_id": 11,
        "payment_status": "captured",
        "payment_method": "Card",
        "created_at": AT,
        "modified_at": AT,
        "tax_rate": Decimal("0.10"),
        "lines": [line],
        "addresses": [Address(id=51, to=ROSA, shipping=Decimal("5.00"), handling=Decimal("1.50"))],
        "fees": [Fee(id=71, name="Oversize", price=Decimal("2.00"))],
    }
    return Order.model_validate(plain | fields)


def refund(
    *items: RefundItem, amount: str = "11.00", settled: bool = True, declined: bool = False
) -> Refund:
    paid = RefundPayment(
        id=1,
        provider_id="braintree",
        amount=Decimal(amount),
        offline=False,
        transaction_id=9001,
        is_declined=declined,
    )
    return Refund(
        id=1,
        order_id=1042,
        created_at=AT,
        reason="",
        total=Decimal(amount),
        tax=Decimal("1.00"),
        items=list(items),
        payments=[paid],
        settled=settled,
        settles_at=AT,
    )


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("1.005", "1.01"), ("1.004", "1.00"), ("-1.005", "-1.01"), ("0", "0.00")],
)
def test_halves_are_rounded_up(amount: str, rounded: str) -> None:
    assert cents(Decimal(amount)) == Decimal(rounded)


def test_a_price_before_tax_gets_its_tax_on_top() -> None:
    assert cost(order(), Decimal("10.00")) == Cost(Decimal("10.00"), Decimal("1.00"))


def test_a_price_with_tax_has_it_inside() -> None:
    inclusive = order(tax_inclusive=True)

    assert cost(inclusive, Decimal("11.00")) == Cost(Decimal("10.00"), Decimal("1.00"))


@given(price=MONEY, rate=st.decimals("0", "0.30", places=4), inclusive=st.booleans())
def test_what_a_price_means_is_what_is_paid(price: Decimal, rate: Decimal, inclusive: bool) -> None:
    paid = cost(order(tax_rate=rate, tax_inclusive=inclusive), price)

    assert (paid.inc_tax if inclusive else paid.ex_tax) == price
    assert paid.tax >= 0


def test_an_order_is_made_of_all_that_can_be_given_back() -> None:
    known = parts(order(loose_shipping=Decimal("4.00")))

    assert {key: (part.price, part.pieces) for key, part in known.items()} == {
        ("PRODUCT", 31): (Decimal("27.00"), 3),  # the discount is off
        ("GIFT_WRAPPING", 31): (Decimal("3.00"), 3),
        ("SHIPPING", 51): (Decimal("5.00"), None),
        ("HANDLING", 51): (Decimal("1.50"), None),
        ("SHIPPING", 0): (Decimal("4.00"), None),
        ("FEE", 71): (Decimal("2.00"), None),
    }


def test_the_total_is_the_parts_with_tax() -> None:
    assert total(order()) == Cost(Decimal("38.50"), Decimal("3.85"))
    assert total_of(order(), "SHIPPING").inc_tax == Decimal("5.50")
    assert total_of(order(), "TAX") == NOTHING


@given(
    price=st.decimals("0.01", "9999.99", places=2),
    tax=MONEY,
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=8),
)
def test_pieces_given_back_one_after_another_are_the_whole(
    price: Decimal, tax: Decimal, sizes: list[int]
) -> None:
    part = Part("PRODUCT", 31, price, Cost(price, tax), pieces=sum(sizes))

    gone, given_back = Decimal(0), NOTHING
    for size in sizes:
        share = part.share(gone, Decimal(size))
        assert share.tax >= 0
        gone, given_back = gone + size, given_back + share

    assert given_back == Cost(price, tax)


@given(price=st.decimals("0.02", "9999.99", places=2), cut=st.integers(1, 99))
def test_an_amount_given_back_in_two_steps_is_the_whole(price: Decimal, cut: int) -> None:
    part = Part("SHIPPING", 51, price, cost(order(), price))
    first = min(max(cents(price * cut / 100), Decimal("0.01")), price)

    both = part.share(Decimal(0), first) + part.share(first, price - first)

    assert both == part.cost


def test_nothing_has_no_share() -> None:
    assert Part("SHIPPING", 51, Decimal(0), NOTHING).share(Decimal(0), Decimal(0)) == NOTHING


def test_what_was_taken_counts_pieces_and_money_of_refunds_that_gave_something() -> None:
    pieces = RefundItem(item_type="PRODUCT", item_id=31, quantity=1)
    money = RefundItem(item_type="SHIPPING", item_id=51, amount=Decimal("2.00"))
    given_back = order(
        refunds=[
            refund(pieces, money),
            refund(pieces, settled=False),
            refund(pieces, pieces, declined=True),
        ]
    )

    assert taken(given_back, "PRODUCT", 31, in_flight=False) == 1
    assert taken(given_back, "PRODUCT", 31, in_flight=True) == 2
    assert taken(given_back, "SHIPPING", 51, in_flight=True) == Decimal("2.00")
    assert taken(given_back, "FEE", 71, in_flight=True) == 0


def test_what_is_left_is_the_total_without_what_came_back_and_what_is_withheld() -> None:
    some = order(
        refunds=[refund(amount="10.00"), refund(amount="7.00", settled=False)],
        withheld=Decimal("2.35"),
    )

    assert refunded(some, in_flight=False) == Decimal("10.00")
    assert left(some, in_flight=False) == Decimal("30.00")
    assert left(some, in_flight=True) == Decimal("23.00")


def test_a_declined_tender_gave_nothing() -> None:
    half = refund(amount="10.00")
    half.payments.append(half.payments[0].model_copy(update={"id": 2, "is_declined": True}))

    assert (half.declined, half.given_back) == (False, Decimal("10.00"))
    assert refund(declined=True).declined
