"""What a code in the store gives, in words, held against what was asked for. Pure.

What was asked for is read from the very body that is sent, as the store's answer is, so that the
two can only differ in what they say. Amounts count as numbers; of an end the day counts, in the
store's zone: whether BigCommerce keeps the hour is not documented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any

from bot.bigcommerce.coupons import Coupon, NewCoupon, coupon_body
from bot.bigcommerce.promotions import (
    ENABLED,
    NewPromotion,
    Promotion,
    PromotionCode,
    promotion_body,
)
from bot.values.parsing import zone_of

CodeTerms = Mapping[str, str]
ALL, NOTHING, NEVER, NO_LIMIT = "all", "nothing", "never", "no limit"
ON, OFF = "on", "off"
# What the parts of a promotion's rule are called here; all else goes by its path.
NAMES = {
    ("action", "discount", "percentage_amount"): "percentage",
    ("action", "discount", "fixed_amount"): "amount",
    ("action", "maximum_allowed_discount_amount"): "ceiling",
    ("action", "items", "categories"): "categories",
    ("action", "items", "products"): "products",
    ("condition", "minimum_spend"): "minimum spend",
}
# A start within this time is now: the two clocks need not agree.
CLOCKS = timedelta(hours=1)


def coupon_difference(asked: NewCoupon, there: Coupon, timezone_name: str) -> str:
    """Return in what a coupon is not as it was asked for, "" when all is."""
    wanted = Coupon.model_validate({**coupon_body(asked), "id": 0})
    return _difference(_of_coupon(wanted, timezone_name), _of_coupon(there, timezone_name))


def promotion_difference(asked: NewPromotion, there: Promotion, timezone_name: str) -> str:
    """Return in what a promotion is not as it was asked for, "" when all is."""
    wanted = Promotion.model_validate({**promotion_body(asked), "id": 0})
    return _difference(_of_promotion(wanted, timezone_name), _of_promotion(there, timezone_name))


def code_difference(asked: PromotionCode, there: PromotionCode) -> str:
    """Return in what a promotion's code is not as it was asked for, "" when all is."""
    return _difference(_of_code(asked), _of_code(there))


def _unread(told: Coupon | Promotion | PromotionCode) -> CodeTerms:
    """Return which of the fields that count could not be read."""
    unread = [name for name in told.unread if name not in {"num_uses", "current_uses"}]
    return {"not readable:": ", ".join(unread)} if unread else {}


def _difference(asked: CodeTerms, there: CodeTerms) -> str:
    """Return "amount 20 instead of 10; status off instead of on"."""
    return "; ".join(
        f"{name} {there.get(name, NOTHING)} instead of {asked.get(name, NOTHING)}"
        for name in {**asked, **there}
        if there.get(name, NOTHING) != asked.get(name, NOTHING)
    )


def _of_coupon(coupon: Coupon, timezone_name: str) -> CodeTerms:
    return {
        "name": f"“{coupon.name}”",
        "code": coupon.code.upper(),
        "type": coupon.type.replace("_", " "),
        "amount": _plain(coupon.amount),
        "for": f"{coupon.applies_to.get('entity')} {_listed(_ids(coupon))}",
        "minimum spend": _plain(coupon.min_purchase),
        "uses": _uses(coupon.max_uses),
        "uses by each customer": _uses(coupon.max_uses_per_customer),
        "last day": _day_of_coupon(coupon, timezone_name),
        "countries": str(coupon.restricted_to.get("countries") or ALL),
        "shipping methods": ", ".join(coupon.shipping_methods) or ALL,
        "status": ON if coupon.enabled else OFF,
        **_unread(coupon),
    }


def _ids(coupon: Coupon) -> Sequence[Any]:
    ids = coupon.applies_to.get("ids")
    return ids if isinstance(ids, list) else [ids]


def _of_promotion(promotion: Promotion, timezone_name: str) -> CodeTerms:
    narrowed = [promotion.customer, promotion.schedule, promotion.shipping_address]
    starts_later = promotion.start_date is not None and (
        promotion.start_date > datetime.now(UTC) + CLOCKS
    )
    return {
        "name": f"“{promotion.name}”",
        "kind": promotion.redemption_type.lower(),
        **_of_rules(promotion.rules),
        "currency": promotion.currency_code,
        "channels": _listed(each.id for each in promotion.channels) or ALL,
        "uses": _uses(promotion.max_uses),
        "first day": _day(promotion.start_date, timezone_name) if starts_later else "today",
        "last day": _day(promotion.end_date, timezone_name),
        "other promotions": _stacking(promotion),
        "customers": "some" if any(any(_leaves(each)) for each in narrowed) else ALL,
        "status": ON if promotion.status == ENABLED else promotion.status or OFF,
        **_unread(promotion),
    }


def _of_code(code: PromotionCode) -> CodeTerms:
    return {
        "code": code.code.upper(),
        "uses": _uses(code.max_uses),
        "uses by each customer": _uses(code.max_uses_per_customer),
        **_unread(code),
    }


def _of_rules(rules: Sequence[Mapping[str, Any]]) -> CodeTerms:
    """Return whatever a promotion's rules say, each by its name: nothing is passed over."""
    told: dict[str, str] = {}
    for place, rule in enumerate(rules):
        # A rule applies once where it does not say so.
        for path, text in _leaves({"apply_once": True, **rule}):
            if path[0] == "action" and len(path) > 1:
                told["off"] = path[1].replace("_", " ")
            name = NAMES.get((path[0], *path[2:]), " ".join(path).replace("_", " "))
            told[f"{name} of rule {place + 1}" if place else name] = text
    if not any(name.startswith("condition cart items") for name in told):
        told.pop("condition cart minimum quantity", None)  # "no effect if items are not specified"
    return told


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each thing that is said with its path; null, false, 0 and what is empty say nothing."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from _leaves(member, (*path, str(name)))
    elif isinstance(value, list):
        if value:
            yield path, _listed(value)
    elif (text := "yes" if value is True else _plain(value)) not in {"0", ""}:
        yield path, text


def _plain(value: Any) -> str:
    """Return a number as people write it, however many decimals BigCommerce gives it."""
    if value is None or value is False:
        return ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{number.normalize():f}" if number.is_finite() else str(value)


def _listed(members: Iterable[Any]) -> str:
    return ", ".join(sorted({str(member) for member in members}))


def _uses(most: int) -> str:
    return str(most) if most else NO_LIMIT


def _stacking(promotion: Promotion) -> str:
    if promotion.can_be_used_with_other_promotions:
        return "allowed"
    return "replaced" if promotion.coupon_overrides_other_promotions else "not allowed"


def _day_of_coupon(coupon: Coupon, timezone_name: str) -> str:
    if coupon.expires_at is None:
        return f"“{coupon.expires}”" if coupon.expires.strip() else NEVER
    written = parsedate_to_datetime(coupon.expires)
    if written.time() == time():  # of what was sent only the date was kept
        return f"{written.day} {written:%B %Y}"
    return _day(coupon.expires_at, timezone_name)


def _day(moment: datetime | None, timezone_name: str) -> str:
    if moment is None:
        return NEVER
    local = moment.astimezone(zone_of(timezone_name))
    return f"{local.day} {local:%B %Y}"
