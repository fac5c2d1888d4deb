"""Coupons (V2), the "legacy" ones: one call makes a code. Not offered: deleting all of them.

https://developer.bigcommerce.com/docs/rest-management/marketing/coupons
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from aiohttp import web

from bot.sandbox.bigcommerce.answers import (
    StoreError,
    answer,
    json_object,
    known_query,
    parsed,
    v2_date,
    v2_money,
    v2_page,
)
from bot.sandbox.bigcommerce.books import Books
from bot.sandbox.bigcommerce.discounts.codes import Coupon, Promotion, PromotionCode
from bot.sandbox.bigcommerce.discounts.coupon_fields import read_coupon
from bot.sandbox.bigcommerce.shop import Endpoint, Shop

WRITE = frozenset({"store_v2_marketing"})
READ = WRITE | {"store_v2_marketing_read_only"}
FILTERS: dict[str, tuple[Callable[[str], Any], Callable[[Coupon, Any], bool]]] = {
    "id": (int, lambda coupon, value: coupon.id == value),
    "code": (str.lower, lambda coupon, value: coupon.code.lower() == value),
    "name": (str, lambda coupon, value: coupon.name == value),
    "type": (str, lambda coupon, value: coupon.type == value),
    "exclude_type": (str, lambda coupon, value: coupon.type != value),
    "min_id": (int, lambda coupon, value: coupon.id >= value),
    "max_id": (int, lambda coupon, value: coupon.id <= value),
}


class Coupons:
    """The calls about coupons."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        one = "/v2/coupons/{coupon_id}"
        return [
            Endpoint("POST", "/v2/coupons", WRITE, self.create),
            Endpoint("GET", "/v2/coupons", READ, self.list_coupons),
            Endpoint("PUT", one, WRITE, self.put),
            Endpoint("DELETE", one, WRITE, self.delete),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Make a coupon; it does not work until `enabled`, which is false when left out."""
        fields = read_coupon(await json_object(request), needs_all=True)
        self._refuse_taken(fields, but=None)
        coupon_id = self._shop.books.next_id("coupon")
        coupon = Coupon(id=coupon_id, created_at=self._shop.now(), **fields)
        self._shop.books.coupons[coupon_id] = coupon
        self._shop.changed()
        return answer(coupon_json(coupon), 201)

    async def put(self, request: web.Request) -> web.Response:
        """Change a coupon; leaving out `applies_to` clears it."""
        coupon = self._named(request)
        fields = read_coupon(await json_object(request), needs_all=False)
        self._refuse_taken(fields, but=coupon.id)
        changed = coupon.model_copy(update={"entity": "categories", "ids": [], **fields})
        self._shop.books.coupons[coupon.id] = changed
        self._shop.changed()
        return answer(coupon_json(changed))

    def _refuse_taken(self, fields: Mapping[str, Any], *, but: int | None) -> None:
        others = [c for c in self._shop.books.coupons.values() if c.id != but]
        if any(other.name == fields.get("name") for other in others):
            raise StoreError(409, "A coupon with this name already exists.")
        # Whether case counts is not documented; that it does not is the stricter reading.
        code = str(fields.get("code", "")).lower()
        taken = {other.code.lower() for other in others}
        taken |= {row.code.lower() for promotion in self._promotions() for row in promotion.codes}
        if code in taken:
            raise StoreError(409, "A coupon with this code already exists.")

    async def list_coupons(self, request: web.Request) -> web.Response:
        """List coupons; 204 when there is none."""
        known_query(request, FILTERS)
        rows = all_coupons(self._shop.books)
        for name, (parse, test) in FILTERS.items():
            if name in request.query:
                value = parsed(name, request.query[name], parse)
                rows = [row for row in rows if test(row, value)]
        return v2_page(request, [coupon_json(row) for row in rows])

    async def delete(self, request: web.Request) -> web.Response:
        """Delete one coupon."""
        del self._shop.books.coupons[self._named(request).id]
        self._shop.changed()
        return web.Response(status=204)

    def _promotions(self) -> list[Promotion]:
        return list(self._shop.books.promotions.values())

    def _named(self, request: web.Request) -> Coupon:
        text = request.match_info["coupon_id"]
        coupon = self._shop.books.coupons.get(int(text)) if text.isdecimal() else None
        if coupon is None:
            raise StoreError(404, "The requested resource was not found.")
        return coupon


def all_coupons(books: Books) -> list[Coupon]:
    """Return the coupons, and the codes of promotions as far as V2 shows them."""
    promotions = books.promotions.values()
    return [
        *books.coupons.values(),
        *(mirror(promotion, code) for promotion in promotions for code in promotion.codes),
    ]


def mirror(promotion: Promotion, code: PromotionCode) -> Coupon:
    """Return what V2 shows of a coupon promotion: its name, code and uses, nothing of its rules."""
    return Coupon(
        id=code.id,
        name=promotion.name,
        code=code.code,
        type="promotion",
        amount=Decimal(0),
        enabled=promotion.status == "ENABLED",
        num_uses=code.current_uses,
        max_uses=code.max_uses,
        max_uses_per_customer=code.max_uses_per_customer,
        created_at=code.created_at,
    )


def coupon_json(coupon: Coupon) -> dict[str, Any]:
    """Write a coupon. What is empty is `[]` here and null there, as live stores have it."""
    return {
        "id": coupon.id,
        "name": coupon.name,
        "type": coupon.type,
        "amount": v2_money(Decimal(coupon.amount)),
        "min_purchase": v2_money(coupon.min_purchase),
        "expires": coupon.expires,
        "enabled": coupon.enabled,
        "code": coupon.code,
        "applies_to": {"entity": coupon.entity, "ids": coupon.ids},
        "num_uses": coupon.num_uses,
        "max_uses": coupon.max_uses,
        "max_uses_per_customer": coupon.max_uses_per_customer,
        "restricted_to": {"countries": coupon.countries} if coupon.countries else [],
        "shipping_methods": coupon.shipping_methods,
        "date_created": v2_date(coupon.created_at),
    }
