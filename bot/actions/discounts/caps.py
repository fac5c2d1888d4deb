"""The caps on what agents may give away with a discount code. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from bot.actions.discounts.request import LEAST_CEILING, CreateDiscountCode
from bot.bigcommerce.coupons import CouponType
from bot.config.configuration import Configuration, DiscountRules
from bot.config.loosening import is_loosened
from bot.values.money import DECIMAL_PLACES, Money
from bot.values.parsing import end_of_day, zone_of

AND_LIMITED = "for there are limits on what may be given away."
ADMIN_SETS = "An admin can set what such a code counts, under Discount codes."


def amount_cap(rules: DiscountRules, currency: str, rate: Decimal) -> Money | None:
    """Return the most that a code may take off, None for no cap.

    The cap is set in the store's default currency; `rate` is what one of that is in `currency`.
    A rate that is not known leaves 0.
    """
    return None if rules.most_amount is None else _in(rules.most_amount, currency, rate)


def usual_ceiling(rules: DiscountRules, currency: str, rate: Decimal) -> Decimal | None:
    """Return what a percentage takes off one order at most unless an agent says otherwise.

    None where that is left open: by the configuration, for a currency whose rate is not known or
    so small that BigCommerce takes no such limit, and for coupons, which can have none.
    """
    if rules.ceiling is None or rules.as_coupons:
        return None
    cap = amount_cap(rules, currency, rate)
    usual = _in(rules.ceiling, currency, rate).amount
    most = usual if cap is None else min(usual, cap.amount)
    return most if most >= LEAST_CEILING else None


def _in(amount: Decimal, currency: str, rate: Decimal) -> Money:
    """Return an amount in another currency, rounded down: never above what was configured."""
    step = Decimal(1).scaleb(-min(DECIMAL_PLACES.get(currency, 2), 2))
    converted = (amount * max(rate, Decimal(0))).quantize(step, rounding=ROUND_DOWN)
    return Money(amount=converted, currency=currency)


def last_moment(rules: DiscountRules, now: datetime, timezone_name: str) -> datetime | None:
    """Return the latest end that a code may have, None for no cap."""
    if rules.most_days is None:
        return None
    today = now.astimezone(zone_of(timezone_name)).date()
    return end_of_day(today + timedelta(days=rules.most_days), timezone_name)


def worth_cap(rules: DiscountRules, currency: str, rate: Decimal) -> Money | None:
    """Return the most that a code may be worth in this currency, None for no cap."""
    return None if rules.most_worth is None else _in(rules.most_worth, currency, rate)


def missing_worth(request: CreateDiscountCode) -> dict[str, str]:
    """Return field -> sentence for what keeps a code's worth from being known, {} when it is."""
    if request.type is CouponType.FREE_SHIPPING:
        return {"type": f"What free shipping gives away is not known, {AND_LIMITED} {ADMIN_SETS}"}
    missing: dict[str, str] = {}
    if request.type is CouponType.PERCENTAGE and request.ceiling is None:
        missing["ceiling"] = f"Say what it takes off one order at most, {AND_LIMITED}"
        if request.as_coupon:
            missing = {
                "type": f"As a coupon, a percentage has no ceiling, {AND_LIMITED} {ADMIN_SETS}"
            }
    if not request.max_uses:
        missing["max_uses"] = f"Say how often the code works, {AND_LIMITED}"
    return missing


def needs_worth(configuration: Configuration) -> bool:
    """Tell whether a code is refused whose worth is not known: by the limits, or by its own cap."""
    counts, hour = configuration.discount.unknown_counts_as, configuration.hour_limit
    caps = (configuration.discount.most_worth, configuration.limit, configuration.day_limit)
    if counts is None:
        return any(cap is not None for cap in (*caps, hour))
    # The hour stops no approver, so what a code counts is held against it when it is asked for.
    return any(cap is not None and counts > cap for cap in caps)


def describe_caps(rules: DiscountRules, amount: Money | None) -> str:
    """Return "At most 20% or 50.00 USD, valid for at most 90 days. ...", "" without any cap."""
    values = [] if rules.most_percent is None else [f"{_percent(rules.most_percent)}"]
    values += [] if amount is None else [str(amount)]
    parts = [f"at most {' or '.join(values)}"] if values else []
    if rules.most_days is not None:
        parts.append(f"valid for at most {_days(rules.most_days)}")
    text = ", ".join(parts)
    if not text:
        return ""
    return f"{text[0].upper()}{text[1:]}.{' Free shipping has no such cap.' if values else ''}"


def beyond_caps(
    request: CreateDiscountCode,
    rules: DiscountRules,
    *,
    amount: Money | None,
    worth: Money | None,
    now: datetime,
    timezone_name: str,
) -> dict[str, str]:
    """Return field -> sentence for what the request gives beyond the caps.

    `amount` and `worth` are `amount_cap` and `worth_cap` in the request's own currency. The
    sentence about the time belongs to the request's field `expires_at`.
    """
    wrong = _made_otherwise(request, rules)
    is_percentage = request.type is CouponType.PERCENTAGE
    if is_percentage and rules.most_percent is not None and request.value > rules.most_percent:
        wrong["value"] = f"You may give at most {_percent(rules.most_percent)}."
    is_money = request.type is CouponType.FIXED_AMOUNT
    if is_money and amount is not None and request.value > amount.amount:
        wrong["value"] = f"You may give at most {amount}."
    ceiling = request.ceiling
    if ceiling is not None and amount is not None and ceiling > amount.amount:
        wrong["ceiling"] = f"You may give at most {amount}."
    last = last_moment(rules, now, timezone_name)
    if worth is not None:
        wrong |= _beyond_worth(request, rules, worth)
    if last is not None and (request.expires_at is None or request.expires_at > last):
        wrong["expires_at"] = f"A code may be valid for at most {_days(rules.most_days or 0)}."
    return wrong


def _made_otherwise(request: CreateDiscountCode, rules: DiscountRules) -> dict[str, str]:
    """Return what is wrong with a form that was opened before these rules were set."""
    ways = (
        ("as_coupons", rules.as_coupons, request.as_coupon),
        ("stacking", rules.stacking, request.stacking),
    )
    if not any(is_loosened(f"discount.{name}", *values) for name, *values in ways):
        return {}
    return {"type": "How codes are made was changed meanwhile. Close this, and open it anew."}


def _beyond_worth(request: CreateDiscountCode, rules: DiscountRules, most: Money) -> dict[str, str]:
    if missing := missing_worth(request):
        counts = rules.unknown_counts_as
        is_within = counts is not None and counts <= (rules.most_worth or counts)
        return {} if is_within else missing
    once = request.value if request.type is CouponType.FIXED_AMOUNT else request.ceiling
    if once is None or once * request.max_uses <= most.amount:
        return {}
    given = Money(amount=once * request.max_uses, currency=most.currency)
    return {
        "max_uses": f"With these uses it gives away {given}. The highest worth of a code is {most}."
    }


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}%"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
