"""What others do in the store: other apps, merchants in the control panel, shoppers, gateways."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, Field

from bot.sandbox.bigcommerce.books import Category, Order, Product
from bot.sandbox.bigcommerce.control.behind import Answer, Behind, Json
from bot.sandbox.bigcommerce.discounts.codes import Coupon, PromotionCode
from bot.sandbox.bigcommerce.faults import Fault
from bot.sandbox.bigcommerce.orders.shipments import send
from bot.sandbox.bigcommerce.orders.statuses import NAMES
from bot.sandbox.bigcommerce.refunds.payments import RefundItem
from bot.sandbox.bigcommerce.refunds.quotes import quote
from bot.sandbox.bigcommerce.refunds.refunds import record
from bot.sandbox.control import Refusal

ANOTHER_APP = "another app"


class OrderChange(BaseModel, extra="forbid"):
    """What another app does to an order; `refund_amount` was given back elsewhere."""

    order_id: int
    status_id: int | None = Field(default=None, ge=0, lt=len(NAMES))
    payment_status: str | None = None
    is_deleted: bool | None = None
    staff_notes: str | None = None
    customer_id: int | None = Field(default=None, ge=0)
    email: str | None = None
    refund_amount: Decimal | None = Field(default=None, gt=0, decimal_places=2)
    refund_reason: str = "Refunded elsewhere"


class RefundElsewhere(BaseModel, extra="forbid"):
    """What another app gives back through the gateway, which refuses it where it is declined."""

    order_id: int
    amount: Decimal = Field(gt=0, decimal_places=2)
    reason: str = "Refunded by another app"
    declined: bool = False


class Parcel(BaseModel, extra="forbid"):
    """What is sent: so many pieces of the first line."""

    order_id: int
    pieces: int = Field(default=1, ge=0)
    number: str = ""
    provider: str = ""
    carrier: str = ""
    link: str = ""


class Decline(BaseModel, extra="forbid"):
    """Whose payment is declined."""

    order_id: int


class Deletion(BaseModel, extra="forbid"):
    """Which order is deleted. Which webhook that sends is not documented: `scope` names one."""

    order_id: int
    scope: str = ""


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


async def change_order(behind: Behind, given: Json) -> Json:
    """Change an order as another app would."""
    change = OrderChange.model_validate(given)
    order = behind.order(change.order_id)
    if change.refund_amount is not None:
        _refund_offline(behind, order, change.refund_amount, change.refund_reason)
    if change.email is not None:
        order.billing = order.billing.model_copy(update={"email": change.email})
    fields = change.model_dump(
        exclude={"order_id", "refund_amount", "refund_reason", "email"}, exclude_unset=True
    )
    for field, value in fields.items():
        behind.shop.change(order, ANOTHER_APP, field, value)
    return {}


def _refund_offline(behind: Behind, order: Order, amount: Decimal, reason: str) -> None:
    items = [RefundItem(item_type="ORDER", item_id=order.id, amount=amount)]
    found = quote(order, items, in_flight=True)
    way = [("custom", found.total, True)]
    refund = record(behind.shop, order, items, way, found, reason=reason)
    behind.settlement.settle(order, refund)


async def refund(behind: Behind, given: Json) -> Json:
    """Give money back through the gateway, as another app does."""
    wanted = RefundElsewhere.model_validate(given)
    order = behind.order(wanted.order_id)
    items = [RefundItem(item_type="ORDER", item_id=order.id, amount=wanted.amount)]
    found = quote(order, items, in_flight=True)
    ways = next(ways for ways in found.methods if not any(way.offline for way in ways))
    paid = [(way.provider_id, way.amount, way.offline) for way in ways]
    fault = Fault(kind="decline") if wanted.declined else None
    made = record(behind.shop, order, items, paid, found, reason=wanted.reason, fault=fault)
    behind.settlement.expect_refund(order, made)
    return {"refund_id": made.id}


async def ship(behind: Behind, given: Json) -> Json:
    """Send a parcel."""
    parcel = Parcel.model_validate(given)
    order = behind.order(parcel.order_id)
    line, shop = order.lines[0], behind.shop
    fields = parcel.model_dump(exclude={"order_id", "pieces"})
    send(shop.books, order, {line.id: parcel.pieces}, sent_at=shop.now(), **fields)
    line.quantity_shipped = min(line.quantity, line.quantity_shipped + parcel.pieces)
    shop.happened("store/order/updated", order.id)
    shop.changed()
    return {}


async def decline(behind: Behind, given: Json) -> Json:
    """Decline a payment."""
    behind.settlement.decline(behind.order(Decline.model_validate(given).order_id))
    return {}


async def delete(behind: Behind, given: Json) -> Json:
    """Delete an order for good."""
    deletion = Deletion.model_validate(given)
    del behind.shop.books.orders[behind.order(deletion.order_id).id]
    if deletion.scope:
        behind.shop.happened(deletion.scope, deletion.order_id)
    behind.shop.changed()
    return {}


async def use_code(behind: Behind, given: Json) -> Json:
    """Set how often shoppers have used a code."""
    wanted = Uses.model_validate(given)
    found = _code(behind, wanted.code)
    if isinstance(found, Coupon):
        found.num_uses = wanted.uses
    else:
        found.current_uses = wanted.uses
    behind.shop.changed()
    return {}


def _code(behind: Behind, code: str) -> Coupon | PromotionCode:
    books = behind.shop.books
    codes = [row for promotion in books.promotions.values() for row in promotion.codes]
    rows: list[Coupon | PromotionCode] = [*books.coupons.values(), *codes]
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise Refusal("code_not_found", 404)
    return found


async def add_goods(behind: Behind, given: Json) -> Json:
    """Add products and categories; their numbers go on from the highest."""
    books, goods = behind.shop.books, Goods.model_validate(given)
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
    behind.shop.changed()
    return {}


DO: dict[str, Answer] = {
    "order": change_order,
    "refund": refund,
    "shipment": ship,
    "decline": decline,
    "delete": delete,
    "uses": use_code,
    "goods": add_goods,
}
