"""The part of the control API that is about discount codes and what they apply to.

POST /control/store/uses    {"code": "SORRY-10", "uses": 2}: shoppers have used a code so often
POST /control/store/goods   {"products": [{"name": ..., "sku": ...}], "categories": [{"name": ...,
                            "parent_id": ...}]}: more to choose from
"""

from __future__ import annotations

from decimal import Decimal

from aiohttp import web
from pydantic import BaseModel, Field

from bot.sandbox.bigcommerce.answers import Refusal, json_object
from bot.sandbox.bigcommerce.books import Category, Product
from bot.sandbox.bigcommerce.discounts.codes import Coupon, PromotionCode
from bot.sandbox.bigcommerce.shop import Handler, Shop


class Uses(BaseModel, extra="forbid"):
    """How often a code has been used."""

    code: str
    uses: int = Field(ge=0)


class NewProduct(BaseModel, extra="forbid"):
    """A product to add."""

    name: str
    sku: str = ""


class NewCategory(BaseModel, extra="forbid"):
    """A category to add; `parent_id` 0 is the top."""

    name: str
    parent_id: int = 0


class Goods(BaseModel, extra="forbid"):
    """What to add."""

    products: list[NewProduct] = Field(default_factory=list)
    categories: list[NewCategory] = Field(default_factory=list)


class DiscountControl:
    """The handlers."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Return the calls: method, name, handler."""
        return [("POST", "uses", self.post_uses), ("POST", "goods", self.post_goods)]

    async def post_uses(self, request: web.Request) -> web.Response:
        """Set how often a code has been used."""
        wanted = Uses.model_validate(await json_object(request))
        found = self._find(wanted.code)
        if isinstance(found, Coupon):
            found.num_uses = wanted.uses
        else:
            found.current_uses = wanted.uses
        self._shop.changed()
        return web.json_response({"ok": True})

    def _find(self, code: str) -> Coupon | PromotionCode:
        books = self._shop.books
        codes = [row for promotion in books.promotions.values() for row in promotion.codes]
        rows: list[Coupon | PromotionCode] = [*books.coupons.values(), *codes]
        found = next((row for row in rows if row.code == code), None)
        if found is None:
            raise Refusal(404, "code_not_found")
        return found

    async def post_goods(self, request: web.Request) -> web.Response:
        """Add products and categories; their numbers go on from the highest."""
        books, goods = self._shop.books, Goods.model_validate(await json_object(request))
        for product in goods.products:
            number = max(books.products, default=100) + 1
            books.products[number] = Product(
                id=number, name=product.name, sku=product.sku, price=Decimal("1.00")
            )
        for category in goods.categories:
            number = max(books.categories, default=20) + 1
            books.categories[number] = Category(
                id=number, parent_id=category.parent_id, name=category.name, path=f"/{number}/"
            )
        self._shop.changed()
        return web.json_response({"ok": True})
