"""The request of a discount code: what it gives, on what, when and how often."""

from __future__ import annotations

import re
from decimal import Decimal

from pydantic import AwareDatetime, Field, ValidationInfo, field_validator

from bot.actions.action import ActionRequest
from bot.bigcommerce.coupons import CouponType
from bot.bigcommerce.promotions import EVERY_CURRENCY, Stacking
from bot.values.marks import code_name
from bot.values.parsing import AMOUNT_LIMIT, NotUnderstood

CODE_LIMIT = 50
MOST_USES = 100_000
LEAST_CEILING = 1  # promotions.v3: MaximumAllowedDiscountAmount
_CODE = re.compile(r"[A-Za-z0-9_ -]+")


class CreateDiscountCode(ActionRequest):
    """Create this code. `value` is money in `currency`, percent, or nothing, by `type`.

    `category_ids` and `product_ids` empty mean the whole catalogue. `expires_at` None means never;
    its offset is the store's. 0 uses mean no limit. `currency` "" is the store's own, and
    EVERY_CURRENCY all of them. `channel_id` None means every channel. `ceiling` is the most that a
    percentage takes off one order, None for no such limit. `as_coupon`: made as a coupon, which
    people can edit in the control panel, and not as a promotion; `stacking` is the promotion's.
    `order_id` is the order that the code makes good, if there is one.
    """

    code: str
    type: CouponType
    value: Decimal
    as_coupon: bool = False
    category_ids: tuple[int, ...] = ()
    product_ids: tuple[int, ...] = ()
    expires_at: AwareDatetime | None = None
    max_uses: int = Field(default=0, ge=0, le=MOST_USES)
    max_uses_per_customer: int = Field(default=0, ge=0, le=MOST_USES)
    minimum_spend: Decimal | None = None
    currency: str = ""
    channel_id: int | None = None
    channel_name: str = ""
    ceiling: Decimal | None = None
    stacking: Stacking = Stacking.TOGETHER

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
        kind = info.data.get("type")
        if kind is CouponType.FREE_SHIPPING:
            return Decimal(0)
        _check_amount(value)
        if kind is CouponType.PERCENTAGE and value > 100:
            raise NotUnderstood("A percentage cannot be above 100.")
        return value

    @field_validator("category_ids")
    @classmethod
    def _check_categories(
        cls, category_ids: tuple[int, ...], info: ValidationInfo
    ) -> tuple[int, ...]:
        _check_items(category_ids, info)
        return category_ids

    @field_validator("product_ids")
    @classmethod
    def _check_products(cls, product_ids: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        _check_items(product_ids, info)
        if product_ids and info.data.get("category_ids"):
            raise NotUnderstood("Choose categories or products, not both.")
        return product_ids

    @field_validator("max_uses_per_customer")
    @classmethod
    def _check_uses(cls, uses: int, info: ValidationInfo) -> int:
        if uses > (info.data.get("max_uses") or MOST_USES):
            raise NotUnderstood("That is more often than the code can be used at all.")
        return uses

    @field_validator("minimum_spend")
    @classmethod
    def _check_spend(cls, amount: Decimal | None) -> Decimal | None:
        if amount is not None:
            _check_amount(amount)
        return amount

    @field_validator("currency")
    @classmethod
    def _check_currency(cls, currency: str, info: ValidationInfo) -> str:
        is_money = info.data.get("type") is CouponType.FIXED_AMOUNT
        if currency == EVERY_CURRENCY and (is_money or info.data.get("minimum_spend")):
            raise NotUnderstood("An amount of money needs one currency. Choose it.")
        return currency

    @field_validator("ceiling")
    @classmethod
    def _check_ceiling(cls, ceiling: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if ceiling is None or info.data.get("type") is not CouponType.PERCENTAGE:
            return None  # an amount is its own ceiling, and free shipping has no place for one
        if info.data.get("as_coupon"):
            raise NotUnderstood(f"{AS_COUPON} has no such limit. Leave this empty.")
        _check_amount(ceiling)
        if ceiling < LEAST_CEILING:
            raise NotUnderstood(f"The least that BigCommerce takes here is {LEAST_CEILING}.")
        if info.data.get("currency") == EVERY_CURRENCY:
            raise NotUnderstood("An amount of money needs one currency. Choose it.")
        return ceiling

    @field_validator("channel_id")
    @classmethod
    def _check_channel(cls, channel_id: int | None, info: ValidationInfo) -> int | None:
        if channel_id is not None and info.data.get("as_coupon"):
            raise NotUnderstood(f"{AS_COUPON} works in every storefront. Choose that.")
        return channel_id

    @property
    def names_money(self) -> bool:
        """Whether it holds an amount of money, so that it needs one currency."""
        return (
            self.type is CouponType.FIXED_AMOUNT
            or self.minimum_spend is not None
            or self.ceiling is not None
        )

    def name(self, reference: str) -> str:
        """Return the label that BigCommerce keeps it under: unique, for it holds the reference."""
        return code_name(reference, self.code)


NO_ITEMS = "Free shipping is for the order as a whole. Leave this empty."
AS_COUPON = "A code that can be edited in the control panel"


def _check_items(ids: tuple[int, ...], info: ValidationInfo) -> None:
    kind = info.data.get("type")
    if ids and kind is CouponType.FREE_SHIPPING:
        raise NotUnderstood(NO_ITEMS)
    # Whether a coupon's amount off the total is then taken off these items is not documented.
    if ids and kind is CouponType.FIXED_AMOUNT and info.data.get("as_coupon"):
        raise NotUnderstood(f"{AS_COUPON} takes an amount off the order. Leave this empty.")


def _check_amount(value: Decimal) -> None:
    if not value.is_finite() or value <= 0:
        raise NotUnderstood("The value must be above 0.")
    if value >= AMOUNT_LIMIT:
        raise NotUnderstood(f"The value must be below {AMOUNT_LIMIT:,.0f}.")
    if value != round(value, 2):
        raise NotUnderstood("Use at most two decimals.")
