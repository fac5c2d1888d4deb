"""What was filled in about a discount code, turned into its terms: value, end, uses, channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from bot.bigcommerce.coupons import CouponType
from bot.bigcommerce.promotions import EVERY_CURRENCY
from bot.config.configuration import Preset
from bot.values.parsing import NotUnderstood, end_of_day, parse_amount, parse_percentage, zone_of
from handlers.discounts.form_context import CodeContext
from handlers.flow.form import FieldErrors, FormState

DAYS = {"7": "7 days", "14": "14 days", "30": "30 days", "90": "90 days", "365": "One year"}
NEVER, ON_DATE = "never", "date"
FIXED, PERCENTAGE, FREE_SHIPPING = "fixed", "percentage", "free_shipping"
TYPES = {
    FIXED: CouponType.FIXED_AMOUNT,
    PERCENTAGE: CouponType.PERCENTAGE,
    FREE_SHIPPING: CouponType.FREE_SHIPPING,
}
LONGEST_DAYS = 3650  # a slip of the finger, or a date that no calendar can convert
T = TypeVar("T")


def read_code_terms(form: FormState) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the request's fields, and field -> sentence for those that are wrong.

    A wrong field has a harmless value, so that the request's own rules can be held against the
    others at the same time.
    """
    errors: dict[str, str] = {}

    def read(name: str, parse: Callable[[FormState], T], otherwise: T) -> T:
        try:
            return parse(form)
        except NotUnderstood as wrong:
            errors[name] = str(wrong)
        except FieldErrors as wrong:
            errors.update(wrong.errors)
        return otherwise

    known = CodeContext.of(form.context)
    spend = read("minimum_spend", _parse_spend, None)
    currency = _currency(form, names_money=spend is not None or bool(_typed_ceiling(form)))
    fields = {
        "code": form.values.get("code", known.code),
        "type": TYPES.get(form.text("type"), CouponType.PERCENTAGE),
        "value": read("value", _parse_value, Decimal(1)),
        "category_ids": _chosen(form, "category_ids"),
        "product_ids": _chosen(form, "product_ids"),
        "expires_at": read("expires_at", parse_expiry, None),
        "max_uses": read("max_uses", lambda state: _parse_uses(state, "max_uses"), 0),
        "max_uses_per_customer": read(
            "max_uses_per_customer",
            lambda state: _parse_uses(state, "max_uses_per_customer"),
            0,
        ),
        "minimum_spend": spend,
        "currency": currency,
        "ceiling": read("ceiling", lambda state: _parse_ceiling(state, currency), None),
        "as_coupon": known.as_coupons,
        "stacking": known.stacking,
        **_channel(form),
    }
    return fields, errors


def parse_expiry(form: FormState) -> datetime | None:
    """Return the end of the last day, None for never."""
    chosen, zone = form.text("expires"), CodeContext.of(form.context).zone
    today = datetime.now(zone_of(zone)).date()
    if chosen == NEVER:
        return None
    if chosen in DAYS:
        return end_of_day(today + timedelta(days=int(chosen)), zone)
    if chosen != ON_DATE:
        raise FieldErrors({"expires": "Choose how long the code is valid."})
    try:
        last_day = date.fromisoformat(form.text("expires_at"))
    except ValueError:
        raise FieldErrors({"expires_at": "Choose the last day on which the code works."}) from None
    if last_day < today:
        raise FieldErrors({"expires_at": f"That day is over in the store's time zone ({zone})."})
    if last_day > today + timedelta(days=LONGEST_DAYS):
        raise FieldErrors({"expires_at": "Choose a day within the next ten years."})
    return end_of_day(last_day, zone)


def preset_values(preset: Preset, zone: str, currency: str, ceiling: str = "") -> dict[str, str]:
    """Return the form's values that a preset stands for; its amounts are in `currency`.

    `ceiling` is the shop's usual one.
    """
    days = preset.days
    values = {
        "type": preset.type,
        **({"currency": currency} if preset.type == FIXED else {}),
        "value": f"{preset.value.normalize():f}",
        "expires": NEVER if days is None else str(days),
        "expires_at": "",
        "max_uses": "" if preset.uses is None else str(preset.uses),
        "max_uses_per_customer": "",
        "ceiling": ceiling,
    }
    if days is not None and str(days) not in DAYS:
        last_day = datetime.now(zone_of(zone)).date() + timedelta(days=days)
        values |= {"expires": ON_DATE, "expires_at": last_day.isoformat()}
    return values


def rate_of(form: FormState, currency: str) -> Decimal:
    """Return what one of the default currency is in this one; 0 when that is not known."""
    known = CodeContext.of(form.context)
    if currency in {"", EVERY_CURRENCY, known.currency}:
        return Decimal(1)
    rates = {each.code: each.rate for each in known.currencies}
    return Decimal(rates.get(currency, "0"))


def _parse_value(form: FormState) -> Decimal:
    if form.text("type") == FREE_SHIPPING:
        return Decimal(0)
    typed = form.text("value")
    return parse_percentage(typed) if form.text("type") == PERCENTAGE else parse_amount(typed)


def _parse_spend(form: FormState) -> Decimal | None:
    typed = form.text("minimum_spend")
    return parse_amount(typed) if typed else None


def _typed_ceiling(form: FormState) -> str:
    """Return what was typed as the most of a percentage, "" for every other type."""
    return form.text("ceiling") if form.text("type") == PERCENTAGE else ""


def _parse_ceiling(form: FormState, currency: str) -> Decimal | None:
    typed = _typed_ceiling(form)
    known = CodeContext.of(form.context)
    if typed and typed == known.usual_ceiling:
        # Left as it was offered: it is the shop's, in whatever currency was chosen.
        typed = known.ceilings.get(currency or known.currency, "")
    return parse_amount(typed) if typed else None


def _parse_uses(form: FormState, name: str) -> int:
    typed = form.text(name)
    if not typed:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", typed) or not 1 <= int(typed) <= 100_000:
        raise NotUnderstood("Type a whole number from 1 to 100,000, or nothing for no limit.")
    return int(typed)


def _chosen(form: FormState, name: str) -> tuple[int, ...]:
    return tuple(int(value) for value, _ in form.values.get(name) or [])


def _currency(form: FormState, *, names_money: bool) -> str:
    """Return the currency of the code: "" for a store with one, all of them where none is named."""
    known = CodeContext.of(form.context)
    codes = [each.code for each in known.currencies]
    if len(codes) < 2:
        return ""
    if form.text("type") != FIXED and not names_money:
        # A coupon is for the store's own currency, whatever it gives.
        return "" if known.as_coupons else EVERY_CURRENCY
    chosen = form.text("currency") or known.order_currency
    return chosen if chosen in codes else known.currency


def _channel(form: FormState) -> dict[str, Any]:
    chosen = form.text("channel_id")
    for number, name in CodeContext.of(form.context).channels:
        if str(number) == chosen:
            return {"channel_id": number, "channel_name": name}
    return {}
