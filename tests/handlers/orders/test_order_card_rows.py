"""What stands on a case's cover, with as much of it as an order can hold."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.models import Order, OrderLine, Store
from bot.bigcommerce.order_parts import Shipment, ShippedItem, UsedCoupon
from bot.sandbox.slack.blocks.checks import check_message
from handlers.block_kit.mrkdwn import link
from handlers.flow.open_forms import form_lines, form_notice
from handlers.orders.order_card import order_card
from handlers.orders.order_card_rows import not_now
from storage.form_drafts import Draft
from tests.support.agent import words

AT = datetime(2026, 11, 23, tzinfo=UTC)
STORE = Store(id="x", name="Fern", default_currency="USD", control_panel_base_url="https://x.y")


def order(status_id: int = 2, payment_status: str = "captured", **fields: object) -> Order:
    return Order.model_validate(
        {
            "id": 1042,
            "customer_id": 1,
            "status_id": status_id,
            "status": "As it is",
            "date_created": AT,
            "payment_status": payment_status,
            "currency": "USD",
            "total_inc_tax": "1000000.00",
            **fields,
        }
    )


def draft(number: int, action: str = "refund_order") -> Draft:
    return Draft(f"d{number}", "MG-1", "T1", f"U{number}", action, 1042, AT, AT)


@pytest.mark.parametrize("text", ["&<>" * 85, "x" * 255, "مرحبا" * 51, ""])
def test_an_order_full_of_everything_is_within_the_limits(text: str) -> None:
    parcels = tuple(
        Shipment(
            id=number,
            date_created=AT,
            tracking_number=text,
            shipping_provider=text,
            tracking_link=f"https://parcels.example/{text}|{number}?a=b&c=d",
            items=(ShippedItem(order_product_id=1, quantity=2),),
        )
        for number in range(15)
    )
    lines = tuple(
        OrderLine(id=number, name=text, quantity=2, total_inc_tax=Decimal("99999.99"))
        for number in range(65)
    )
    coupons = tuple(UsedCoupon(code=text, discount=Decimal(5)) for _ in range(20))
    full = OrderSnapshot(order=order(), lines=lines, shipments=parcels, coupons=coupons)

    forms = form_lines([draft(number) for number in range(9)])
    blocks = order_card(full, STORE, open_requests=["Under way"] * 9, forms=forms)

    assert check_message(blocks) == []
    shown = words(blocks)
    assert "… and 57 more lines · 5,699,999.43 USD" in shown
    assert "… and 10 more" in shown
    assert "… and 15 more" in shown
    assert "*Total · 1,000,000.00 USD*" in shown


def test_an_order_without_anything_still_has_a_total() -> None:
    blocks = order_card(OrderSnapshot(order=order(total_inc_tax="0")), STORE)

    assert check_message(blocks) == []
    assert "This order has no lines.\n*Total · 0.00 USD*" in words(blocks)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (order(2), "has shipped, so it cannot be cancelled"),
        (order(1, "pending"), "is pending, so it cannot be refunded"),
        (order(11), ""),
        (order(13), "disputed, so it is left alone"),
        (order(5, "void"), "was voided, so there is no money to refund"),
        (order(11, "authorized"), ""),
        (order(10, "authorized"), "only authorised"),
        (order(2, is_deleted=True), "archived"),
    ],
)
def test_there_is_one_reason_for_what_cannot_be_done(now: Order, reason: str) -> None:
    said = not_now(now)

    assert reason in said
    assert bool(reason) == bool(said)
    assert "\n" not in said


def test_a_notice_names_who_else_is_at_it_and_nobody_twice() -> None:
    assert form_notice([]) == []

    (notice,) = form_notice([draft(1), draft(2, "an_action_of_the_past")])

    assert "<@U1> opened “Full refund”" in words(notice)
    assert "<@U2> opened “an_action_of_the_past”" in words(notice)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/t?x=1&y=2", "<https://a.example/t?x=1&amp;y=2|No 1>"),
        ("HTTP://a.example", "<HTTP://a.example|No 1>"),
        ("https://a.example/|x>", "<https://a.example/%7Cx%3E|No 1>"),
        ("javascript:alert(1)", "No 1"),
        ("https://a.example@evil.example", "No 1"),
        ("https:///path", "No 1"),
        ("https://[broken", "No 1"),
        ("ftp://a.example", "No 1"),
        ("", "No 1"),
    ],
)
def test_only_what_is_plainly_of_the_web_is_linked(url: str, shown: str) -> None:
    assert link(url, "No 1") == shown


@given(st.text(), st.text(min_size=1))
def test_a_link_never_holds_more_than_one_pair_of_brackets(url: str, label: str) -> None:
    made = link(f"https://a.example/{url}", label)

    inner = made.removeprefix("<").removesuffix(">")
    assert "<" not in inner
    assert ">" not in inner
