"""How Slack asks for a discount code: code, type, value, what it applies to, expiration."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot.actions import CREATE_DISCOUNT_CODE, CreateDiscountCode
from bot.actions.snapshot import OrderSnapshot
from bot.actions.typed import NotUnderstood, end_of_day, parse_amount, parse_percentage
from bot.bigcommerce import BigCommerceError, CouponType
from handlers.blocks import Block, context, option, radio, section, select, text_input
from handlers.desk import Desk
from handlers.form import ActionForm, FieldErrors, FormState, request_errors
from handlers.text import clean, shorten_start

DAYS = {"7": "7 days", "14": "14 days", "30": "30 days", "90": "90 days", "365": "One year"}
NEVER, ON_DATE = "never", "date"
LONGEST_DAYS = 3650  # a slip of the finger, or a date that no calendar can convert
DOES = "Creates a code that the customer enters at checkout. It works at once."


async def load(desk: Desk, snapshot: OrderSnapshot | None) -> dict[str, Any]:
    """Return the store's currency and time zone, and warm the categories for the type-ahead."""
    store = await desk.catalogue.store()
    try:
        await desk.catalogue.find_categories("")
        categories = True
    except BigCommerceError:  # the code can still be made for the whole catalogue
        categories = False
    return {
        "currency": store.default_currency,
        "zone": store.timezone_name,
        "categories": categories,
        "expires": "30",
    }


def build(form: FormState) -> list[Block]:
    """Return the form."""
    currency = form.context["currency"]
    kinds = [
        option(f"Fixed amount in {currency}", "fixed", "Taken once off the order's total"),
        option("Percentage", "percentage", "Off each item that it applies to"),
    ]
    code = text_input("code", initial=form.text("code"), placeholder="SORRY10", max_length=60)
    value = text_input("value", initial=form.text("value"), placeholder="10.00", max_length=30)
    kind = radio("type", kinds, initial=form.text("type") or "percentage")
    hint = "Letters, digits, spaces, hyphens and underscores; at most 50 characters."
    about = f" It is noted in the thread of order {form.order_id}." if form.order_id else ""
    return [
        section(DOES + about),
        *form.field("code", "Discount code", code, hint=hint),
        *form.field("type", "Type", kind),
        *form.field("value", "Value", value, hint=f"Percent, or an amount in {currency}."),
        *_category_fields(form),
        *_expiry_fields(form),
    ]


def parse(form: FormState) -> CreateDiscountCode:
    """Return the request; FieldErrors for every field that is wrong."""
    percentage = form.text("type") == "percentage"
    errors: dict[str, str] = {}
    value, expires_at = Decimal(1), None
    try:
        typed = form.text("value")
        value = parse_percentage(typed) if percentage else parse_amount(typed)
    except NotUnderstood as wrong:
        errors["value"] = str(wrong)
    try:
        expires_at = _parse_expiry(form)
    except FieldErrors as wrong:
        errors |= wrong.errors
    try:
        request = CreateDiscountCode(
            order_id=form.order_id,
            code=form.text("code"),
            type=CouponType.PERCENTAGE if percentage else CouponType.FIXED_AMOUNT,
            value=value,
            category_ids=tuple(int(chosen) for chosen, _ in form.values.get("category_ids") or []),
            expires_at=expires_at,
        )
    except ValidationError as wrong:
        raise FieldErrors(request_errors(wrong) | errors) from wrong
    if errors:
        raise FieldErrors(errors)
    return request


async def find_category_options(desk: Desk, query: str) -> list[Block]:
    """Return the categories that match what was typed, as options."""
    found = await desk.catalogue.find_categories(query)
    return [option(shorten_start(clean(c.path), 75), str(c.id)) for c in found]


def _category_fields(form: FormState) -> list[Block]:
    if not form.context["categories"]:
        return [context("The categories cannot be read just now; the code applies to all of them.")]
    chosen = [option(text, value) for value, text in form.values.get("category_ids") or []]
    element: Block = {
        "type": "multi_external_select",
        "action_id": "category_ids",
        "min_query_length": 0,
        "placeholder": {"type": "plain_text", "text": "All categories"},
    }
    if chosen:
        element["initial_options"] = chosen
    hint = "Leave it empty for all categories."
    return form.field("category_ids", "Applies to", element, hint=hint, optional=True)


def _expiry_fields(form: FormState) -> list[Block]:
    presets = [option(text, days) for days, text in DAYS.items()]
    presets += [option("Never expires", NEVER), option("On a date …", ON_DATE)]
    chosen = form.text("expires") or form.context["expires"]
    picker: Block = {"type": "datepicker", "action_id": "expires_at"}
    if form.text("expires_at"):
        picker["initial_date"] = form.text("expires_at")
    zone = form.context["zone"]
    hint = f"Only for “On a date …”. The code works until the end of that day in {zone}."
    return [
        *form.field("expires", "Valid for", select("expires", presets, initial=chosen)),
        *form.field("expires_at", "Last day", picker, hint=hint, optional=True),
    ]


def _parse_expiry(form: FormState) -> datetime | None:
    chosen, zone = form.text("expires"), form.context["zone"]
    today = datetime.now(ZoneInfo(zone)).date()
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


FORM = ActionForm(CREATE_DISCOUNT_CODE, DOES, load, build, parse)
