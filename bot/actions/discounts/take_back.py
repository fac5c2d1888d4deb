"""What the end of a code's write means, and taking back what is not as it was asked for.

A code that gives something else than was asked must not work. What this very run has sent nobody
knows yet, so it is switched off and deleted. What was there before may be in a customer's hands, or
have been changed on purpose: that is left to people.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from bot.actions.action import Attempt, RuleBroken
from bot.actions.discounts.code_state import is_on, is_taken, look_for, switch_code_off
from bot.actions.discounts.outcomes import (
    code_half_done,
    code_taken,
    code_unknown,
    stands_differently,
    taken_back,
)
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.failures import nothing_changed, rejected
from bot.actions.reading import read_until
from bot.actions.writing import QUICK_LOOKS, End, T, Written
from bot.bigcommerce.coupons import Coupon
from bot.bigcommerce.http.errors import (
    BigCommerceError,
    MissingScope,
    NotAuthorised,
    NotFound,
    RateLimited,
    Refused,
)
from bot.bigcommerce.promotions import Promotion
from bot.values.outcome import Outcome

logger = logging.getLogger(__name__)


def check_expiry(request: CreateDiscountCode) -> None:
    """Raise RuleBroken when the code would be over before it is made."""
    if request.expires_at is not None and request.expires_at <= datetime.now(UTC):
        raise RuleBroken("expires_at", "That day is over. Choose a later one.")


async def not_in_time(request: CreateDiscountCode) -> Outcome | None:
    """Return the outcome for a code whose end is over, None for any other."""
    try:
        check_expiry(request)
    except RuleBroken as broken:
        return rejected(broken)
    return None


async def end_of(
    written: Written[T], request: CreateDiscountCode, attempt: Attempt
) -> Outcome | None:
    """Return what the end of a write means for the code, None when the store has it as asked."""
    match written.end:
        case End.DONE:
            return None
        case End.DIFFERENT:
            return await _take_back(written, request, attempt)
        case End.NOTHING if written.error is not None:
            return await refused(written.error, request, attempt)
    return code_unknown(request, written.error)


async def refused(
    error: BigCommerceError, request: CreateDiscountCode, attempt: Attempt
) -> Outcome:
    """Return what a no means: that the code is taken, or what BigCommerce said."""
    no_use = (NotAuthorised, MissingScope, RateLimited)
    if isinstance(error, Refused) and not isinstance(error, no_use):
        try:
            if await is_taken(attempt.store, request.code):
                return code_taken(request)
        except BigCommerceError:
            pass  # what was said first is all there is to tell
    return nothing_changed(error)


async def remove_promotions(
    request: CreateDiscountCode, attempt: Attempt, *, keep: int | None = None
) -> bool:
    """Delete the request's promotions but the one to keep; False when that did not succeed.

    There is more than one where the answer to a first write was lost and it arrived late. Of two
    readings that agree: a number that is wrong would delete another promotion.
    """
    store, name = attempt.store, request.name(attempt.reference)

    async def sweep() -> bool:
        for promotion in await store.promotions.find(name):
            if promotion.id == keep:
                continue
            try:
                await store.promotions.get(promotion.id, name)
            except NotFound:
                continue
            await store.promotions.delete(promotion.id)
        return True

    return bool(await read_until(attempt.settle_waits[:QUICK_LOOKS], sweep, bool))


async def _take_back(written: Written[T], request: CreateDiscountCode, attempt: Attempt) -> Outcome:
    store, name, difference = attempt.store, request.name(attempt.reference), written.difference
    is_new, is_off = not written.was_there and not attempt.claimed, False
    try:
        held = await look_for(store, name)
        if isinstance(held, Promotion) and not await store.promotions.codes(held.id):
            return await _remove(request, attempt, difference)
        if held is not None and is_new:
            is_off = await _switch_off(held, attempt, name)
            if is_off and await _delete(held, request, attempt):
                return taken_back(request, difference)
    except BigCommerceError as error:
        logger.warning("a code was not taken back", extra={"error": str(error)})
    return stands_differently(request, name, difference, is_off=is_off)


async def _remove(request: CreateDiscountCode, attempt: Attempt, difference: str) -> Outcome:
    if await remove_promotions(request, attempt):
        return taken_back(request, difference)
    return code_half_done(request, attempt, f"BigCommerce has it with {difference}.")


async def _switch_off(held: Coupon | Promotion, attempt: Attempt, name: str) -> bool:
    """Switch it off, even where it seems to be; True only when the store shows that it is off."""
    await switch_code_off(attempt.store, held)

    async def is_off() -> bool:
        now = await look_for(attempt.store, name)
        return now is not None and now.id == held.id and not is_on(now)

    return bool(await read_until(attempt.settle_waits[:QUICK_LOOKS], is_off, bool))


async def _delete(held: Coupon | Promotion, request: CreateDiscountCode, attempt: Attempt) -> bool:
    """Delete what was switched off; True only when the store shows nothing of it any more.

    By then its number is sure: a promotion was read by it, and a coupon could be changed under a
    name that no other has.
    """
    store = attempt.store
    if isinstance(held, Promotion):
        for code in await store.promotions.codes(held.id):
            await store.promotions.delete_code(held.id, code.id)
        return await remove_promotions(request, attempt)
    await store.coupons.delete(held.id)
    return await look_for(store, held.name) is None
