"""The orders that each show one thing that can be different about an order."""

from __future__ import annotations

from decimal import Decimal

from bot.sandbox.bigcommerce.books import Discount, Order
from bot.sandbox.bigcommerce.refunds.payments import Tender
from bot.sandbox.bigcommerce.seed.orders import (
    COMPLETED,
    FULFILLMENT,
    PARTLY_SHIPPED,
    SHIPMENT,
    SHIPPED,
    Clerk,
    bank_deposit,
)


def special_orders(clerk: Clerk) -> None:
    """Take down all of them."""
    _plain_ones(clerk)
    _parts(clerk)
    _tenders(clerk)
    _money(clerk)


def _plain_ones(clerk: Clerk) -> None:
    shown = clerk.order(
        1042,
        "plain",
        customer=1,
        status_id=FULFILLMENT,
        goods=[(0, 2), (1, 1), (2, 1)],
        shipping="12.35",
    )
    shown.lines[1].options = {"Size": "Large"}
    clerk.pay(shown)
    for order_id, tag, customer in (
        (1003, "name_ampersand", 3),
        (1005, "name_mention", 4),
        (1006, "name_emoji", 5),
        (1008, "name_right_to_left", 6),
        (1009, "name_right_to_left", 7),
        (1011, "name_markup", 11),
    ):
        status_id = SHIPPED if order_id % 2 else FULFILLMENT
        clerk.pay(
            clerk.order(order_id, tag, customer=customer, status_id=status_id, goods=[(8, 1)])
        )


def _parts(clerk: Clerk) -> None:
    wrapped = clerk.order(1007, "wrapping", customer=8, status_id=SHIPPED, goods=[(9, 2), (10, 1)])
    for line, price in zip(wrapped.lines, ("4.00", "5.50"), strict=True):
        line.wrapping_name, line.wrapping_price = "Leaf paper and ribbon", Decimal(price)
    clerk.pay(wrapped)
    heavy = clerk.order(
        1010, "handling", "fee", customer=9, status_id=COMPLETED, goods=[(13, 1)], handling="6.00"
    )
    clerk.fee(heavy, "Frost protection", "4.80")
    clerk.pay(heavy)
    many = clerk.order(1012, "60_lines", customer=10, status_id=FULFILLMENT, goods=[])
    for index in range(60):
        clerk.line(many, index % 18, 1 + index % 3, options={"Row": str(index + 1)})
    clerk.pay(many)
    digital = clerk.order(
        1015, "digital", customer=12, status_id=COMPLETED, goods=[], shipping=None
    )
    clerk.line(digital, 7, type="digital")
    clerk.pay(digital)
    bundle = clerk.order(1016, "bundle", customer=13, status_id=SHIPPED, goods=[(16, 1)])
    for good in (3, 5):
        clerk.line(bundle, good, price="0.00", parent_id=bundle.lines[0].id)
    clerk.pay(bundle)
    guest = clerk.order(1018, "guest", customer=0, status_id=SHIPMENT, goods=[(4, 1), (5, 2)])
    clerk.pay(guest)
    two = clerk.order(
        1040, "two_addresses", customer=14, status_id=PARTLY_SHIPPED, goods=[(0, 1), (3, 3)]
    )
    two.lines[0].quantity_shipped = 1
    clerk.address(two, "11.20", "2.00")
    clerk.line(two, 1)
    clerk.pay(two)


def _tenders(clerk: Clerk) -> None:
    def credit(amount: str) -> Tender:
        return Tender(
            provider_id="storecredit",
            description="Store Credit",
            amount=Decimal(amount),
            kind="store_credit",
            method="store_credit",
        )

    certificate = Tender(
        provider_id="giftcertificate",
        description="Gift Certificate",
        amount=Decimal("25.00"),
        kind="gift_certificate",
        method="gift_certificate",
    )
    split = clerk.order(1020, "split_tender", customer=15, status_id=FULFILLMENT, goods=[(1, 1)])
    clerk.pay(split, certificate)
    mixed = clerk.order(
        1021, "split_tender", "store_credit", customer=16, status_id=COMPLETED, goods=[(13, 1)]
    )
    clerk.pay(mixed, credit("20.00"))
    saved = clerk.order(
        1022, "store_credit", customer=1, status_id=FULFILLMENT, goods=[(2, 1)], payment_status=""
    )
    saved.payment_method = "Store Credit"
    clerk.pay(saved, last=credit("0.00"))
    bank = clerk.order(
        1024, "offline", customer=17, status_id=FULFILLMENT, goods=[(6, 1)], payment_status=""
    )
    bank.payment_method = "Bank Deposit"
    clerk.pay(bank, last=bank_deposit())
    no_parts = clerk.order(
        1048, "gateway_refunds_whole_only", customer=18, status_id=COMPLETED, goods=[(11, 2)]
    )
    square = Tender(provider_id="square", description="Square", amount=Decimal(0))
    square.refunds_in_part = False
    clerk.pay(no_parts, last=square)


def _money(clerk: Clerk) -> None:
    euro = clerk.order(
        1033, "second_currency", customer=9, status_id=SHIPPED, goods=[(1, 1), (10, 2)],
        currency="EUR", shown_currency="EUR", shown_rate=Decimal("0.92"),
    )  # fmt: skip
    clerk.pay(euro)
    shown = clerk.order(
        1034, "display_currency", customer=13, status_id=FULFILLMENT, goods=[(2, 1)],
        shown_currency="AUD", shown_rate=Decimal("1.52"),
    )  # fmt: skip
    clerk.pay(shown)
    inclusive = clerk.order(
        1049, "tax_inclusive", customer=14, status_id=SHIPPED, goods=[(0, 1), (11, 3)],
        tax_inclusive=True,
    )  # fmt: skip
    clerk.pay(inclusive)
    cheaper = clerk.order(
        1038, "discount", "coupon", customer=8, status_id=FULFILLMENT, goods=[(4, 1), (11, 3)]
    )
    _take_off(cheaper, "10 percent off", "FERN10", "3.80", "3.57")
    _take_off(cheaper, "Autumn sale", None, "2.00", "1.00")
    clerk.pay(cheaper)
    every = clerk.order(
        1050, "handling", "fee", "wrapping", "discount", "two_addresses", customer=16,
        status_id=FULFILLMENT, goods=[(0, 3), (9, 1)], handling="3.25",
    )  # fmt: skip
    every.lines[1].wrapping_name, every.lines[1].wrapping_price = "Gift box", Decimal("6.50")
    clerk.address(every, "9.99", "1.10")
    clerk.line(every, 1)
    clerk.fee(every, "Carbon-neutral delivery", "1.95")
    _take_off(every, "Autumn sale", None, "5.00", "1.00", "2.33")
    clerk.pay(every)
    free = clerk.order(
        1051, "free", customer=17, status_id=FULFILLMENT, goods=[(15, 1)], payment_status="",
        shipping="0.00",
    )  # fmt: skip
    _take_off(free, "Replacement", "REPLACE", "7.30")
    free.payment_method = ""
    clerk.pay(free)


def _take_off(order: Order, name: str, code: str | None, *amounts: str) -> None:
    """Take a discount off, each line its share."""
    for line, amount in zip(order.lines, amounts, strict=True):
        line.discounts.append(
            Discount(
                id=code or "sale",
                amount=Decimal(amount),
                name=name,
                code=code,
                target="product" if code else "order",
            )
        )
