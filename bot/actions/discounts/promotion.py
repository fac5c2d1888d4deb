"""Creating a code as a coupon promotion: two writes, and no half of it left behind unsaid.

The promotion's name holds the reference. Whoever runs the reference next, after a crash or by Check
again, finds by it what there is: a promotion with its code is done, one without gets its code, and
where the code cannot be had the promotion is deleted.
"""

from __future__ import annotations

import dataclasses

from bot.actions.action import Attempt
from bot.actions.discounts.code_state import is_taken, look_for
from bot.actions.discounts.coupon import coupon_of
from bot.actions.discounts.difference import (
    code_difference,
    coupon_difference,
    promotion_difference,
)
from bot.actions.discounts.outcomes import code_half_done, code_taken, code_unknown
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.discounts.take_back import end_of, not_in_time, refused, remove_promotions
from bot.actions.failures import heard, nothing_changed
from bot.actions.writing import End, Write, Written, write_once
from bot.bigcommerce.coupons import Coupon
from bot.bigcommerce.http.errors import BigCommerceError, Refused
from bot.bigcommerce.models import Store
from bot.bigcommerce.promotions import EVERY_CURRENCY, NewPromotion, Promotion, PromotionCode
from bot.values.outcome import Outcome


async def create_promotion(
    request: CreateDiscountCode, attempt: Attempt, shop: Store
) -> Written[Coupon | Promotion] | Outcome:
    """Create the promotion and its code unless the store has them under this reference's name."""
    made = await _write_promotion(request, attempt, shop)
    # Up to 0.1.0 ordinary codes were coupons: one whose end was not told is found as that.
    if isinstance(made, Outcome) or not isinstance(made.value, Promotion):
        return made
    promotion = made.value
    code = await _write_code(promotion, request, attempt)
    if isinstance(code, Outcome):
        return code
    await remove_promotions(request, attempt, keep=promotion.id)
    return dataclasses.replace(made, was_there=made.was_there and code.was_there)


async def _write_promotion(
    request: CreateDiscountCode, attempt: Attempt, shop: Store
) -> Written[Coupon | Promotion] | Outcome:
    store, name = attempt.store, request.name(attempt.reference)
    asked = promotion_of(request, name, shop.default_currency)

    async def send() -> Coupon | Promotion:
        made = await store.promotions.create(asked)
        # The code is given to whatever has this number, so it is held against the name first.
        return await store.promotions.get(made.id, name)

    def differs(there: Coupon | Promotion) -> str:
        if isinstance(there, Coupon):
            return coupon_difference(coupon_of(request, name), there, shop.timezone_name)
        return promotion_difference(asked, there, shop.timezone_name)

    async def prepare() -> Outcome | None:
        try:
            if await is_taken(store, request.code):
                return code_taken(request)
        except BigCommerceError as error:
            return nothing_changed(error)
        return await not_in_time(request)

    write = Write(
        look=lambda: look_for(store, name),
        send=send,
        differs=differs,
        is_repeatable=True,
        prepare=prepare,
    )
    written = await write_once(write, attempt)
    if isinstance(written, Outcome):
        return written
    return await end_of(written, request, attempt) or written


async def _write_code(
    promotion: Promotion, request: CreateDiscountCode, attempt: Attempt
) -> Written[PromotionCode] | Outcome:
    """Give the promotion its code; where it cannot have it the promotion is deleted."""
    store = attempt.store
    asked = PromotionCode(
        id=0,
        code=request.code,
        max_uses=request.max_uses,
        max_uses_per_customer=request.max_uses_per_customer,
    )

    async def look() -> PromotionCode | None:
        return next(iter(await store.promotions.codes(promotion.id)), None)

    write = Write(
        look=look,
        send=lambda: store.promotions.create_code(
            promotion.id,
            asked.code,
            max_uses=asked.max_uses,
            max_uses_per_customer=asked.max_uses_per_customer,
        ),
        differs=lambda there: code_difference(asked, there),
        is_repeatable=True,
        prepare=lambda: not_in_time(request),
    )
    written = await write_once(write, attempt)
    if isinstance(written, Outcome):
        return await _give_up(written, request, attempt)
    match written.end:
        case End.DONE:
            return written
        case End.DIFFERENT:
            return await end_of(written, request, attempt) or written
    error, is_over = written.error, await not_in_time(request)
    if is_over is not None:
        return await _give_up(is_over, request, attempt)
    if isinstance(error, Refused):
        # The code may have been sent before; a promotion that is deleted cannot get it any more.
        if not await remove_promotions(request, attempt):
            return code_half_done(request, attempt, heard(error))
        return await refused(error, request, attempt)
    if written.end is End.NOTHING:
        return code_half_done(request, attempt, heard(error))
    return code_unknown(request, error)


async def _give_up(outcome: Outcome, request: CreateDiscountCode, attempt: Attempt) -> Outcome:
    """Delete a promotion that a rule keeps from getting its code now."""
    if await remove_promotions(request, attempt):
        return outcome
    return code_half_done(request, attempt, outcome.message)


def promotion_of(request: CreateDiscountCode, name: str, default_currency: str) -> NewPromotion:
    """Return the request as a promotion."""
    return NewPromotion(
        name=name,
        type=request.type,
        amount=request.value,
        ceiling=request.ceiling,
        currency=_currency(request, default_currency),
        channel_id=request.channel_id,
        category_ids=request.category_ids,
        product_ids=request.product_ids,
        expires_at=request.expires_at,
        max_uses=request.max_uses,
        minimum_spend=request.minimum_spend,
        stacking=request.stacking,
    )


def _currency(request: CreateDiscountCode, default_currency: str) -> str:
    if request.currency:
        return request.currency
    return default_currency if request.names_money else EVERY_CURRENCY
