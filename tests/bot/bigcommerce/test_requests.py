from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.coupons import CouponType, NewCoupon, coupon_body
from bot.bigcommerce.http.transport import VERSION
from bot.bigcommerce.http.wire_json import dumps, loads
from bot.bigcommerce.orders import status_body
from bot.bigcommerce.refunds import ItemType, RefundItem, RefundPayment, quote_body, refund_body
from bot.values.clean_text import cleaned
from tests.bot.bigcommerce.bodies_seen import COUPON, ORDER, QUOTE, REFUND, envelope
from tests.bot.bigcommerce.scripted_store import TOKEN, Reply, ScriptedStore

ITEMS: Sequence[RefundItem] = (
    RefundItem(item_type=ItemType.PRODUCT, item_id=7, quantity=2, reason="Broken"),
    RefundItem(item_type=ItemType.SHIPPING, item_id=9, amount=Decimal("10.0000")),
)
PAYMENTS = (
    RefundPayment(provider_id="braintree", amount=Decimal("20.83"), offline=False),
    RefundPayment(provider_id="custom", amount=Decimal("0.1"), offline=True, offline_reason="x"),
)


async def test_a_refund_is_sent_exactly_so(store: ScriptedStore, client: BigCommerceClient) -> None:
    store.always = Reply(201, envelope(REFUND))

    refund = await client.refunds.create(1042, ITEMS, PAYMENTS, reason="Damaged (MG-7F3K-2Q9D)")

    assert refund.id == 1
    assert store.arrived[0].text == (
        '{"items": ['
        '{"item_type": "PRODUCT", "item_id": 7, "quantity": 2, "reason": "Broken"}, '
        '{"item_type": "SHIPPING", "item_id": 9, "amount": 10.00, '
        '"reason": "Damaged (MG-7F3K-2Q9D)"}], '
        '"payments": [{"provider_id": "braintree", "amount": 20.83, "offline": false}, '
        '{"provider_id": "custom", "amount": 0.10, "offline": true}], '
        '"reason": "Damaged (MG-7F3K-2Q9D)"}'
    )


async def test_a_quote_asks_for_the_items_alone(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(201, envelope(QUOTE))

    await client.refunds.quote(1042, ITEMS)

    assert store.arrived[0].path == "/v3/orders/1042/payment_actions/refund_quotes"
    assert store.arrived[0].body == {
        "items": [
            {"item_type": "PRODUCT", "item_id": 7, "quantity": 2},
            {"item_type": "SHIPPING", "item_id": 9, "amount": 10.0},
        ]
    }


async def test_a_status_change_sends_status_and_notes_alone(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(200, ORDER)

    order = await client.orders.set_status(1042, 5, staff_notes="Called: “sorry”")

    assert order.id == 1042
    assert store.arrived[0].body == {"status_id": 5, "staff_notes": "Called: “sorry”"}


async def test_a_void_has_no_body_but_a_type(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(201, {})

    await client.payments.void(1042)

    (arrival,) = store.arrived
    assert (arrival.method, arrival.path) == ("POST", "/v3/orders/1042/payment_actions/void")
    assert arrival.text == ""
    assert arrival.headers["content-type"] == "application/json"


async def test_a_coupon_is_sent_switched_on(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(201, COUPON)
    expires_at = datetime(2026, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-6)))

    await client.coupons.create(
        NewCoupon(
            name="Sorry (MG-1)",
            code="SORRY-10",
            type=CouponType.FIXED_AMOUNT,
            amount=Decimal("10.5"),
            category_ids=(3, 5),
            expires_at=expires_at,
        )
    )

    assert store.arrived[0].body == {
        "name": "Sorry (MG-1)",
        "code": "SORRY-10",
        "type": "per_total_discount",
        "amount": "10.50",
        "enabled": True,
        "applies_to": {"entity": "categories", "ids": [3, 5]},
        "max_uses": 0,
        "max_uses_per_customer": 0,
        "expires": "Thu, 31 Dec 2026 23:59:59 -0600",
    }


def test_a_coupon_without_categories_is_for_the_whole_catalogue() -> None:
    body = coupon_body(
        NewCoupon(name="n", code="c", type=CouponType.PERCENTAGE, amount=Decimal(10))
    )

    assert body["applies_to"] == {"entity": "categories", "ids": [0]}
    assert "expires" not in body


def test_a_coupon_needs_an_aware_expiry() -> None:
    coupon = NewCoupon(name="n", code="c", type=CouponType.PERCENTAGE, amount=Decimal(10))
    naive = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(ValueError, match="aware"):
        coupon_body(coupon.model_copy(update={"expires_at": naive}))


async def test_every_call_says_who_asks(store: ScriptedStore, client: BigCommerceClient) -> None:
    store.always = Reply(200, ORDER)

    await client.orders.get(1042)

    headers = store.arrived[0].headers
    assert headers["x-auth-token"] == TOKEN
    assert headers["accept"] == "application/json"
    assert headers["user-agent"] == f"Makegood/{VERSION}"


def test_the_version_is_the_projects() -> None:
    project = Path(__file__).parents[3] / "pyproject.toml"

    assert tomllib.loads(project.read_text())["project"]["version"] == VERSION


def test_item_reasons_are_cut_and_the_general_one_is_not() -> None:
    reason = "Arrived broken, " * 100 + "[MG-7F3K-2Q9D]"

    body = refund_body(ITEMS[1:], PAYMENTS, reason)

    cut = body["items"][0]["reason"]
    assert len(cut) == 1000
    assert cut.startswith("Arrived broken, Arrived")
    assert "…" in cut
    assert cut.endswith("Arrived broken, [MG-7F3K-2Q9D]")
    assert body["reason"] == reason


@pytest.mark.parametrize("character", ["x", "é", "🎁"])
def test_long_staff_notes_keep_their_end(character: str) -> None:
    notes = status_body(5, character * 70_000 + "newest")["staff_notes"]

    assert notes.endswith(f"{character}newest")
    assert len(notes.encode()) <= 65_535


def test_long_staff_notes_lose_whole_lines() -> None:
    old = "\n".join(f"Line {number} of somebody" for number in range(5000))

    notes = status_body(5, f"{old}\nMakegood [MG-7F3K-2Q9D] cancelled")["staff_notes"]

    assert len(notes) > 65_000
    assert re.match(r"Line \d+ of somebody\n", notes)
    assert notes.endswith("\nMakegood [MG-7F3K-2Q9D] cancelled")


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_an_amount_that_is_no_number_is_refused(amount: str) -> None:
    item = RefundItem.model_construct(
        item_type=ItemType.SHIPPING, item_id=9, amount=Decimal(amount), quantity=None, reason=""
    )

    with pytest.raises(ValueError, match="finite"):
        quote_body([item])


@given(st.decimals(min_value=0, max_value=10**12, allow_nan=False, places=6))
def test_amounts_arrive_with_two_decimals_and_no_artefacts(amount: Decimal) -> None:
    item = RefundItem(item_type=ItemType.SHIPPING, item_id=9, amount=amount)

    text = dumps(quote_body([item]))

    assert loads(text.encode())["items"][0]["amount"] == amount.quantize(
        Decimal("0.01"), rounding="ROUND_HALF_UP"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_json_goes_out_as_it_is_read_back(value: object) -> None:
    assert loads(dumps([value]).encode()) == [cleaned(value)]
