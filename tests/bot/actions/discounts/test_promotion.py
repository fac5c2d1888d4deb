"""Codes that go through coupon promotions: two writes, whatever happens between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.actions.action import RuleBroken
from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.discounts.request import CreateDiscountCode
from bot.bigcommerce.coupons import CouponType, NewCoupon
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.promotions import NewPromotion
from bot.values.outcome import Status
from tests.bot.actions.world import REFERENCE, World

NAME = f"Makegood {REFERENCE} SORRY10"
CODES = "POST promotions/*/codes"


def request(**fields: Any) -> CreateDiscountCode:
    kept = {"code": "SORRY10", "type": CouponType.PERCENTAGE, "value": "10", "currency": "*"}
    return CreateDiscountCode.model_validate(kept | fields)


async def promotions(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.books())["promotions"]
    return found


async def take_the_code(world: World) -> None:
    other = NewCoupon.model_validate(
        {"name": "Autumn", "code": "SORRY10", "type": CouponType.PERCENTAGE, "amount": "5"}
    )
    await world.store.coupons.create(other)


async def test_a_percentage_for_every_currency(world: World) -> None:
    asked = request(max_uses=1, max_uses_per_customer=1)

    review = await CREATE_DISCOUNT_CODE.review(asked, world.store)
    outcome = await world.run(CREATE_DISCOUNT_CODE, asked)

    (promotion,) = await promotions(world)
    assert review.notices == ("The code works for orders in every currency of the store.",)
    assert outcome.status is Status.SUCCEEDED
    assert outcome.message == (
        "Created discount code SORRY10: 10% off, for all categories, to be used once, never "
        "expires."
    )
    assert (promotion["name"], promotion["currency_code"]) == (NAME, "*")
    assert promotion["status"] == "ENABLED"
    (code,) = promotion["codes"]
    assert (code["code"], code["max_uses"], code["max_uses_per_customer"]) == ("SORRY10", 1, 1)


async def test_an_amount_in_the_second_currency_on_products(world: World) -> None:
    asked = request(
        type=CouponType.FIXED_AMOUNT, currency="EUR", product_ids=(101,), minimum_spend="50"
    )

    review = await CREATE_DISCOUNT_CODE.review(asked, world.store)
    outcome = await world.run(CREATE_DISCOUNT_CODE, asked)

    facts = dict(review.facts)
    assert facts["Discount"] == "10.00 EUR off these items together"
    assert facts["Applies to"] == "Boston Fern (FF-101)"
    assert facts["Minimum spend"] == "50.00 EUR"
    assert review.notices == ("The code works for orders in EUR only.",)
    assert str(outcome.amount) == "10.00 EUR"
    assert (await promotions(world))[0]["currency_code"] == "EUR"


async def test_a_channel_of_a_store_with_one_currency(world: World) -> None:
    await world.set(channels=["Shop", "Outlet"], paid_in=["USD"])
    asked = request(currency="", channel_id=2, channel_name="Outlet", minimum_spend="20")

    review = await CREATE_DISCOUNT_CODE.review(asked, world.store)
    outcome = await world.run(CREATE_DISCOUNT_CODE, asked)

    assert dict(review.facts)["Storefront"] == "Outlet"
    assert "in the storefront Outlet" in outcome.message
    (promotion,) = await promotions(world)
    assert promotion["channels"] == [{"id": 2}]
    assert promotion["currency_code"] == "USD"


async def test_the_review_warns_when_the_customer_could_not_use_the_code(world: World) -> None:
    await world.set(channels=["Shop", "Outlet"])
    plain = {"type": CouponType.FIXED_AMOUNT, "order_id": 1042}

    fits = await CREATE_DISCOUNT_CODE.review(request(**plain, currency="USD"), world.store)
    misfit = await CREATE_DISCOUNT_CODE.review(
        request(**plain, currency="EUR", channel_id=2, channel_name="Outlet"), world.store
    )

    assert fits.warnings == ()
    assert misfit.warnings == (
        "Order 1042 was paid in USD, and this code is for orders in EUR only.",
        "Order 1042 came through another channel than the one that this code is for.",
    )


async def test_free_shipping_for_every_currency(world: World) -> None:
    outcome = await world.run(
        CREATE_DISCOUNT_CODE, request(type=CouponType.FREE_SHIPPING, value="0")
    )

    assert outcome.message == "Created discount code SORRY10: free shipping, never expires."
    (promotion,) = await promotions(world)
    assert promotion["rules"][0]["action"] == {"shipping": {"free_shipping": True, "zone_ids": "*"}}


async def test_a_second_run_makes_nothing_twice(world: World) -> None:
    first = await world.run(CREATE_DISCOUNT_CODE, request())
    second = await world.run(CREATE_DISCOUNT_CODE, request())

    assert first == second
    assert len(await promotions(world)) == 1


async def test_data_older_than_the_store_makes_no_second_code(world: World) -> None:
    await world.run(CREATE_DISCOUNT_CODE, request())
    world.claims.clear()  # a log from before

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert (outcome.status, outcome.was_there) == (Status.SUCCEEDED, True)
    assert outcome.message.startswith("BigCommerce has discount code SORRY10: 10% off")
    assert "It was there before." in outcome.next_step
    (promotion,) = await promotions(world)
    assert len(promotion["codes"]) == 1


async def test_what_was_there_before_is_not_taken_back(world: World) -> None:
    await world.run(CREATE_DISCOUNT_CODE, request())
    [made] = await world.store.promotions.find(NAME)
    await world.store.promotions.switch_off(made.id)
    world.claims.clear()

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert outcome.status is Status.UNKNOWN
    assert "BigCommerce has status DISABLED instead of on." in outcome.message
    (promotion,) = await promotions(world)
    assert len(promotion["codes"]) == 1


async def test_a_code_of_an_earlier_release_is_found_as_a_coupon(world: World) -> None:
    earlier = {"name": NAME, "code": "SORRY10", "type": CouponType.PERCENTAGE, "amount": "10"}
    await world.store.coupons.create(NewCoupon.model_validate(earlier))

    outcome = await world.run(CREATE_DISCOUNT_CODE, request(currency=""))

    assert (outcome.status, outcome.was_there) == (Status.SUCCEEDED, True)
    assert await promotions(world) == []


async def test_a_crash_between_the_two_writes_is_finished_by_the_next_run(world: World) -> None:
    await world.store.promotions.create(
        NewPromotion.model_validate(
            {"name": NAME, "type": CouponType.PERCENTAGE, "amount": "10", "currency": "*"}
        )
    )

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert outcome.status is Status.SUCCEEDED
    (promotion,) = await promotions(world)
    assert len(promotion["codes"]) == 1


async def test_a_half_done_promotion_past_its_end_is_deleted(world: World) -> None:
    await world.store.promotions.create(
        NewPromotion.model_validate(
            {"name": NAME, "type": CouponType.PERCENTAGE, "amount": "10", "currency": "*"}
        )
    )

    outcome = await world.run(
        CREATE_DISCOUNT_CODE, request(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    )

    assert outcome.status is Status.REJECTED
    assert await promotions(world) == []


@pytest.mark.parametrize("write", ["POST promotions", CODES])
@pytest.mark.parametrize(
    ("kind", "fields"),
    [("drop_after", {}), ("status", {}), ("status", {"after": True}), ("html", {"status": 502})],
)
async def test_a_lost_answer_is_read_back(
    world: World, write: str, kind: str, fields: dict[str, Any]
) -> None:
    await world.break_next(write, kind, **fields)

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert outcome.status is Status.SUCCEEDED
    (promotion,) = await promotions(world)
    assert len(promotion["codes"]) == 1


@pytest.mark.parametrize("write", ["POST promotions", CODES])
async def test_no_answer_at_all_is_unknown_until_somebody_checks_again(
    world: World, write: str
) -> None:
    await world.break_next(write, "status", times=2)

    first = await world.run(CREATE_DISCOUNT_CODE, request())
    second = await world.run(CREATE_DISCOUNT_CODE, request())

    assert first.status is Status.UNKNOWN
    assert second.status is Status.SUCCEEDED
    assert len(await promotions(world)) == 1


async def test_a_look_that_reads_nothing_does_not_say_that_nothing_is_there(world: World) -> None:
    await world.break_next(CODES, "status", times=2, after=True)
    await world.break_next("GET promotions/*/codes", "status", times=99)
    first = await world.run(CREATE_DISCOUNT_CODE, request())

    second = await world.run(CREATE_DISCOUNT_CODE, request())
    await world.heal()
    third = await world.run(CREATE_DISCOUNT_CODE, request())

    assert [first.status, second.status] == [Status.UNKNOWN, Status.UNKNOWN]
    assert third.status is Status.SUCCEEDED
    assert len(await promotions(world)) == 1


async def test_a_promotion_that_was_made_twice_is_left_once(world: World) -> None:
    # The first arrives so late that the look after it does not see it.
    await world.break_next("POST promotions", "drop_after")
    await world.break_next("GET promotions", "html", status=502, times=99)
    await world.run(CREATE_DISCOUNT_CODE, request(), waits=(0,))
    await world.heal()
    twice = NewPromotion.model_validate(
        {"name": NAME, "type": CouponType.PERCENTAGE, "amount": "10", "currency": "*"}
    )
    await world.store.promotions.create(twice)

    first = await world.run(CREATE_DISCOUNT_CODE, request())
    second = await world.run(CREATE_DISCOUNT_CODE, request())

    assert (first.status, second.status) == (Status.SUCCEEDED, Status.SUCCEEDED)
    (promotion,) = await promotions(world)
    assert len(promotion["codes"]) == 1


async def test_a_taken_code_makes_no_promotion(world: World) -> None:
    await take_the_code(world)

    with pytest.raises(RuleBroken) as broken:
        await CREATE_DISCOUNT_CODE.review(request(), world.store)
    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert broken.value.field == "code"
    assert outcome.status is Status.REJECTED
    assert outcome.message == "The code SORRY10 is already taken. Choose another one."
    assert await promotions(world) == []


async def test_a_refused_code_takes_its_promotion_along(world: World) -> None:
    refusal = {"errors": [{"status": 422, "title": "code is invalid."}]}
    await world.break_next(CODES, "status", status=422, body=refusal)

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert outcome.status is Status.REJECTED
    assert outcome.message == "Nothing was created: BigCommerce said no. code is invalid."
    assert await promotions(world) == []


async def test_a_clean_up_whose_answer_is_lost_is_repeated(world: World) -> None:
    await world.break_next(CODES, "status", status=422)
    await world.break_next("DELETE *", "drop_after")

    outcome = await world.run(CREATE_DISCOUNT_CODE, request())

    assert outcome.status is Status.REJECTED
    assert await promotions(world) == []


async def test_a_clean_up_in_vain_is_said_and_made_up_for_by_check_again(world: World) -> None:
    await world.break_next(CODES, "status", status=422, times=2)
    await world.break_next("DELETE *", "status", times=99)

    first = await world.run(CREATE_DISCOUNT_CODE, request())
    left = await promotions(world)
    await world.heal()
    await world.break_next(CODES, "status", status=422)
    second = await world.run(CREATE_DISCOUNT_CODE, request())

    assert first.status is Status.UNKNOWN
    assert f"left in BigCommerce under the name “{NAME}”" in first.message
    assert len(left) == 1
    assert second.status is Status.REJECTED
    assert await promotions(world) == []


async def test_a_refused_promotion_leaves_nothing(world: World) -> None:
    await world.set(paid_in=["USD"])

    outcome = await world.run(
        CREATE_DISCOUNT_CODE, request(type=CouponType.FIXED_AMOUNT, currency="EUR")
    )

    assert outcome.status is Status.REJECTED
    assert "currency_code is not a transactional currency." in outcome.message
    assert await promotions(world) == []


async def test_a_currency_that_is_no_longer_sold_in_is_told_at_its_field(world: World) -> None:
    await world.set(paid_in=["USD"])

    with pytest.raises(RuleBroken) as broken:
        await CREATE_DISCOUNT_CODE.review(
            request(type=CouponType.FIXED_AMOUNT, currency="EUR"), world.store
        )

    assert broken.value.field == "currency"


async def test_a_product_that_is_gone_is_told_at_its_field(world: World) -> None:
    with pytest.raises(RuleBroken) as broken:
        await CREATE_DISCOUNT_CODE.review(request(product_ids=(999_999,)), world.store)

    assert broken.value.field == "product_ids"


async def test_the_review_needs_the_store(world: World) -> None:
    await world.break_next("GET *", "status", times=99)

    with pytest.raises(BigCommerceError):
        await CREATE_DISCOUNT_CODE.review(request(), world.store)
