"""Each field of each model null, left out or odd: a readable model or one clean error."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.catalogue import Product, SalesChannel, TreeCategory
from bot.bigcommerce.coupons import Coupon
from bot.bigcommerce.customers import Customer
from bot.bigcommerce.http.answers import read_list, read_model
from bot.bigcommerce.http.errors import UnusableAnswer
from bot.bigcommerce.http.fields import Model
from bot.bigcommerce.http.transport import Call
from bot.bigcommerce.inventory import InventoryItem
from bot.bigcommerce.models import (
    Currency,
    Fee,
    Order,
    OrderLine,
    ShippingAddress,
    Store,
    Transaction,
)
from bot.bigcommerce.order_parts import Shipment, UsedCoupon
from bot.bigcommerce.promotions import Promotion, PromotionCode
from bot.bigcommerce.refunds import Refund, RefundQuote
from bot.bigcommerce.webhooks import Hook
from tests.bot.bigcommerce.bodies_seen import COUPON, FEE, LINE, ORDER, QUOTE, REFUND, STORE

CALL = Call(method="GET", path="/v2/x", timeout_s=1)
GONE = object()

TRANSACTION = {
    "id": 5, "order_id": "1042", "event": "refund", "method": "credit_card", "amount": 20.5,
    "currency": "USD", "gateway": "braintree", "gateway_transaction_id": "g", "status": "ok",
    "reference_transaction_id": 4, "date_created": "2026-06-16T16:44:15Z",
}  # fmt: skip
ADDRESS = {
    "id": 30, "order_id": 1042, "first_name": "Ada", "last_name": "King", "street_1": "1 Way",
    "city": "Austin", "shipping_method": "Post", "base_cost": "5.0000", "cost_ex_tax": "4.0000",
    "cost_inc_tax": "4.3200", "base_handling_cost": "0.0000", "handling_cost_ex_tax": "0.0000",
    "handling_cost_inc_tax": "0.0000",
}  # fmt: skip
PROMOTION = {
    "id": 3, "name": "Sorry", "redemption_type": "COUPON", "status": "ENABLED",
    "currency_code": "USD", "channels": [{"id": 1}], "rules": [{}], "max_uses": 1,
    "start_date": "2026-06-16T16:44:15Z", "end_date": None, "customer": {}, "schedule": {},
    "can_be_used_with_other_promotions": True, "shipping_address": {},
}  # fmt: skip
ITEM = {
    "identity": {"product_id": 1, "variant_id": 2, "sku_id": 3},
    "locations": [{"location_id": 1, "location_name": "Here", "total_inventory_onhand": 3,
                   "location_enabled": True}],
}  # fmt: skip
MODELS: list[tuple[type[Model], dict[str, Any], set[str]]] = [
    (Order, ORDER, {"id", "status_id", "total_inc_tax"}),
    (OrderLine, LINE, {"id", "quantity"}),
    (ShippingAddress, ADDRESS, {"id"}),
    (Fee, FEE, {"id"}),
    (Transaction, TRANSACTION, {"id", "event", "amount"}),
    (Refund, REFUND, {"id", "order_id", "created", "total_amount", "items", "payments"}),
    (RefundQuote, QUOTE, {"order_id", "total_refund_amount", "refund_methods"}),
    (Coupon, COUPON, {"id", "name", "code", "type", "amount", "enabled"}),
    (Promotion, PROMOTION, {"id", "name", "status"}),
    (PromotionCode, {"id": 1, "code": "SORRY", "current_uses": 0, "max_uses": 0}, {"id", "code"}),
    (Store, STORE, {"id", "currency"}),
    (Currency, {"currency_code": "USD", "enabled": True, "name": "Dollar"}, {"currency_code"}),
    (Customer, {"id": 1, "email": "a@b.c", "store_credit_amounts": [{"amount": 1}]}, {"id"}),
    (Product, {"id": 1, "name": "Fern", "sku": ""}, {"id"}),
    (SalesChannel, {"id": 1, "name": "Shop", "status": "active", "type": "storefront"}, {"id"}),
    (Shipment, {"id": 1, "items": [{"quantity": 1}], "tracking_number": "1"}, {"id"}),
    (UsedCoupon, {"code": "SORRY", "discount": "1.0000"}, set()),
    (InventoryItem, ITEM, {"identity"}),
    (Hook, {"id": 1, "scope": "x", "destination": "y", "is_active": True, "headers": {}}, {"id"}),
    (TreeCategory, {"category_id": 1, "parent_id": 0, "name": "Garden"}, {"category_id"}),
]
ODD: list[Any] = [
    GONE, None, "", "abc", "NaN", "Infinity", "1e400", "-1", "١٢", "9" * 5000, 0, -1, 7,
    10**400, 2**63, Decimal("NaN"), Decimal("Infinity"), Decimal("1E+400"), Decimal("0.5"),
    True, False, [], {}, [None], [[]], [{}], {"x": {"y": []}}, ["x", 1],
    "2026-13-45T99:99:99Z", "0001-01-01",
]  # fmt: skip
FIELDS = [(model, body, field) for model, body, _ in MODELS for field in body]


def damaged(body: dict[str, Any], field: str, odd: Any) -> dict[str, Any]:
    rest = {name: value for name, value in body.items() if name != field}
    return rest if odd is GONE else rest | {field: odd}


def read(model: type[Model], body: dict[str, Any]) -> Model | None:
    """The model, None where the answer is unusable; nothing else may happen."""
    try:
        return read_model(model, CALL, body)
    except UnusableAnswer:
        return None


@pytest.mark.parametrize(("model", "body", "field"), FIELDS)
def test_an_odd_field_is_read_or_refused_cleanly(
    model: type[Model], body: dict[str, Any], field: str
) -> None:
    for odd in ODD:
        found = read(model, damaged(body, field, odd))
        if found is not None:
            str(found), found.model_dump_json().encode()


@given(st.sampled_from(FIELDS), st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
))  # fmt: skip
def test_any_value_of_a_field_is_read_or_refused_cleanly(
    place: tuple[type[Model], dict[str, Any], str], odd: Any
) -> None:
    model, body, field = place

    read(model, damaged(body, field, odd))


@pytest.mark.parametrize(("model", "body", "needed"), MODELS)
def test_only_what_is_needed_is_needed(
    model: type[Model], body: dict[str, Any], needed: set[str]
) -> None:
    refused = {field for field in body if read(model, damaged(body, field, {"odd": []})) is None}
    if model in (Refund, RefundQuote):  # all of it is about money
        needed = set(body) & set(model.model_fields)

    assert refused == needed


@pytest.mark.parametrize("field", sorted({"channel_id", "default_currency_code", "date_created"}))
@pytest.mark.parametrize("odd", [None, "", [], {"x": 1}])
def test_an_order_says_what_it_lacks(field: str, odd: Any) -> None:
    order = Order.model_validate(ORDER | {field: odd})

    shown = {"channel_id": order.channel_id, "date_created": order.date_created}
    assert shown.get(field) is None
    if field == "default_currency_code":
        assert order.currency == ""
    assert (field in order.unread) is (field == "default_currency_code" or odd not in (None, ""))
    assert order.total_inc_tax == Decimal("154.1")


def test_what_is_always_told_is_missed() -> None:
    order = Order.model_validate({"id": 1042, "status_id": 11, "total_inc_tax": "10.0000"})

    assert set(order.unread) == set(Order.ALWAYS)


def test_a_currency_is_never_guessed() -> None:
    order = Order.model_validate(ORDER | {"default_currency_code": None, "currency_code": "AUD"})

    assert order.currency == ""


@pytest.mark.parametrize("field", ["is_declined", "offline", "amount"])
def test_how_a_tender_stands_is_never_taken_for_granted(field: str) -> None:
    tender = {name: value for name, value in REFUND["payments"][0].items() if name != field}

    assert read(Refund, REFUND | {"payments": [tender]}) is None


def test_pieces_given_back_are_never_taken_for_none() -> None:
    item = {"item_type": "PRODUCT", "item_id": 8, "quantity": None}

    assert read(Refund, REFUND | {"items": [item]}) is None


def test_an_entry_that_comes_twice_counts_once() -> None:
    lines = read_list(OrderLine, CALL, [LINE, LINE, LINE | {"id": 8}])

    assert [line.id for line in lines] == [7, 8]


def test_two_entries_of_one_number_are_not_believed() -> None:
    with pytest.raises(UnusableAnswer, match="x"):
        read_list(OrderLine, CALL, [LINE, LINE | {"quantity": 5}])


def test_a_tender_that_comes_twice_counts_once() -> None:
    (tender,) = REFUND["payments"]
    refund = Refund.model_validate(REFUND | {"payments": [tender, tender]})

    assert len(refund.payments) == 1
    assert read(Refund, REFUND | {"payments": [tender, tender | {"is_declined": False}]}) is None


@pytest.mark.parametrize("values", [None, {}, "", "x", 3, [None], [[]], ["x"]])
def test_nothing_but_a_list_of_objects_is_a_list(values: Any) -> None:
    with pytest.raises(UnusableAnswer):
        read_list(OrderLine, CALL, values)
