"""Coupons (V2): one call makes a code, in the store's default currency and for every channel.

Source: the specification `marketing.v2`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime, parsedate_to_datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.bigcommerce.http.answers import UNREADABLE, hold_against, read_model
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.errors import NotSent
from bot.bigcommerce.http.fields import Charge, Count, Flag, Id, Many, Model, Text, Told, Word
from bot.bigcommerce.http.wire_json import two_decimals

# What a promotion's code is listed as: V2 shows its name, code and uses, and nothing else is true.
MIRROR_OF_PROMOTION = "promotion"
WHOLE_CATALOGUE = 0
# Live stores write an empty one as [].
Object = Annotated[
    dict[str, Any], BeforeValidator(lambda value: value if isinstance(value, dict) else {})
]


class CouponType(StrEnum):
    """BigCommerce's names. `per_item_discount` is deliberately absent.

    It takes the money off each item, so that no limit on the amount would bound what is given.
    """

    FIXED_AMOUNT = "per_total_discount"
    PERCENTAGE = "percentage_discount"
    FREE_SHIPPING = "free_shipping"


class NewCoupon(Model):
    """What `POST /v2/coupons` is sent. `amount` is money or percent by `type`.

    No `category_ids` and no `product_ids` mean the whole catalogue; of the two only one may be
    given. `expires_at` is aware. 0 uses at most and no `minimum_spend` mean that there is no limit.
    """

    name: str
    code: str
    type: CouponType
    amount: Decimal
    category_ids: tuple[int, ...] = ()
    product_ids: tuple[int, ...] = ()
    expires_at: datetime | None = None
    max_uses: int = 0
    max_uses_per_customer: int = 0
    minimum_spend: Decimal | None = None


class Coupon(Told):
    """A V2 coupon as BigCommerce has it, with all that a PUT has to send back."""

    id: Id
    name: Word
    code: Word
    type: Word
    amount: Charge
    min_purchase: Charge = Decimal(0)
    enabled: Flag
    expires: Text = ""
    applies_to: Object = Field(default_factory=dict)
    num_uses: Count = 0
    max_uses: Count = 0
    max_uses_per_customer: Count = 0
    restricted_to: Object = Field(default_factory=dict)
    shipping_methods: Many[str] = ()

    @property
    def is_mirror(self) -> bool:
        """Whether it only shows the code of a promotion: no more than name, code, uses is true."""
        return self.type == MIRROR_OF_PROMOTION

    @property
    def expires_at(self) -> datetime | None:
        """When it ends, aware UTC; None for never, and for what cannot be read."""
        try:
            return parsedate_to_datetime(self.expires).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None


class Coupons(Resource):
    """Coupons: codes without a promotion."""

    async def find(self, *, code: str | None = None, name: str | None = None) -> Coupon | None:
        """Return the coupon of that code or name, or None. Case does not count.

        The code of a promotion is found too, as MIRROR_OF_PROMOTION.
        """
        wanted = {key: value for key, value in (("code", code), ("name", name)) if value}
        if not wanted:
            raise ValueError("a coupon is found by its code or its name")
        for coupon in await self._api.get_all_v2(Coupon, "/v2/coupons", wanted):
            if all(getattr(coupon, k).casefold() == v.casefold() for k, v in wanted.items()):
                return coupon
        return None

    async def create(self, coupon: NewCoupon) -> Coupon:
        """Create the coupon, switched on. Conflict when its name or code is taken."""
        call = self._api.write("POST", "/v2/coupons", coupon_body(coupon))
        made = await self._api.fetch(call)
        hold_against(call, made, "code", [coupon.code])
        return read_model(Coupon, call, made)

    async def switch_off(self, coupon: Coupon) -> Coupon:
        """Switch the coupon off; doing it twice does no harm. Returns the coupon as it is.

        Raises NotSent for one that was not read whole: a PUT would write what stands for the rest.
        """
        path = f"/v2/coupons/{coupon.id}"
        call = self._api.write("PUT", path, coupon_off_body(coupon), repeatable=True)
        if coupon.unread:
            raise NotSent(call.name, UNREADABLE)
        changed = await self._api.fetch(call)
        hold_against(call, changed, "id", [coupon.id])
        return read_model(Coupon, call, changed)

    async def delete(self, coupon_id: int) -> None:
        """Delete one coupon. Raises ValueError for no number: without it all would be deleted."""
        if coupon_id <= 0:
            raise ValueError("a coupon's number is above 0")
        path = f"/v2/coupons/{coupon_id}"
        await self._api.fetch(self._api.write("DELETE", path, None, repeatable=True))


def coupon_body(coupon: NewCoupon) -> dict[str, Any]:
    """The coupon, switched on: BigCommerce's default is off. Raises ValueError for a naive time."""
    body: dict[str, Any] = {
        "name": coupon.name,
        "code": coupon.code,
        "type": coupon.type.value,
        "amount": f"{two_decimals(coupon.amount):f}",
        "enabled": True,
        "applies_to": _applies_to(coupon),
        "max_uses": coupon.max_uses,
        "max_uses_per_customer": coupon.max_uses_per_customer,
    }
    if coupon.minimum_spend is not None:
        body["min_purchase"] = f"{two_decimals(coupon.minimum_spend):f}"
    if coupon.expires_at is not None:
        if coupon.expires_at.tzinfo is None:
            raise ValueError("expires_at must be aware")
        body["expires"] = format_datetime(coupon.expires_at)
    return body


def coupon_off_body(coupon: Coupon) -> dict[str, Any]:
    """The coupon as it is, switched off, without the fields that only BigCommerce writes.

    All of it: a PUT clears `applies_to` when it is left out, and what it does to the other fields
    is not documented.
    """
    body: dict[str, Any] = {
        "name": coupon.name,
        "code": coupon.code,
        "type": coupon.type,
        "amount": f"{coupon.amount:f}",
        "min_purchase": f"{coupon.min_purchase:f}",
        "enabled": False,
        "applies_to": coupon.applies_to,
        "max_uses": coupon.max_uses,
        "max_uses_per_customer": coupon.max_uses_per_customer,
    }
    if coupon.expires:
        body["expires"] = coupon.expires
    if coupon.restricted_to:
        body["restricted_to"] = coupon.restricted_to
    if coupon.shipping_methods:
        body["shipping_methods"] = list(coupon.shipping_methods)
    return body


def _applies_to(coupon: NewCoupon) -> dict[str, Any]:
    if coupon.product_ids:
        return {"entity": "products", "ids": list(coupon.product_ids)}
    return {"entity": "categories", "ids": list(coupon.category_ids) or [WHOLE_CATALOGUE]}
