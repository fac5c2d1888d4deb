"""The client's discount codes against the stand-in store: coupons, promotions, what to choose."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.bigcommerce.coupons import MIRROR_OF_PROMOTION, Coupon, CouponType, NewCoupon
from bot.bigcommerce.http.errors import NotFound, NotSent, Refused
from bot.bigcommerce.promotions import NewPromotion, promotion_body
from tests.bot.actions.world import World, open_world

ENDS = datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as world:
        yield world


def coupon(**fields: Any) -> NewCoupon:
    kept = {"name": "Sorry", "code": "SORRY-10", "type": CouponType.PERCENTAGE, "amount": "10"}
    return NewCoupon.model_validate(kept | fields)


def promotion(**fields: Any) -> NewPromotion:
    kept = {"name": "Sorry", "type": CouponType.PERCENTAGE, "amount": "10", "currency": "*"}
    return NewPromotion.model_validate(kept | fields)


async def test_a_coupon_with_all_its_limits(world: World) -> None:
    made = await world.store.coupons.create(
        coupon(product_ids=(101,), max_uses=1, max_uses_per_customer=1, minimum_spend="50")
    )

    assert made.applies_to == {"entity": "products", "ids": [101]}
    assert (made.max_uses, made.max_uses_per_customer) == (1, 1)
    assert made.min_purchase == 50


async def test_free_shipping_is_a_type_of_its_own(world: World) -> None:
    made = await world.store.coupons.create(coupon(type=CouponType.FREE_SHIPPING, amount="0"))

    assert made.type == "free_shipping"


async def test_switching_a_coupon_off_changes_nothing_else(world: World) -> None:
    made = await world.store.coupons.create(
        coupon(category_ids=(21,), max_uses=3, minimum_spend="20", expires_at=ENDS)
    )

    off = await world.store.coupons.switch_off(made)
    again = await world.store.coupons.switch_off(off)

    assert off == again == made.model_copy(update={"enabled": False})
    assert off.expires_at == ENDS


async def test_a_coupon_that_was_not_read_whole_is_not_written(world: World) -> None:
    made = await world.store.coupons.create(coupon(max_uses=3))
    await world.break_next("GET coupons", "change", set={"0.max_uses": None})
    half_read = await world.store.coupons.find(code="SORRY-10")

    assert half_read is not None
    with pytest.raises(NotSent):
        await world.store.coupons.switch_off(half_read)
    assert await world.store.coupons.find(code="SORRY-10") == made


async def test_no_number_deletes_no_coupon(world: World) -> None:
    made = await world.store.coupons.create(coupon())

    with pytest.raises(ValueError, match="above 0"):
        await world.store.coupons.delete(0)
    await world.store.coupons.delete(made.id)
    assert await world.store.coupons.find(code="SORRY-10") is None


async def test_what_a_merchant_restricted_stays_restricted(world: World) -> None:
    made = await world.store.coupons.create(coupon())
    restricted = made.model_copy(
        update={"restricted_to": {"countries": "US"}, "shipping_methods": ("usps",)}
    )

    off = await world.store.coupons.switch_off(restricted)

    assert off.restricted_to == {"countries": "US"}
    assert off.shipping_methods == ("usps",)


@pytest.mark.parametrize("expires", ["", "nonsense", "Thu, 31 Dec 99999 23:59:59 +0000"])
def test_an_end_that_cannot_be_read_is_none(expires: str) -> None:
    shown = {"id": 1, "name": "n", "code": "c", "type": "t", "amount": "1", "enabled": True}
    shown["expires"] = expires

    assert Coupon.model_validate(shown).expires_at is None


async def test_a_promotion_and_its_code(world: World) -> None:
    made = await world.store.promotions.create(promotion(max_uses=2, expires_at=ENDS))
    code = await world.store.promotions.create_code(
        made.id, "SORRY-10", max_uses=2, max_uses_per_customer=1
    )

    assert await world.store.promotions.find("Sorry") == [made]
    assert await world.store.promotions.find("Sor") == []
    assert made.end_date == ENDS
    assert await world.store.promotions.codes(made.id) == [code]
    assert await world.store.promotions.find_code("sorry-10") == code
    assert await world.store.promotions.find_code("OTHER") is None
    mirror = await world.store.coupons.find(code="SORRY-10")
    assert mirror is not None
    assert mirror.type == MIRROR_OF_PROMOTION


async def test_a_code_that_is_not_found_is_nobodys(world: World) -> None:
    await world.break_next("GET promotions/codes", "status", status=404)

    assert await world.store.promotions.find_code("SORRY-10") is None


async def test_a_promotion_is_switched_off_and_an_empty_one_deleted(world: World) -> None:
    made = await world.store.promotions.create(promotion())

    off = await world.store.promotions.switch_off(made.id)
    await world.store.promotions.delete(made.id)
    await world.store.promotions.delete(made.id)

    assert off.status == "DISABLED"
    assert await world.store.promotions.find("Sorry") == []
    with pytest.raises(NotFound):
        await world.store.promotions.switch_off(made.id)


async def test_a_taken_code_is_refused_in_its_own_words(world: World) -> None:
    await world.store.coupons.create(coupon())
    made = await world.store.promotions.create(promotion())

    with pytest.raises(Refused) as refused:
        await world.store.promotions.create_code(
            made.id, "SORRY-10", max_uses=0, max_uses_per_customer=0
        )

    assert refused.value.reason == "The coupon code already exists."


@pytest.mark.parametrize(
    ("fields", "action"),
    [
        ({}, {"cart_value": {"discount": {"percentage_amount": "10.00"}}}),
        (
            {"type": CouponType.FIXED_AMOUNT, "currency": "EUR", "category_ids": (21,)},
            {
                "cart_items": {
                    "discount": {"fixed_amount": "10.00"},
                    "items": {"categories": [21]},
                    "include_items_considered_by_condition": True,
                    "as_total": True,
                }
            },
        ),
        (
            {"product_ids": (101,)},
            {
                "cart_items": {
                    "discount": {"percentage_amount": "10.00"},
                    "items": {"products": [101]},
                    "include_items_considered_by_condition": True,
                }
            },
        ),
        (
            {"type": CouponType.FREE_SHIPPING},
            {"shipping": {"free_shipping": True, "zone_ids": "*"}},
        ),
    ],
)
async def test_the_rule_of_a_promotion(
    world: World, fields: dict[str, Any], action: dict[str, Any]
) -> None:
    asked = promotion(**fields)

    await world.store.promotions.create(asked)

    assert promotion_body(asked)["rules"][0]["action"] == action


async def test_a_minimum_spend_and_a_channel(world: World) -> None:
    await world.set(channels=["Shop", "Outlet"])
    asked = promotion(currency="USD", minimum_spend="50", channel_id=2)

    await world.store.promotions.create(asked)

    body = promotion_body(asked)
    assert body["rules"][0]["condition"] == {"cart": {"minimum_spend": "50.00"}}
    assert body["channels"] == [{"id": 2}]


def test_a_promotion_needs_an_aware_end() -> None:
    with pytest.raises(ValueError, match="aware"):
        promotion_body(promotion(expires_at=ENDS.replace(tzinfo=None)))


async def test_products_and_channels_to_choose_from(world: World) -> None:
    found = await world.store.catalog.search("fern")
    everything = await world.store.catalog.search(" ")
    some = await world.store.catalog.products([101, 999_999])
    channels = await world.store.channels.storefronts()
    currencies = await world.store.info.currencies()

    assert [row.name for row in found] == ["Boston Fern", "The Fox & the Fern", "Maidenhair Fern"]
    assert len(everything) == 18
    assert [(row.id, row.sku) for row in some] == [(101, "FF-101")]
    assert [row.name for row in channels] == ["Fern and Fable"]
    assert [row.rate for row in currencies[:2]] == [Decimal(1), Decimal("0.92")]
