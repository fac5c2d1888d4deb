"""What is said about a discount code, to the team and to the customer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from bot.actions.action import RuleBroken
from bot.actions.discounts.request import CreateDiscountCode
from bot.bigcommerce.catalogue import Product
from bot.bigcommerce.coupons import CouponType
from bot.bigcommerce.models import Category, Currency, Store
from bot.bigcommerce.promotions import EVERY_CURRENCY, Stacking
from bot.values.money import Money
from bot.values.parsing import zone_of

EVERYTHING = "All categories"
# Each goes on from "It is" and stands by itself.
STACKING = {
    Stacking.TOGETHER: "valid together with other promotions that allow it",
    Stacking.ALONE: "not valid where another promotion applies already",
    Stacking.REPLACES: "valid in place of all other promotions",
}
# What a review shows by name, and what a message has room for; names have up to 250 characters.
SHOWN, SHOWN_IN_SHORT = 20, 3
LONGEST_NAME, LONGEST_PRODUCT, LONGEST_MARK = 80, 50, 25


def describe_discount(
    kind: CouponType, value: Decimal, currency: str, *, on_items: bool = False
) -> str:
    """Return "10.00 USD off the order total", "12.5% off" or "free shipping"."""
    if kind is CouponType.FREE_SHIPPING:
        return "free shipping"
    if kind is CouponType.PERCENTAGE:
        return f"{value.normalize():f}% off"
    what = "these items together" if on_items else "the order total"
    return f"{Money(amount=value, currency=currency)} off {what}"


def discount_of(request: CreateDiscountCode, default_currency: str) -> str:
    """Return what the requested code gives: "10% off, 50.00 USD at most"."""
    on_items = bool(request.category_ids or request.product_ids)
    currency = currency_of(request, default_currency)
    text = describe_discount(request.type, request.value, currency, on_items=on_items)
    if request.ceiling is None:
        return text
    return f"{text}, {Money(amount=request.ceiling, currency=currency)} at most"


def currency_of(request: CreateDiscountCode, default_currency: str) -> str:
    """Return the currency of the request's amounts."""
    return default_currency if request.currency in {"", EVERY_CURRENCY} else request.currency


def describe_expiry(expires_at: datetime | None, timezone_name: str) -> str:
    """Return "31 December 2026, end of day (America/Chicago)", in the store's own time."""
    if expires_at is None:
        return "Never"
    local = expires_at.astimezone(zone_of(timezone_name))
    hour = "end of day" if (local.hour, local.minute) == (23, 59) else f"{local:%H:%M}"
    return f"{local.day} {local:%B %Y}, {hour} ({local.tzinfo})"


def describe_categories(
    category_ids: Sequence[int], categories: Sequence[Category], *, most: int = SHOWN
) -> str:
    """Return the categories by their paths; raise RuleBroken for one that the store has not."""
    if not category_ids:
        return EVERYTHING
    paths = {category.id: category.path for category in categories}
    if any(category_id not in paths for category_id in category_ids):
        raise RuleBroken("category_ids", "A category is no longer there. Choose it again.")
    # Of a path the end tells most.
    shown = [paths[category_id] for category_id in category_ids]
    shown = [path if len(path) <= LONGEST_NAME else f"…{path[-LONGEST_NAME:]}" for path in shown]
    return _listed(shown, most)


def describe_products(
    product_ids: Sequence[int], products: Sequence[Product], *, most: int = SHOWN
) -> str:
    """Return the products by name and SKU; raise RuleBroken for one that the store has not."""
    found = {product.id: product for product in products}
    if any(product_id not in found for product_id in product_ids):
        raise RuleBroken("product_ids", "A product is no longer there. Choose it again.")
    return _listed([describe_product(found[product_id]) for product_id in product_ids], most)


def describe_product(product: Product) -> str:
    """Return "Boston Fern (FF-101)", or its number for want of a SKU: names are not unique."""
    name, mark = product.name, product.sku or f"#{product.id}"
    if len(name) > LONGEST_PRODUCT:
        name = f"{name[: LONGEST_PRODUCT - 1].rstrip()}…"
    return f"{name} ({mark[:LONGEST_MARK]})"


