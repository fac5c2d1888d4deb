"""Creating a code as a coupon: one write, which its unique name keeps from happening twice."""

from __future__ import annotations

from bot.actions.base import Attempt
from bot.actions.discount_outcomes import code_taken, unknown
from bot.actions.discount_request import CreateDiscountCode
from bot.actions.failures import nothing_changed
from bot.actions.reading import read_until
from bot.bigcommerce import BigCommerceError, Conflict, NewCoupon, NoAnswer
from bot.outcome import Outcome

# A code is there or not: a few looks settle it, and writing it again cannot double it.
QUICK_LOOKS = 3


async def is_there(request: CreateDiscountCode, attempt: Attempt) -> bool:
    """Whether an earlier run of the reference made the coupon."""
    return await attempt.store.find_coupon(name=request.name(attempt.reference)) is not None


async def create_coupon(request: CreateDiscountCode, attempt: Attempt) -> Outcome | None:
    """Create the coupon, sending it twice at most; None means that it is there."""
    coupon = NewCoupon(
        name=request.name(attempt.reference),
        code=request.code,
        type=request.type,
        amount=request.value,
        category_ids=request.category_ids,
        product_ids=request.product_ids,
        expires_at=request.expires_at,
        max_uses=request.max_uses,
        max_uses_per_customer=request.max_uses_per_customer,
        minimum_spend=request.minimum_spend,
    )
    is_lost = False
    for _ in range(2):
        try:
            await attempt.store.create_coupon(coupon)
        except NoAnswer:
            is_lost = True
            if await _is_ours(request, attempt):
                return None
        except BigCommerceError as error:
            return await _settle_refusal(error, request, attempt, is_lost=is_lost)
        else:
            return None
    return unknown(request)


async def _settle_refusal(
    error: BigCommerceError, request: CreateDiscountCode, attempt: Attempt, *, is_lost: bool
) -> Outcome | None:
    """Tell what a no means; after a lost answer the code may be there, put there by ourselves."""
    if is_lost and await _is_ours(request, attempt):
        return None
    if isinstance(error, Conflict):
        return code_taken(request)
    return unknown(request) if is_lost else nothing_changed(error)


async def _is_ours(request: CreateDiscountCode, attempt: Attempt) -> bool:
    """Whether the store has the code under this request's name, soon after the write."""
    found = await read_until(
        attempt.settle_waits[:QUICK_LOOKS],
        lambda: attempt.store.find_coupon(code=request.code),
        lambda coupon: coupon is not None,
    )
    return found is not None and found.name == request.name(attempt.reference)
