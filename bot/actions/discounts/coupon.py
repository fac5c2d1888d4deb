"""Creating a code as a coupon: one write, which its unique name keeps from happening twice."""

from __future__ import annotations

from bot.actions.action import Attempt
from bot.actions.discounts.code_state import look_for
from bot.actions.discounts.difference import coupon_difference
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.discounts.take_back import end_of, not_in_time
from bot.actions.writing import Write, Written, write_once
from bot.bigcommerce.coupons import Coupon, NewCoupon
from bot.bigcommerce.models import Store
from bot.bigcommerce.promotions import Promotion
from bot.values.outcome import Outcome


async def create_coupon(
    request: CreateDiscountCode, attempt: Attempt, shop: Store
) -> Written[Coupon | Promotion] | Outcome:
    """Create the coupon unless the store has the code under this reference's name."""
    store, name = attempt.store, request.name(attempt.reference)
    asked = coupon_of(request, name)

    async def send() -> Coupon | Promotion:
        return await store.coupons.create(asked)

    def differs(there: Coupon | Promotion) -> str:
        if isinstance(there, Promotion):
            return "a promotion instead of a coupon"
        return coupon_difference(asked, there, shop.timezone_name)

    write = Write(
        look=lambda: look_for(store, name),
        send=send,
        differs=differs,
        is_repeatable=True,
        prepare=lambda: not_in_time(request),
    )
    written = await write_once(write, attempt)
    if isinstance(written, Outcome):
        return written
    return await end_of(written, request, attempt) or written


def coupon_of(request: CreateDiscountCode, name: str) -> NewCoupon:
    """Return the request as a coupon."""
    return NewCoupon(
        name=name,
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