def describe_uses(request: CreateDiscountCode) -> str:
    """Return "once", "5 times, once by each customer" or "" for no limit."""
    total = _times(request.max_uses) if request.max_uses else ""
    each = request.max_uses_per_customer
    if not each or each == request.max_uses:
        return total
    by_each = f"{_times(each)} by each customer"
    return f"{total}, {by_each}" if total else by_each


def describe_reach(
    request: CreateDiscountCode, currencies: Sequence[Currency], default_currency: str
) -> str:
    """Return the sentence about currencies for a store that sells in several; "" for others."""
    if sum(each.enabled and each.is_transactional for each in currencies) <= 1:
        return ""
    if only := only_currency(request, default_currency):
        return f"The code works for orders in {only} only."
    return "The code works for orders in every currency of the store."


def only_currency(request: CreateDiscountCode, default_currency: str) -> str:
    """Return the one currency that the code is for, "" where it is for all of them."""
    if request.as_coupon:  # refused at checkout in any other currency
        return default_currency
    if request.currency == EVERY_CURRENCY or not (request.currency or request.names_money):
        return ""
    return currency_of(request, default_currency)


def describe_stacking(request: CreateDiscountCode) -> str:
    """Return what becomes of the code beside other promotions; "" where only BigCommerce knows."""
    return "" if request.as_coupon else STACKING[request.stacking]


def summary(request: CreateDiscountCode, shop: Store, applies_to: str) -> str:
    """Return the code's terms in one line: "10% off, for all categories, once, ..."."""
    currency = shop.default_currency
    parts = [discount_of(request, currency)]
    if request.type is not CouponType.FREE_SHIPPING:
        parts.append(f"for {applies_to}")
    if request.minimum_spend is not None:
        parts.append(f"on orders of {_spend(request, currency)} or more")
    if uses := describe_uses(request):
        parts.append(f"to be used {uses}")
    if request.channel_id is not None:
        parts.append(f"in the storefront {request.channel_name or request.channel_id}")
    if request.stacking is not Stacking.TOGETHER and (stacking := describe_stacking(request)):
        parts.append(stacking)
    expiry = describe_expiry(request.expires_at, shop.timezone_name)
    parts.append("never expires" if request.expires_at is None else f"valid until {expiry}")
    return ", ".join(parts)


def reply(request: CreateDiscountCode, shop: Store, applies_to: str) -> str:
    """Return a text for the customer that can be sent as it stands; plain, in whole sentences.

    It says all that the code gives and all that bounds it: what is left out is promised.
    """
    currency = shop.default_currency
    sorry = f"We are sorry for the trouble with your order {request.order_id}. "
    terms = [f"It gives you {discount_of(request, currency)}."]
    if request.category_ids or request.product_ids:
        terms.append(f"It is for {applies_to}.")
    if request.minimum_spend is not None:
        terms.append(f"Your order has to come to {_spend(request, currency)} or more.")
    if only := only_currency(request, currency):
        terms.append(f"It is for orders in {only}.")
    if request.channel_id is not None:
        terms.append(f"It works at {request.channel_name or shop.name}.")
    if stacking := describe_stacking(request):
        terms.append(f"It is {stacking}.")
    if uses := describe_uses(request):
        terms.append(f"It can be used {uses}.")
    if request.expires_at is not None:
        local = request.expires_at.astimezone(zone_of(shop.timezone_name))
        terms.append(f"It is valid until {local.day} {local:%B %Y}.")
    return (
        f"{sorry if request.order_id else ''}Here is a code for your next order at {shop.name}:\n\n"
        f"{request.code}\n\n{' '.join(terms)} Enter it at checkout."
    )


def taken(code: str) -> str:
    """Return the sentence for a code that the store has already."""
    return f"The code {code} is already taken. Choose another one."


def _listed(names: Sequence[str], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _spend(request: CreateDiscountCode, default_currency: str) -> str:
    amount = request.minimum_spend or Decimal(0)
    return str(Money(amount=amount, currency=currency_of(request, default_currency)))


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
