"""Create a discount code that works at once: a V2 coupon in the store's default currency."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, ValidationInfo, field_validator

from bot.actions.base import Action, ActionRequest, Attempt, Review
from bot.actions.typed import AMOUNT_LIMIT, NotUnderstood
from bot.bigcommerce import BigCommerceClient, CouponType
from bot.outcome import Outcome

CODE_LIMIT = 50
_CODE = re.compile(r"[A-Za-z0-9_ -]+")


class CreateDiscountCode(ActionRequest):
    """Create this code. `value` is money in the store's default currency, or percent, by `type`.

    `category_ids` empty means the whole catalogue. `expires_at` None means never; its offset is
    the store's. `order_id` is the order that the code makes good, if there is one.
    """

    code: str
    type: CouponType
    value: Decimal
    category_ids: tuple[int, ...] = ()
    expires_at: AwareDatetime | None = None

    @field_validator("code")
    @classmethod
    def _check_code(cls, code: str) -> str:
        code = code.strip()
        if not code:
            raise NotUnderstood("Type the code that the customer will enter.")
        if len(code) > CODE_LIMIT:
            raise NotUnderstood(f"A code has at most {CODE_LIMIT} characters.")
        if not _CODE.fullmatch(code):
            raise NotUnderstood(
                "A code may hold the letters A to Z, digits, spaces, hyphens and underscores."
            )
        return code

    @field_validator("value")
    @classmethod
    def _check_value(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        if not value.is_finite() or value <= 0:
            raise NotUnderstood("The value must be above 0.")
        if info.data.get("type") is CouponType.PERCENTAGE and value > 100:
            raise NotUnderstood("A percentage cannot be above 100.")
        if value >= AMOUNT_LIMIT:
            raise NotUnderstood(f"The value must be below {AMOUNT_LIMIT:,.0f}.")
        if value != round(value, 2):
            raise NotUnderstood("Use at most two decimals.")
        return value


def end_of_day(day: date, timezone_name: str) -> datetime:
    """Return the day's last second in the time zone, aware, with that zone's offset.

    It is not turned into UTC: should BigCommerce keep the date only, it keeps the right one.
    """
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(timezone_name))


async def review_create_discount_code(
    request: CreateDiscountCode, store: BigCommerceClient
) -> Review:
    """Tell what the code will do."""
    raise NotImplementedError


async def create_discount_code(request: CreateDiscountCode, attempt: Attempt) -> Outcome:
    """Create it."""
    raise NotImplementedError


CREATE_DISCOUNT_CODE = Action(
    name="create_discount_code",
    title="Discount code",
    request_type=CreateDiscountCode,
    review=review_create_discount_code,
    run=create_discount_code,
)
