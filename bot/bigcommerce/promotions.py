"""Coupon promotions (V3): a promotion, then its code.

Source: the specification `promotions.v3`. A promotion without a code can be used by nobody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from bot.bigcommerce.coupons import CouponType, Object
from bot.bigcommerce.http.answers import data_of, hold_against, read_list, read_model
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.errors import NotFound
from bot.bigcommerce.http.fields import (
    Count,
    CountOrZero,
    Flag,
    Id,
    Many,
    MaybeMoment,
    Model,
    Text,
    Told,
    Word,
)
from bot.bigcommerce.http.paging import v3_pages
from bot.bigcommerce.http.wire_json import two_decimals

EVERY_CURRENCY = "*"
ENABLED, DISABLED = "ENABLED", "DISABLED"


class Stacking(StrEnum):
    """What becomes of a code where other promotions apply to the cart.

    TOGETHER: all apply that allow it. ALONE: the code does not apply. REPLACES: only it applies.
    """

    TOGETHER = "together"
    ALONE = "alone"
    REPLACES = "replaces"


class NewPromotion(Model):
    """What `POST /v3/promotions` is sent; `amount` is money or percent by `type`.

    `ceiling` is the most that a percentage takes off one order, None for no such limit. `currency`
    is EVERY_CURRENCY, or the one that the amounts are in. `channel_id` None means every channel.
    The rest is as in `NewCoupon`.
    """

    name: str
    type: CouponType
    amount: Decimal
    ceiling: Decimal | None = None
    currency: str
    channel_id: int | None = None
    category_ids: tuple[int, ...] = ()
    product_ids: tuple[int, ...] = ()
    expires_at: datetime | None = None
    max_uses: int = 0
    minimum_spend: Decimal | None = None
    stacking: Stacking = Stacking.TOGETHER


class PromotionChannel(Told):
    """A channel that a promotion is for."""

    id: Id


class Promotion(Told):
    """A promotion as BigCommerce has it; 0 uses at most and no channels mean that all go.

    `customer`, `schedule` and `shipping_address` narrow who can use it; the bot sets none of them.
    """

    id: Id
    name: Word
    redemption_type: Text = ""
    status: Literal["ENABLED", "DISABLED", "INVALID"]
    currency_code: Text = ""
    channels: Many[PromotionChannel] = ()
    rules: Many[dict[str, Any]] = ()
    max_uses: CountOrZero = 0
    start_date: MaybeMoment = None
    end_date: MaybeMoment = None
    can_be_used_with_other_promotions: Flag = True
    coupon_overrides_other_promotions: Flag = False
    customer: Object = Field(default_factory=dict)
    schedule: Object = Field(default_factory=dict)
    shipping_address: Object = Field(default_factory=dict)


class PromotionCode(Told):
    """A promotion's code; 0 uses at most means that there is no limit."""

    id: Id
    code: Word
    current_uses: Count = 0
    max_uses: Count = 0
    max_uses_per_customer: Count = 0


