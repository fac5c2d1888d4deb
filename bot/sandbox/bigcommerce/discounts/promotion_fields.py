"""The fields of a coupon promotion, read from a request body and held against their rules.

Where the specification is silent the stricter reading holds: an unknown field is refused, and so
is an amount of money in a promotion for all currencies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.sandbox.bigcommerce.answers import StoreError

NEEDED = ("redemption_type", "name", "rules")
EVERY_CURRENCY = "*"
MONEY = re.compile(r"[0-9]+(\.[0-9]+)?")
CEILING, HIGHEST_CEILING = "maximum_allowed_discount_amount", 10_000_000
ACTIONS = ("cart_value", "cart_items", "shipping")
OF_ITEMS = frozenset(
    {
        *("items", "as_total", "strategy", "quantity", "add_free_item", "exclude_items_on_sale"),
        "include_items_considered_by_condition",
    }
)
MATCHERS = ("categories", "products", "brands", "variants")


def refuse(title: str) -> StoreError:
    """Return the 422 of the promotions API."""
    return StoreError(422, title, in_errors=True)


def read_promotion(
    body: Mapping[str, Any], *, needs_all: bool, currencies: list[str], channels: list[int]
) -> dict[str, Any]:
    """Return the fields by the names of the books, or raise StoreError for the first wrong one."""
    for field in NEEDED if needs_all else ():
        if body.get(field) is None:
            raise refuse(f"{field} is required.")
    for field, value in body.items():
        if field not in CHECKS or not CHECKS[field](value):
            raise refuse(f"{field} is invalid.")
    if body.get("currency_code", EVERY_CURRENCY) not in {EVERY_CURRENCY, *currencies}:
        raise refuse("currency_code is not a transactional currency.")
    chosen = [channel["id"] for channel in body.get("channels", [])]
    if any(channel not in channels for channel in chosen):
        raise refuse("channels is invalid.")
    found = {name: value for name, value in body.items() if name != "redemption_type"}
    return found | ({"channels": chosen} if "channels" in body else {})


def check_together(fields: Mapping[str, Any]) -> None:
    """Refuse what does not go together in a whole promotion."""
    if fields["currency_code"] == EVERY_CURRENCY and _names_money(fields["rules"]):
        raise refuse("Only percentage discounts can be used with all currencies.")
    if fields.get("coupon_overrides_other_promotions") and fields.get(
        "can_be_used_with_other_promotions", True
    ):
        raise refuse("coupon_overrides_other_promotions cannot be set.")


def _names_money(value: Any) -> bool:
    if isinstance(value, list):
        return any(_names_money(member) for member in value)
    if not isinstance(value, dict):
        return False
    names = ("fixed_amount", "minimum_spend", CEILING)
    return any(value.get(name) is not None for name in names) or _names_money(list(value.values()))


def _rules(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 0 and all(map(_rule, value))


def _rule(rule: Any) -> bool:
    if not isinstance(rule, dict) or rule.keys() - {"action", "apply_once", "stop", "condition"}:
        return False
    if not isinstance(rule.get("action"), dict) or len(rule["action"]) != 1:
        return False
    ((kind, what),) = rule["action"].items()
    return (
        kind in ACTIONS
        and (_shipping(what) if kind == "shipping" else _discounted(what, kind == "cart_items"))
        and _condition(rule.get("condition"))
    )


def _shipping(what: Any) -> bool:
    return isinstance(what, dict) and bool(what.get("free_shipping")) and "zone_ids" in what


def _discounted(what: Any, needs_items: bool) -> bool:
    if not isinstance(what, dict) or not _discount(what.get("discount")):
        return False
    if what.keys() - {"discount", CEILING} - (OF_ITEMS if needs_items else frozenset()):
        return False
    return _ceiling(what.get(CEILING)) and (not needs_items or _items(what.get("items")))


def _ceiling(value: Any) -> bool:
    return value is None or (_money(value) and 1 <= Decimal(value) <= HIGHEST_CEILING)


def _discount(discount: Any) -> bool:
    if not isinstance(discount, dict) or len(discount) != 1:
        return False
    ((kind, amount),) = discount.items()
    if not _money(amount) or kind not in {"percentage_amount", "fixed_amount"}:
        return False
    return kind == "fixed_amount" or Decimal(amount) <= 100


def _items(items: Any) -> bool:
    if not isinstance(items, dict) or len(items) != 1:
        return False
    ((kind, ids),) = items.items()
    return kind in MATCHERS and isinstance(ids, list) and bool(ids) and all(map(_is_id, ids))


def _condition(condition: Any) -> bool:
    if condition is None:
        return True
    cart = condition.get("cart") if isinstance(condition, dict) else None
    return isinstance(cart, dict) and _money(cart.get("minimum_spend"))


def _money(value: Any) -> bool:
    return isinstance(value, str) and bool(MONEY.fullmatch(value)) and Decimal(value) > 0


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _moment(value: Any) -> bool:
    try:
        return value is None or datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _channels(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and one.keys() == {"id"} for one in value
    )


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


CHECKS: dict[str, Callable[[Any], bool]] = {
    "redemption_type": lambda value: value == "COUPON",
    "name": lambda value: isinstance(value, str) and 1 <= len(value) <= 255,
    "display_name": lambda value: isinstance(value, str),
    "rules": _rules,
    "channels": _channels,
    "currency_code": lambda value: isinstance(value, str),
    "coupon_type": lambda value: value in {"SINGLE", "BULK"},
    "status": lambda value: value in {"ENABLED", "DISABLED"},
    "start_date": _moment,
    "end_date": _moment,
    "max_uses": lambda value: value is None or _is_id(value),
    "stop": _flag,
    "can_be_used_with_other_promotions": _flag,
    "coupon_overrides_other_promotions": _flag,
}
