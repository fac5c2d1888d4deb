"""Whether a code was used, and switching it off: for both kinds, once or twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.actions.discounts.code_state import CodeState, describe_state, find_code
from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.discounts.switch_off_code import SWITCH_OFF_CODE, SwitchOffCode
from bot.bigcommerce.coupons import CouponType, NewCoupon
from bot.values.outcome import Outcome, Status
from tests.bot.actions.world import REFERENCE, World

NAME = f"Makegood {REFERENCE} SORRY10"
KINDS = pytest.mark.parametrize("currency", ["", "*"], ids=["coupon", "promotion"])
OFF = SwitchOffCode(code="SORRY10", name=NAME, creation=REFERENCE)


async def create(world: World, currency: str, **fields: Any) -> None:
    kept = {
        "code": "SORRY10",
        "type": CouponType.PERCENTAGE,
        "value": "10",
        "currency": currency,
        "as_coupon": not currency,
    }
    outcome = await world.run(
        CREATE_DISCOUNT_CODE, CreateDiscountCode.model_validate(kept | fields)
    )
    assert outcome.status is Status.SUCCEEDED


async def switch_off(world: World, reference: str = "MG-2222-2222") -> Outcome:
    return await world.run(SWITCH_OFF_CODE, OFF, reference=reference)


async def state(world: World) -> CodeState | None:
    return await find_code(world.store, NAME, "SORRY10")


async def use(world: World, uses: int) -> None:
    await world.post("uses", {"code": "SORRY10", "uses": uses})


@KINDS
async def test_a_code_is_switched_off_and_keeps_everything_else(
    world: World, currency: str
) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=5)
    await create(world, currency, max_uses=3, expires_at=ends, category_ids=(21,))
    await use(world, 1)
    before = await state(world)

    outcome = await switch_off(world)

    after = await state(world)
    assert before is not None
    assert after is not None
    assert (before.is_on, after.is_on) == (True, False)
    assert (after.uses, after.max_uses, after.expires_at) == (1, 3, ends)
    assert outcome.status is Status.SUCCEEDED
    assert outcome.message == (
        "Discount code SORRY10 is switched off: nobody can use it any more. It was used once "
        "(of at most 3)."
    )
    assert outcome.changes[0].after == "off"
    if not currency:
        (coupon,) = (await world.books())["coupons"]
        assert coupon["applies_to"] == {"entity": "categories", "ids": [21]}


@KINDS
async def test_switching_off_twice_does_no_harm(world: World, currency: str) -> None:
    await create(world, currency)
    await switch_off(world)

    outcome = await switch_off(world, "MG-3333-3333")

    assert outcome.status is Status.SUCCEEDED
    assert "switched off already" in outcome.message
    assert outcome.changes == ()


@KINDS
@pytest.mark.parametrize("after", [True, False])
async def test_a_lost_answer_is_settled_by_reading(
    world: World, currency: str, after: bool
) -> None:
    await create(world, currency)
    await world.break_next("PUT *", "status", times=9, after=after)

    first = await switch_off(world)
    await world.heal()
    second = await switch_off(world)

    assert first.status is (Status.SUCCEEDED if after else Status.UNKNOWN)
    assert second.status is Status.SUCCEEDED


async def test_a_code_of_the_same_letters_is_nobody_elses_business(world: World) -> None:
    other = {"name": "Autumn", "code": "SORRY10", "type": CouponType.PERCENTAGE, "amount": "5"}
    made = await world.store.coupons.create(NewCoupon.model_validate(other))

    outcome = await switch_off(world)

    assert outcome.status is Status.REJECTED
    assert await world.store.coupons.find(code="SORRY10") == made
    assert outcome.message == (
        "Discount code SORRY10 was not switched off: BigCommerce shows no such code under "
        "Makegood's name."
    )


async def test_a_store_that_is_down_changes_nothing(world: World) -> None:
    await create(world, "")
    await world.break_next("GET *", "drop_before", times=99)

    outcome = await switch_off(world)

    assert outcome.status is not Status.SUCCEEDED
    await world.heal()
    found = await state(world)
    assert found is not None
    assert found.is_on


async def test_a_refusal_says_that_the_code_was_not_changed(world: World) -> None:
    await create(world, "")
    await world.break_next("PUT *", "status", status=400, body=[{"status": 400, "message": "No."}])

    outcome = await switch_off(world)

    assert outcome.status is Status.REJECTED
    assert outcome.message == ("Discount code SORRY10 was not changed: BigCommerce said no. No.")


@KINDS
@pytest.mark.parametrize(
    ("fields", "uses", "said"),
    [
        ({}, 0, "The code SORRY10 has not been used yet. It still works, and never expires."),
        ({"max_uses": 2}, 1, "The code SORRY10 was used once (of at most 2). It still works"),
        ({"max_uses": 2}, 2, "The code SORRY10 was used twice (of at most 2). It is used up."),
        ({}, 7, "The code SORRY10 was used 7 times. It still works"),
    ],
)
async def test_whether_it_was_used(
    world: World, currency: str, fields: dict[str, Any], uses: int, said: str
) -> None:
    await create(world, currency, **fields)
    await use(world, uses)

    assert describe_state(await state(world), "SORRY10", "UTC").startswith(said)


@KINDS
async def test_an_expired_code_says_when(world: World, currency: str) -> None:
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    await create(world, currency, expires_at=soon)
    found = await state(world)
    assert found is not None

    still = describe_state(found, "SORRY10", "UTC")
    over = CodeState(**{**_fields(found), "expires_at": soon - timedelta(days=2)})

    assert "It still works, until" in still
    assert "It expired on" in describe_state(over, "SORRY10", "UTC")


def _fields(found: CodeState) -> dict[str, Any]:
    return {name: getattr(found, name) for name in CodeState.__dataclass_fields__}