class Promotions(Resource):
    """Coupon promotions and their codes."""

    async def find(self, name: str, *, code: str = "") -> list[Promotion]:
        """Return the coupon promotions of exactly that name, oldest first.

        BigCommerce looks for the name, or for the code where one is given.
        """
        wanted = {"code": code} if code else {"name": name}
        call = self._api.read("/v3/promotions", {**wanted, "redemption_type": "coupon"})
        found = read_list(Promotion, call, await v3_pages(self._api, call))
        # Whether the filter also finds parts of a name is not documented.
        return sorted((row for row in found if row.name == name), key=lambda row: row.id)

    async def get(self, promotion_id: int, name: str) -> Promotion:
        """Return the promotion of that number and name.

        Raises WrongAnswer when the number has another name: what gave the number was not right, and
        nothing may be done by it.
        """
        call = self._api.read(f"/v3/promotions/{promotion_id}")
        found = data_of(call, await self._api.fetch(call))
        hold_against(call, found, "id", [promotion_id])
        hold_against(call, found, "name", [name])
        return read_model(Promotion, call, found)

    async def create(self, promotion: NewPromotion) -> Promotion:
        """Create the promotion, switched on; it needs a code before anybody can use it."""
        call = self._api.write("POST", "/v3/promotions", promotion_body(promotion))
        made = data_of(call, await self._api.fetch(call))
        hold_against(call, made, "name", [promotion.name])
        return read_model(Promotion, call, made)

    async def switch_off(self, promotion_id: int) -> Promotion:
        """Switch the promotion off; doing it twice does no harm."""
        path = f"/v3/promotions/{promotion_id}"
        call = self._api.write("PUT", path, {"status": DISABLED}, repeatable=True)
        changed = data_of(call, await self._api.fetch(call))
        hold_against(call, changed, "id", [promotion_id])
        return read_model(Promotion, call, changed)

    async def delete(self, promotion_id: int) -> None:
        """Delete a promotion that has no code; one that is gone already is no error."""
        path = f"/v3/promotions/{promotion_id}"
        await self._api.fetch(self._api.write("DELETE", path, None, repeatable=True))

    async def delete_code(self, promotion_id: int, code_id: int) -> None:
        """Delete a promotion's code; one that is gone already is no error."""
        path = f"/v3/promotions/{promotion_id}/codes/{code_id}"
        await self._api.fetch(self._api.write("DELETE", path, None, repeatable=True))

    async def codes(self, promotion_id: int) -> list[PromotionCode]:
        """Return the codes of a promotion, the first fifty: the bot's own have one."""
        call = self._api.read(f"/v3/promotions/{promotion_id}/codes", {"limit": "50"})
        return read_list(PromotionCode, call, data_of(call, await self._api.fetch(call)))

    async def find_code(self, code: str) -> PromotionCode | None:
        """Return the code, whichever promotion it belongs to; case does not count."""
        call = self._api.read("/v3/promotions/codes", {"code": code})
        try:
            answer = await self._api.fetch(call)
        except NotFound:  # only an empty list is documented; this says the same
            return None
        rows = read_list(PromotionCode, call, data_of(call, answer))
        return next((row for row in rows if row.code.casefold() == code.casefold()), None)

    async def create_code(
        self, promotion_id: int, code: str, *, max_uses: int, max_uses_per_customer: int
    ) -> PromotionCode:
        """Give the promotion its code, which works at once. Refused when the code is taken."""
        path = f"/v3/promotions/{promotion_id}/codes"
        body = {
            "code": code,
            "max_uses": max_uses,
            "max_uses_per_customer": max_uses_per_customer,
        }
        call = self._api.write("POST", path, body)
        made = data_of(call, await self._api.fetch(call))
        hold_against(call, made, "code", [code])
        return read_model(PromotionCode, call, made)


def promotion_body(promotion: NewPromotion) -> dict[str, Any]:
    """Return the body, switched on. The start is left to BigCommerce: its clock is what counts.

    Raises ValueError for a naive end.
    """
    rule: dict[str, Any] = {"apply_once": True, "stop": False, "action": _action(promotion)}
    if promotion.minimum_spend is not None:
        spend = f"{two_decimals(promotion.minimum_spend):f}"
        rule["condition"] = {"cart": {"minimum_spend": spend}}
    body: dict[str, Any] = {
        "name": promotion.name,
        "redemption_type": "COUPON",
        "coupon_type": "SINGLE",
        "currency_code": promotion.currency,
        "channels": [] if promotion.channel_id is None else [{"id": promotion.channel_id}],
        "status": ENABLED,
        "can_be_used_with_other_promotions": promotion.stacking is Stacking.TOGETHER,
        "rules": [rule],
    }
    if promotion.stacking is Stacking.REPLACES:  # refused beside promotions that go together
        body["coupon_overrides_other_promotions"] = True
    if promotion.max_uses:
        body["max_uses"] = promotion.max_uses
    if promotion.expires_at is not None:
        if promotion.expires_at.tzinfo is None:
            raise ValueError("expires_at must be aware")
        body["end_date"] = promotion.expires_at.astimezone(UTC).isoformat(timespec="seconds")
    return body


def _action(promotion: NewPromotion) -> dict[str, Any]:
    if promotion.type is CouponType.FREE_SHIPPING:
        return {"shipping": {"free_shipping": True, "zone_ids": "*"}}
    amount = f"{two_decimals(promotion.amount):f}"
    is_percentage = promotion.type is CouponType.PERCENTAGE
    how_much: dict[str, Any] = {
        "discount": {"percentage_amount" if is_percentage else "fixed_amount": amount}
    }
    if promotion.ceiling is not None:
        how_much["maximum_allowed_discount_amount"] = f"{two_decimals(promotion.ceiling):f}"
    if promotion.product_ids:
        items = {"products": list(promotion.product_ids)}
    elif promotion.category_ids:
        items = {"categories": list(promotion.category_ids)}
    else:
        return {"cart_value": how_much}
    # As a total: without it a fixed amount would be taken off each item.
    only_once = {} if is_percentage else {"as_total": True}
    return {
        "cart_items": {
            **how_much,
            "items": items,
            "include_items_considered_by_condition": True,
            **only_once,
        }
    }
