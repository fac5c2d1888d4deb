"""Coupon promotions (V3): a promotion first, then its code. Not offered: anything in bulk.

https://developer.bigcommerce.com/docs/rest-management/promotions
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.bigcommerce.answers import StoreError, json_object, v3, v3_date, v3_list
from bot.sandbox.bigcommerce.discounts.codes import Promotion, PromotionCode
from bot.sandbox.bigcommerce.discounts.coupon_fields import CODE
from bot.sandbox.bigcommerce.discounts.promotion_fields import (
    check_together,
    read_promotion,
    refuse,
)
from bot.sandbox.bigcommerce.shop import Endpoint, Shop
from bot.sandbox.bigcommerce.store_info import DEFAULT_CURRENCY

WRITE = frozenset({"store_v2_marketing"})
READ = WRITE | {"store_v2_marketing_read_only"}
FILTERS: Mapping[str, Callable[[Promotion, str], bool]] = {
    "id": lambda row, text: str(row.id) == text,
    "name": lambda row, text: row.name == text,
    "code": lambda row, text: _has_code(row, text),
    "query": lambda row, text: text.lower() in row.name.lower() or _has_code(row, text),
    "currency_code": lambda row, text: row.currency_code == text,
    "redemption_type": lambda row, text: text == "coupon",
    "status": lambda row, text: row.status == text,
    "channels": lambda row, text: (
        not row.channels or bool({str(id_) for id_ in row.channels} & set(text.split(",")))
    ),
}
PAGING = {"page", "limit", "sort", "direction"}


def _has_code(row: Promotion, text: str) -> bool:
    return any(code.code.lower() == text.lower() for code in row.codes)


class Promotions:
    """The calls about coupon promotions and their codes."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls; the path with the plain word `codes` goes before the numbered ones."""
        one = "/v3/promotions/{promotion_id}"
        return [
            Endpoint("GET", "/v3/promotions", READ, self.list_promotions),
            Endpoint("POST", "/v3/promotions", WRITE, self.create),
            Endpoint("GET", "/v3/promotions/codes", READ, self.find_code),
            Endpoint("GET", one, READ, self.get_promotion),
            Endpoint("PUT", one, WRITE, self.put),
            Endpoint("DELETE", one, WRITE, self.delete),
            Endpoint("GET", f"{one}/codes", READ, self.list_codes),
            Endpoint("POST", f"{one}/codes", WRITE, self.create_code),
            Endpoint("DELETE", f"{one}/codes/{{code_id}}", WRITE, self.delete_code),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Make a promotion; without a code nobody can use it."""
        fields = self._read(await json_object(request), needs_all=True)
        now = v3_date(self._shop.now())
        fields = {"currency_code": DEFAULT_CURRENCY, "start_date": now} | fields
        check_together(fields)
        promotion = Promotion(id=self._shop.books.next_id("promotion"), **fields)
        if self._shop.faults.take("POST", "promotions", "invalid"):
            promotion.status = "INVALID"
        self._shop.books.promotions[promotion.id] = promotion
        self._shop.changed()
        return v3(promotion_json(promotion), 201)

    async def put(self, request: web.Request) -> web.Response:
        """Change what is sent and leave the rest."""
        promotion = self._named(request)
        fields = self._read(await json_object(request), needs_all=False)
        if fields.get("coupon_type", promotion.coupon_type) != promotion.coupon_type:
            raise refuse("coupon_type cannot be changed.")
        changed = promotion.model_copy(update=fields)
        check_together(changed.model_dump())
        self._shop.books.promotions[promotion.id] = changed
        self._shop.changed()
        return v3(promotion_json(changed))

    def _read(self, body: Mapping[str, Any], *, needs_all: bool) -> dict[str, Any]:
        settings = self._shop.books.settings
        numbered = enumerate(settings.channels, 1)
        ids = [number for number, channel in numbered if channel.type == "storefront"]
        return read_promotion(body, needs_all=needs_all, currencies=settings.paid_in, channels=ids)

    async def list_promotions(self, request: web.Request) -> web.Response:
        """List promotions."""
        rows = list(self._shop.books.promotions.values())
        for name, text in request.query.items():
            if name in PAGING:
                continue
            if name not in FILTERS:
                raise refuse(f"{name} is invalid.")
            rows = [row for row in rows if FILTERS[name](row, text)]
        return v3_list(request, [promotion_json(row) for row in rows])

    async def get_promotion(self, request: web.Request) -> web.Response:
        """Return one promotion."""
        return v3(promotion_json(self._named(request)))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a promotion; one that is not there is gone already."""
        text = request.match_info["promotion_id"]
        promotion = self._shop.books.promotions.get(int(text)) if text.isdecimal() else None
        if promotion is not None:
            # What a single delete says of one with codes is not documented; the bulk one refuses.
            if promotion.codes:
                raise refuse(f"Failed for id={text}. Error: some relating codes are still present.")
            del self._shop.books.promotions[promotion.id]
            self._shop.changed()
        return web.Response(status=204)

    async def create_code(self, request: web.Request) -> web.Response:
        """Give a promotion its code; it works at once. One code only where the type is SINGLE."""
        promotion = self._named(request)
        body = await json_object(request)
        code = _read_code(body)
        if promotion.codes and promotion.coupon_type == "SINGLE":
            raise refuse("The promotion has a code already.")
        # Whether case counts is not documented; that it does not is the stricter reading. So is
        # that promotions and coupons share their codes.
        if self._is_taken(code):
            raise refuse("The coupon code already exists.")
        made = PromotionCode(
            id=self._shop.books.next_id("promotion_code"),
            created_at=self._shop.now(),
            **body,
        )
        promotion.codes.append(made)
        self._shop.changed()
        return v3(code_json(made), 201)

    def _is_taken(self, code: str) -> bool:
        books = self._shop.books
        return any(_has_code(row, code) for row in books.promotions.values()) or any(
            row.code.lower() == code.lower() for row in books.coupons.values()
        )

    async def list_codes(self, request: web.Request) -> web.Response:
        """List the codes of a promotion."""
        wanted = request.query.get("code")
        rows = [row for row in self._named(request).codes if wanted in (None, row.code)]
        return v3_list(request, [code_json(row) for row in rows], cursors=True)

    async def find_code(self, request: web.Request) -> web.Response:
        """Return the code of that name; it does not tell which promotion it belongs to."""
        wanted = request.query.get("code")
        if wanted is None:
            raise refuse("code is required.")
        rows = [
            row
            for promotion in self._shop.books.promotions.values()
            for row in promotion.codes
            if row.code.lower() == wanted.lower()
        ]
        return v3_list(request, [code_json(row) for row in rows], cursors=True)

    async def delete_code(self, request: web.Request) -> web.Response:
        """Delete a code; one that is not there is gone already."""
        promotion = self._named(request)
        wanted = request.match_info["code_id"]
        promotion.codes = [row for row in promotion.codes if str(row.id) != wanted]
        self._shop.changed()
        return web.Response(status=204)

    def _named(self, request: web.Request) -> Promotion:
        text = request.match_info["promotion_id"]
        promotion = self._shop.books.promotions.get(int(text)) if text.isdecimal() else None
        if promotion is None:
            raise StoreError(404, "The requested resource was not found.", in_errors=True)
        return promotion


def _read_code(body: Mapping[str, Any]) -> str:
    code = body.get("code")
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise refuse("code is invalid.")
    for field, value in body.items():
        if field == "code":
            continue
        if field not in {"max_uses", "max_uses_per_customer"} or not _is_count(value):
            raise refuse(f"{field} is invalid.")
    return code


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def promotion_json(promotion: Promotion) -> dict[str, Any]:
    """Write a promotion; its codes are a resource of their own."""
    return {
        "id": promotion.id,
        "redemption_type": "COUPON",
        "name": promotion.name,
        "display_name": promotion.display_name,
        "created_from": "api",
        "channels": [{"id": id_} for id_ in promotion.channels],
        "customer": {"group_ids": [], "minimum_order_count": 0, "excluded_group_ids": []},
        "rules": [{"apply_once": True, "stop": False} | rule for rule in promotion.rules],
        "notifications": [],
        "stop": promotion.stop,
        "currency_code": promotion.currency_code,
        "current_uses": sum(code.current_uses for code in promotion.codes),
        "max_uses": promotion.max_uses,
        "start_date": promotion.start_date,
        "end_date": promotion.end_date,
        "status": promotion.status,
        "can_be_used_with_other_promotions": promotion.can_be_used_with_other_promotions,
        "coupon_overrides_other_promotions": promotion.coupon_overrides_other_promotions,
        "coupon_type": promotion.coupon_type,
        "multiple_codes": {"has_multiple_codes": promotion.coupon_type == "BULK"},
    }


def code_json(code: PromotionCode) -> dict[str, Any]:
    """Write a promotion's code."""
    return {
        "id": code.id,
        "code": code.code,
        "max_uses": code.max_uses,
        "max_uses_per_customer": code.max_uses_per_customer,
        "current_uses": code.current_uses,
        "created": v3_date(code.created_at),
    }
