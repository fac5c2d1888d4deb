"""Codes that go through coupons: one write, whatever becomes of its answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from bot.actions.action import RuleBroken
from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.discounts.request import CreateDiscountCode
from bot.bigcommerce.coupons import CouponType, NewCoupon
from bot.values.outcome import Status
from bot.values.parsing import end_of_day
from tests.bot.actions.world import REFERENCE, World

FIXED, PERCENTAGE = CouponType.FIXED_AMOUNT, CouponType.PERCENTAGE


def request(**fields: Any) -> CreateDiscountCode:
    return CreateDiscountCode.model_validate(
        {"code": "SORRY10", "type": FIXED, "value": "10", "as_coupon": True, **fields}
    )


async def coupons(world: World, code: str = "SORRY10") -> list[dict[str, Any]]:
    return [each for each in (await world.books())["coupons"] if each["code"] == code]


async def test_a_fixed_amount_is_taken_off_the_total_once_and_works_at_once(world: World) -> None:
    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    (coupon,) = await coupons(world)
    assert outcome.status is Status.SUCCEEDED
    assert outcome.message == (
        "Created discount code SORRY10: 10.00 USD off the order total, for all categories, "
        "never expires."
    )
    assert coupon["type"] == "per_total_discount"
    assert coupon["enabled"] is True
    assert coupon["name"] == f"Makegood {REFERENCE} SORRY10"
    assert coupon["applies_to"] == {"entity": "categories", "ids": [0]}


async def test_a_percentage_on_categories_until_a_day(world: World) -> None:
    categories = await world.store.catalog.categories()
    deep = max(categories, key=lambda category: category.path.count("›"))
    day = (datetime.now(UTC) + timedelta(days=30)).date()
    asked = request(
        type=PERCENTAGE,
        value="12.5",
        category_ids=(deep.id,),
        expires_at=end_of_day(day, "America/Chicago"),
    )

    review = await CREATE_DISCOUNT_CODE.review(asked, world.store)
    outcome = await world.run(CREATE_DISCOUNT_CODE, asked)

    facts = dict(review.facts)
    (coupon,) = await coupons(world)
    assert facts["Discount"] == "12.5% off"
    assert facts["Applies to"] == deep.path
    assert facts["Expires"].endswith("end of day (America/Chicago)")
    assert str(day.year) in facts["Expires"]
    assert f"until {day.day} " in outcome.message
    assert coupon["applies_to"]["ids"] == [deep.id]
    assert coupon["expires"]
    assert outcome.amount is None


async def test_the_review_names_the_currency_where_several_are_sold_in(world: World) -> None:
    review = await CREATE_DISCOUNT_CODE.review(request(), world.store)

    assert dict(review.facts)["Discount"] == "10.00 USD off the order total"
    assert dict(review.facts)["Applies to"] == "All categories"
    assert dict(review.facts)["Expires"] == "Never"
    assert review.notices == (
        "The code works for orders in USD only.",
        "Whether the code goes together with other promotions is up to BigCommerce.",
    )
    assert review.confirm_label == "Create code"


@pytest.mark.parametrize("code", ["SORRY10", "sorry10", "Sorry10"])
async def test_a_code_that_is_taken_is_told_at_its_field(world: World, code: str) -> None:
    await world.run(CREATE_DISCOUNT_CODE, request())

    with pytest.raises(RuleBroken) as broken:
        await CREATE_DISCOUNT_CODE.review(request(code=code), world.store)

    assert broken.value.field == "code"
    assert broken.value.text == f"The code {code} is already taken. Choose another one."


async def test_a_code_taken_since_the_form_is_rejected(world: World) -> None:
    other = NewCoupon(name="Autumn", code="SORRY10", type=FIXED, amount=Decimal(5))
    await world.store.coupons.create(other)

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert outcome.status is Status.REJECTED
    assert outcome.message == "The code SORRY10 is already taken. Choose another one."
    assert len(await coupons(world)) == 1


async def test_data_older_than_the_store_makes_no_second_code(world: World) -> None:
    await world.run(CREATE_DISCOUNT_CODE, request())
    world.claims.clear()  # a log from before

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert (outcome.status, outcome.was_there) == (Status.SUCCEEDED, True)
    assert outcome.message.startswith("BigCommerce has discount code SORRY10: 10.00 USD off")
    assert "It was there before." in outcome.next_step
    assert len(await coupons(world)) == 1


async def test_a_coupon_that_was_made_before_an_upgrade_is_told_as_what_it_is(
    world: World,
) -> None:
    as_coupon = await world.run(CREATE_DISCOUNT_CODE, request(type=PERCENTAGE))

    # A request of 0.1.0 does not say in which way it was made.
    outcome = await world.run(CREATE_DISCOUNT_CODE, request(type=PERCENTAGE, as_coupon=False))

    assert outcome == as_coupon
    assert "other promotions" not in outcome.reply


async def test_a_second_run_of_the_same_reference_makes_no_second_code(world: World) -> None:
    first = await world.run(CREATE_DISCOUNT_CODE, request())
    second = await world.run(CREATE_DISCOUNT_CODE, request())

    assert first == second
    assert len(await coupons(world)) == 1


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("drop_after", {}), ("status", {}), ("status", {"after": True}), ("html", {"status": 502})],
)
async def test_a_lost_answer_is_read_back_and_written_at_most_once_more(
    world: World, kind: str, fields: dict[str, Any]
) -> None:
    await world.break_next("POST coupons", kind, **fields)

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert outcome.status is Status.SUCCEEDED
    assert len(await coupons(world)) == 1


async def test_no_answer_at_all_is_unknown_until_somebody_checks_again(world: World) -> None:
    await world.break_next("POST coupons", "status", times=2)

    first = await world.run(CREATE_DISCOUNT_CODE, request())
    second = await world.run(CREATE_DISCOUNT_CODE, request())

    assert first.status is Status.UNKNOWN
    assert second.status is Status.SUCCEEDED


async def test_a_day_that_is_over_is_refused_before_and_at_the_moment_of_writing(
    world: World,
) -> None:
    asked = request(expires_at=datetime.now(UTC) - timedelta(seconds=1))

    with pytest.raises(RuleBroken) as broken:
        await CREATE_DISCOUNT_CODE.review(asked, world.store)
    outcome = await world.run(CREATE_DISCOUNT_CODE, asked)

    assert broken.value.field == "expires_at"
    assert outcome.status is Status.REJECTED
    assert await coupons(world) == []


async def test_a_category_that_is_gone_is_told_at_its_field(world: World) -> None:
    with pytest.raises(RuleBroken) as broken:
        await CREATE_DISCOUNT_CODE.review(
            request(type=PERCENTAGE, category_ids=(987_654,)), world.store
        )

    assert broken.value.field == "category_ids"


async def test_a_store_that_is_down_changes_nothing(world: World) -> None:
    await world.break_next("GET *", "status", times=99)

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert outcome.status is Status.FAILED
    assert outcome.message == (
        "Nothing was created: BigCommerce answered: The service is not available."
    )


@pytest.mark.parametrize(
    ("fields", "field", "text"),
    [
        ({"code": ""}, "code", "Type the code"),
        ({"code": "   "}, "code", "Type the code"),
        ({"code": "A" * 51}, "code", "at most 50"),
        ({"code": "SORRY€"}, "code", "letters A to Z"),
        ({"code": "A\nB"}, "code", "letters A to Z"),
        ({"value": "0"}, "value", "above 0"),
        ({"value": "-1"}, "value", "above 0"),
        ({"value": "10.123"}, "value", "two decimals"),
        ({"value": "1000000"}, "value", "below 1,000,000"),
        ({"value": "1e30"}, "value", "below 1,000,000"),
        ({"value": "NaN"}, "value", "finite"),
        ({"type": PERCENTAGE, "value": "100.01"}, "value", "above 100"),
        ({"type": "per_item_discount"}, "type", "per_total_discount"),
        ({"expires_at": "2030-01-01T00:00:00"}, "expires_at", "timezone"),
    ],
)
def test_a_wrong_field_is_told_at_that_field(fields: dict[str, Any], field: str, text: str) -> None:
    with pytest.raises(ValidationError, match=text) as invalid:
        request(**fields)

    assert [error["loc"] for error in invalid.value.errors()] == [(field,)]


@pytest.mark.parametrize("code", [" SORRY 10 ", "a-b_c", "A" * 50])
def test_a_code_is_trimmed_and_kept_as_typed(code: str) -> None:
    assert request(code=code).code == code.strip()


def test_a_hundred_percent_is_allowed() -> None:
    assert request(type=PERCENTAGE, value="100").value == 100


def test_the_expiry_keeps_its_zone_through_the_log() -> None:
    asked = request(expires_at=end_of_day(datetime(2030, 12, 31, tzinfo=UTC).date(), "Asia/Tokyo"))

    stored = CreateDiscountCode.model_validate_json(asked.model_dump_json())

    assert stored.expires_at is not None
    assert stored.expires_at.isoformat() == "2030-12-31T23:59:59+09:00"
