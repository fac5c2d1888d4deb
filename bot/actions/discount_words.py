"""What is said about a discount code. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from bot.actions.base import RuleBroken
from bot.actions.typed import zone_of
from bot.bigcommerce import Category, CouponType, Currency
from bot.money import Money

EVERYTHING = "All categories"


def describe_discount(kind: CouponType, value: Decimal, currency: str) -> str:
    """Return "10.00 USD off the order total" or "12.5% off"."""
    if kind is CouponType.PERCENTAGE:
        return f"{value.normalize():f}% off"
    return f"{Money(amount=value, currency=currency)} off the order total"


def describe_expiry(expires_at: datetime | None, timezone_name: str) -> str:
    """Return "31 December 2026, 23:59 (America/Chicago)", in the store's own time."""
    if expires_at is None:
        return "Never"
    local = expires_at.astimezone(zone_of(timezone_name))
    return f"{local.day} {local:%B %Y, %H:%M} ({local.tzinfo})"


def describe_categories(category_ids: Sequence[int], categories: Sequence[Category]) -> str:
    """Return the categories by their paths; raise RuleBroken for one that the store has not."""
    if not category_ids:
        return EVERYTHING
    paths = {category.id: category.path for category in categories}
    if any(category_id not in paths for category_id in category_ids):
        raise RuleBroken("category_ids", "A category is no longer there. Choose it again.")
    return ", ".join(paths[category_id] for category_id in category_ids)


def describe_currencies(currencies: Sequence[Currency], default_currency: str) -> tuple[str, ...]:
    """Return the notice for a store that sells in several currencies; none for the others."""
    if sum(each.enabled and each.is_transactional for each in currencies) <= 1:
        return ()
    # BigCommerce's coupons of this kind are refused at checkout in any other currency.
    return (f"The code works for orders in {default_currency} only, the store's own currency.",)


def taken(code: str) -> str:
    """Return the sentence for a code that the store has already."""
    return f"The code {code} is already taken. Choose another one."
