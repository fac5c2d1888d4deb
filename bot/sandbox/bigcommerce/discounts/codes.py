"""Discount codes as the store keeps them: V2 coupons, and V3 promotions with their codes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from bot.sandbox.bigcommerce.refunds.payments import ZERO


class Coupon(BaseModel):
    """A V2 coupon; `expires` as it is written out, "" for never."""

    id: int
    name: str
    code: str
    type: str
    amount: Decimal
    min_purchase: Decimal = ZERO
    expires: str = ""
    enabled: bool = False
    entity: str = "categories"
    ids: list[int] = Field(default_factory=list)
    num_uses: int = 0
    max_uses: int = 0
    max_uses_per_customer: int = 0
    countries: str = ""
    shipping_methods: list[str] | None = None
    created_at: datetime


class PromotionCode(BaseModel):
    """A code of a coupon promotion (V3); 0 uses at most means without end."""

    id: int
    code: str
    max_uses: int = 0
    max_uses_per_customer: int = 0
    current_uses: int = 0
    created_at: datetime


class Promotion(BaseModel):
    """A coupon promotion (V3); times as they are written out, `end_date` None for never."""

    id: int
    name: str
    rules: list[dict[str, Any]]
    display_name: str = ""
    channels: list[int] = Field(default_factory=list)
    max_uses: int | None = None
    status: str = "ENABLED"
    start_date: str
    end_date: str | None = None
    stop: bool = False
    can_be_used_with_other_promotions: bool = True
    coupon_overrides_other_promotions: bool = False
    currency_code: str
    coupon_type: str = "SINGLE"
    codes: list[PromotionCode] = Field(default_factory=list)
