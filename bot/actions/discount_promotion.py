"""Creating a code as a coupon promotion: two writes, and no half of it left behind unsaid.

The promotion's name holds the reference. Whoever runs the reference next, after a crash or by Check
again, finds by it what there is: a promotion with its code is done, one without gets its code, and
where the code cannot be had the promotion is deleted.
"""

from __future__ import annotations

from bot.actions.base import Attempt, RuleBroken
from bot.actions.discount_coupon import QUICK_LOOKS
from bot.actions.discount_outcomes import code_taken, half_done, unknown
from bot.actions.discount_request import CreateDiscountCode
from bot.actions.failures import nothing_changed, rejected, sentence
from bot.actions.reading import read_until, together
from bot.bigcommerce import (
    EVERY_CURRENCY,
    BigCommerceClient,
    BigCommerceError,
    CouponType,
    NewPromotion,
    NoAnswer,
    Promotion,
)
from bot.outcome import Outcome


async def find_promotion(request: CreateDiscountCode, attempt: Attempt) -> Promotion | None:
    """Return the promotion that an earlier run made: the one with the code if there are two."""
    found = await attempt.store.find_promotions(request.name(attempt.reference))
    for promotion in found:
        if await has_code(promotion, request, attempt):
            return promotion
    return found[0] if found else None


async def has_code(promotion: Promotion, request: CreateDiscountCode, attempt: Attempt) -> bool:
    """Whether the promotion has its code."""
    codes = await attempt.store.get_promotion_codes(promotion.id)
    return any(each.code.casefold() == request.code.casefold() for each in codes)


async def create_promotion(
    request: CreateDiscountCode, attempt: Attempt, default_currency: str
) -> Outcome | None:
    """Create the promotion and its code; None means that the code is there."""
    made = await _create(request, attempt, default_currency)
    return made if isinstance(made, Outcome) else await finish_promotion(made, request, attempt)


async def finish_promotion(
    promotion: Promotion, request: CreateDiscountCode, attempt: Attempt
) -> Outcome | None:
    """Give the promotion its code, or delete it; None means that the code is there."""
    is_lost = False
    for _ in range(2):
        try:
            await attempt.store.create_promotion_code(
                promotion.id,
                request.code,
                max_uses=request.max_uses,
                max_uses_per_customer=request.max_uses_per_customer,
            )
        except NoAnswer:
            is_lost = True
            if await _is_soon_there(promotion, request, attempt):
                return None
        except BigCommerceError as error:
            there = await _is_soon_there(promotion, request, attempt) if is_lost else False
            if there is None:
                return unknown(request)
            return None if there else await _take_back(request, attempt, error)
        else:
            return None
    return unknown(request)


async def give_up(broken: RuleBroken, request: CreateDiscountCode, attempt: Attempt) -> Outcome:
    """Delete a promotion that a rule keeps from getting its code now."""
    if await remove_others(request, attempt):
        return rejected(broken)
    return half_done(request, attempt, broken.text)


async def is_taken(store: BigCommerceClient, code: str) -> bool:
    """Whether a coupon or a promotion has the code."""
    async with together() as group:
        coupon = group.create_task(store.find_coupon(code=code))
        of_promotion = group.create_task(store.find_promotion_code(code))
    return coupon.result() is not None or of_promotion.result() is not None


async def _create(
    request: CreateDiscountCode, attempt: Attempt, default_currency: str
) -> Promotion | Outcome:
    new = NewPromotion(
        name=request.name(attempt.reference),
        type=request.type,
        amount=request.value,
        currency=_currency(request, default_currency),
        channel_id=request.channel_id,
        category_ids=request.category_ids,
        product_ids=request.product_ids,
        expires_at=request.expires_at,
        max_uses=request.max_uses,
        minimum_spend=request.minimum_spend,
    )
    is_lost = False
    for _ in range(2):
        try:
            return await attempt.store.create_promotion(new)
        except NoAnswer:
            is_lost = True
            found = await _look_for(request, attempt)
            if found:
                return found[0]
        except BigCommerceError as error:
            return unknown(request) if is_lost else nothing_changed(error)
    return unknown(request)


async def _look_for(request: CreateDiscountCode, attempt: Attempt) -> list[Promotion]:
    found = await read_until(
        attempt.settle_waits[:QUICK_LOOKS],
        lambda: attempt.store.find_promotions(request.name(attempt.reference)),
        bool,
    )
    return found or []


async def _is_soon_there(
    promotion: Promotion, request: CreateDiscountCode, attempt: Attempt
) -> bool | None:
    """Whether the promotion has the code, soon after the write; None when it cannot be read."""
    return await read_until(
        attempt.settle_waits[:QUICK_LOOKS],
        lambda: has_code(promotion, request, attempt),
        bool,
    )


async def remove_others(
    request: CreateDiscountCode, attempt: Attempt, *, keep: int | None = None
) -> bool:
    """Delete the request's promotions but the one to keep; False when that did not succeed.

    There is more than one where the answer to a first write was lost and it arrived late.
    """

    async def sweep() -> bool:
        for promotion in await attempt.store.find_promotions(request.name(attempt.reference)):
            if promotion.id != keep:
                await attempt.store.delete_promotion(promotion.id)
        return True

    return bool(await read_until(attempt.settle_waits[:QUICK_LOOKS], sweep, bool))


async def _take_back(
    request: CreateDiscountCode, attempt: Attempt, error: BigCommerceError
) -> Outcome:
    """Delete the promotion whose code was refused, and tell why."""
    if not await remove_others(request, attempt):
        return half_done(request, attempt, sentence(error.reason))
    try:
        if await is_taken(attempt.store, request.code):
            return code_taken(request)
    except BigCommerceError:
        pass  # what was said first is all there is to tell
    return nothing_changed(error)


def _currency(request: CreateDiscountCode, default_currency: str) -> str:
    if request.currency:
        return request.currency
    # A channel was chosen in a store with one currency.
    return default_currency if _names_money(request) else EVERY_CURRENCY


def _names_money(request: CreateDiscountCode) -> bool:
    return request.type is CouponType.FIXED_AMOUNT or request.minimum_spend is not None
