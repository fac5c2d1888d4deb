"""What waits for a second person and can, or cannot, be carried out any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.endings.overtaken import refund_overtaken
from bot.actions.refunds.choice import LineRefund
from bot.actions.refunds.refund_items import RefundItems, items_overtaken
from bot.actions.refunds.refund_order import RefundOrder
from bot.actions.refunds.request import ConfirmedRefund
from bot.actions.registry import ACTIONS
from bot.actions.rules.eligibility import lasting_refusal
from bot.bigcommerce.coupons import CouponType
from bot.bigcommerce.refunds import ItemType
from bot.values.money import Money
from tests.bot.actions.builders import given, line, order, payment, refund, snapshot, tender
from tests.bot.actions.world import World

SHIPPED, CANCELLED, REFUNDED, DISPUTED = 2, 5, 4, 13


def confirmed(amount: str = "54.10") -> ConfirmedRefund:
    total = Money(amount=Decimal(amount), currency="USD")
    return ConfirmedRefund(total=total, method="braintree", payments=(payment(amount),))


def whole(amount: str = "54.10") -> RefundOrder:
    return RefundOrder(order_id=1042, reason="Damaged", confirmed=confirmed(amount))


def some(quantity: int = 1, amount: str = "20.00") -> RefundItems:
    lines = (LineRefund(order_product_id=1, quantity=quantity, reason="Damaged"),)
    return RefundItems(order_id=1042, lines=lines, confirmed=confirmed(amount))


@pytest.mark.parametrize(
    ("given_back", "amount", "said"),
    [
        ("0.00", "54.10", None),
        ("54.10", "54.10", "Nothing is left to refund on order 1042."),
        ("10.00", "54.10", "Only 44.10 USD is left to refund on order 1042."),
        ("10.00", "44.10", None),
        ("10.01", "44.10", "Only 44.09 USD is left to refund on order 1042."),
    ],
)
def test_what_is_asked_for_is_held_against_what_is_left(
    given_back: str, amount: str, said: str | None
) -> None:
    refunds = () if given_back == "0.00" else (refund(tender(given_back)),)
    now = snapshot(line(), refunds=refunds, status_id=SHIPPED, status="Shipped")

    assert refund_overtaken(ACTIONS["refund_order"], whole(amount), now) == said


def test_a_refund_that_was_declined_has_taken_nothing() -> None:
    declined = refund(tender("54.10", is_declined=True))
    now = snapshot(line(), refunds=(declined,), status_id=SHIPPED, status="Shipped")

    assert refund_overtaken(ACTIONS["refund_order"], whole(), now) is None


def test_of_a_line_there_must_be_as_many_pieces_left() -> None:
    one = given(ItemType.PRODUCT, 1, quantity=1)
    now = snapshot(line(quantity=2), refunds=(refund(tender("5.00"), items=(one,)),))

    assert items_overtaken(some(1), now) is None
    said = items_overtaken(some(2), now)
    assert said is not None
    assert "Only 1" in said


@pytest.mark.parametrize(
    ("status_id", "status", "action", "said"),
    [
        (11, "Awaiting Fulfillment", "cancel_and_refund", None),
        (SHIPPED, "Shipped", "cancel_and_refund", "Order 1042 has shipped"),
        (CANCELLED, "Cancelled", "cancel_and_refund", "Order 1042 is cancelled"),
        (CANCELLED, "Cancelled", "cancel_order", "Order 1042 is already cancelled."),
        (DISPUTED, "Disputed", "refund_order", "Order 1042 is disputed"),
        (1, "Pending", "cancel_order", None),
    ],
)
def test_the_status_must_still_allow_it(
    status_id: int, status: str, action: str, said: str | None
) -> None:
    no = lasting_refusal(order(status_id=status_id, status=status), ACTIONS[action])

    assert no is None if said is None else (no or "").startswith(said)


def test_what_an_admin_lets_be_given_back_on_unpaid_orders_still_is() -> None:
    assert lasting_refusal(order(status_id=7), ACTIONS["cancel_and_refund"], in_unpaid=True) is None


@pytest.mark.parametrize("payment_status", ["capture pending", "void pending", "held for review"])
def test_what_passes_by_itself_closes_nothing(payment_status: str) -> None:
    now = order(status_id=SHIPPED, status="Shipped", payment_status=payment_status)

    assert lasting_refusal(now, ACTIONS["refund_order"]) is None


def test_an_order_whose_currency_is_not_told_closes_nothing() -> None:
    now = order(status_id=SHIPPED, status="Shipped", default_currency_code="")

    assert lasting_refusal(now, ACTIONS["refund_order"]) is None


def code(**fields: Any) -> CreateDiscountCode:
    return CreateDiscountCode(
        code="SORRY-25", type=CouponType.FIXED_AMOUNT, value=Decimal(25), reason="Late", **fields
    )


async def test_a_code_that_is_there_by_now_cannot_be_made(world: World) -> None:
    assert await CREATE_DISCOUNT_CODE.overtaken(code(), world.store) is None
    coupon = {"name": "By hand", "code": "SORRY-25", "type": "per_total_discount", "amount": "25"}
    url = f"{world.url}/stores/{world.sandbox.store_hash}/v2/coupons"
    headers = {"X-Auth-Token": world.sandbox.access_token, "Accept": "application/json"}
    body = {**coupon, "applies_to": {"entity": "categories", "ids": [0]}}
    async with world.http.post(url, json=body, headers=headers) as answer:
        assert answer.status < 300, await answer.text()

    said = await CREATE_DISCOUNT_CODE.overtaken(code(), world.store)

    assert said == "The store has a code SORRY-25 by now."


async def test_a_code_whose_end_is_over_cannot_be_made(world: World) -> None:
    late = code(expires_at=datetime.now(UTC) - timedelta(hours=1))

    said = await CREATE_DISCOUNT_CODE.overtaken(late, world.store)

    assert said == "The day on which the code SORRY-25 was to end is over."
