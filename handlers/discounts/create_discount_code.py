"""How Slack asks for a discount code: presets, code, value, what it is for, limits and reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.actions.discounts.caps import (
    amount_cap,
    beyond_caps,
    describe_caps,
    missing_worth,
    needs_worth,
    usual_ceiling,
    worth_cap,
)
from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.discounts.words import currency_of, describe_product
from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.models import Currency
from bot.bigcommerce.promotions import Stacking
from bot.config.configuration import Configuration, DiscountRules
from bot.values.parsing import zone_of
from handlers.block_kit.builders import Block, Option, option, section
from handlers.block_kit.mrkdwn import clean, shorten, shorten_start
from handlers.commands import Command
from handlers.desk import Desk
from handlers.discounts.code_message import code_details
from handlers.discounts.form_context import CodeContext, Payable
from handlers.discounts.form_fields import (
    ANOTHER,
    PRESET,
    REFUSED,
    WITH_APPROVAL,
    channel_field,
    code_field,
    expiry_fields,
    head_fields,
    item_fields,
    use_fields,
    value_fields,
)
from handlers.discounts.form_terms import DAYS, ON_DATE, preset_values, rate_of, read_code_terms
from handlers.flow.form import ActionForm, FieldErrors, FormState, request_errors
from handlers.flow.reason import parse_reason, reason_fields
from storage.log.references import new_code

DOES = "Creates a code that the customer enters at checkout. It works at once."
USUAL_DAYS = 30
# Slack awaits the answer to a type-ahead for three seconds.
OPTIONS_S = 2.0
T = TypeVar("T")


async def load(desk: Desk, snapshot: OrderSnapshot | None) -> dict[str, Any]:
    """Return what the form needs to know of the store and of the configuration."""
    now = desk.configuration.current()
    rules = now.discount
    store = await desk.catalogue.store()
    currencies, channels, categories = await asyncio.gather(
        _or_nothing(desk.catalogue.currencies()),
        _or_nothing(desk.catalogue.channels()),
        _or_nothing(desk.catalogue.find_categories("")),
    )
    payable = _payable(currencies or [])
    default = store.default_currency
    rates = {default: Decimal(1)} | {each.code: Decimal(each.rate) for each in payable}
    expires, expires_at = _usual_end(rules, store.timezone_name)
    of_order = snapshot.order.currency if snapshot else default
    return CodeContext(
        currency=default,
        currencies=payable,
        order_currency=of_order if of_order in {each.code for each in payable} else default,
        channels=tuple((channel.id, channel.name) for channel in channels or [])[:99],
        zone=store.timezone_name,
        categories=categories is not None,
        presets=rules.presets,
        prefix=rules.prefix,
        code=new_code(rules.prefix),
        as_coupons=rules.as_coupons,
        stacking=Stacking(rules.stacking),
        unbounded=_unbounded(now),
        ceilings={
            code: f"{ceiling:f}"
            for code, rate in rates.items()
            if (ceiling := usual_ceiling(rules, code, rate)) is not None
        },
        caps=describe_caps(rules, amount_cap(rules, default, Decimal(1))),
        most_days=rules.most_days,
        expires=expires,
        expires_at=expires_at,
    ).saved()


def build(form: FormState) -> list[Block]:
    """Return the form."""
    about = f" It is noted in the thread of order {form.order_id}." if form.order_id else ""
    return [
        section(DOES + about),
        *head_fields(form),
        *code_field(form),
        *value_fields(form),
        *item_fields(form),
        *expiry_fields(form),
        *use_fields(form),
        *channel_field(form),
        *reason_fields(form),
    ]


def parse(form: FormState) -> CreateDiscountCode:
    """Return the request; FieldErrors for every field that is wrong."""
    fields, errors = read_code_terms(form)
    try:
        fields["reason"] = parse_reason(form)
    except FieldErrors as wrong:
        errors |= wrong.errors
    try:
        request = CreateDiscountCode(order_id=form.order_id, **fields)
    except ValidationError as wrong:
        raise FieldErrors(request_errors(wrong) | errors) from wrong
    if errors:
        raise FieldErrors(errors)
    return request


def check(desk: Desk, form: FormState, request: CreateDiscountCode) -> dict[str, str]:
    """Return what goes beyond the caps and limits as they are now, next to its field."""
    now, known = desk.configuration.current(), CodeContext.of(form.context)
    rules = now.discount
    currency = currency_of(request, known.currency)
    wrong = beyond_caps(
        request,
        rules,
        amount=amount_cap(rules, currency, rate_of(form, currency)),
        worth=worth_cap(rules, currency, rate_of(form, currency)),
        now=datetime.now(UTC),
        timezone_name=known.zone,
    )
    if "expires_at" in wrong and form.text("expires") != ON_DATE:
        wrong["expires"] = wrong.pop("expires_at")
    if needs_worth(now):
        wrong = {**missing_worth(request), **wrong}
    return wrong


def click(form: FormState, name: str, value: str) -> None:
    """Fill the form from a preset, or with another code."""
    known = CodeContext.of(form.context)
    if name == ANOTHER:
        form.values["code"] = new_code(known.prefix)
    elif name == PRESET and value.isdecimal() and int(value) < len(known.presets):
        preset = known.presets[int(value)]
        form.values |= preset_values(preset, known.zone, known.currency, known.usual_ceiling)


async def find_category_options(desk: Desk, query: str) -> list[Option]:
    """Return the categories that match what was typed, as options."""
    found = await desk.catalogue.find_categories(query)
    return tell_apart([(c.id, clean(c.path)) for c in found], keep_end=True)


async def find_product_options(desk: Desk, query: str) -> list[Option]:
    """Return the products that match what was typed, as options."""
    async with asyncio.timeout(OPTIONS_S):
        found = await desk.store.catalog.search(query)
    return tell_apart([(product.id, clean(describe_product(product))) for product in found])


def tell_apart(rows: Sequence[tuple[int, str]], *, keep_end: bool = False) -> list[Option]:
    """Return options whose texts differ: where names do not, their numbers are shown too."""
    cut = shorten_start if keep_end else shorten
    labels = [cut(label, 75) for _, label in rows]
    options = []
    for (number, text), label in zip(rows, labels, strict=True):
        if labels.count(label) > 1:
            mark = f" · #{number}"
            label = cut(text, 75 - len(mark)) + mark
        options.append(option(label, str(number)))
    return options[:100]


async def _or_nothing(reading: Awaitable[T]) -> T | None:
    """Return what is read, None when it cannot be: the code can be made without it."""
    try:
        return await reading
    except BigCommerceError:
        return None


def _unbounded(now: Configuration) -> str:
    """Return what goes for a code whose worth has no bound, for the fields that leave it open."""
    if needs_worth(now):
        return REFUSED
    counts, above = now.discount.unknown_counts_as, now.approval_above
    is_above = above is not None and (counts is None or counts > above)
    return WITH_APPROVAL if is_above else ""


def _payable(currencies: Sequence[Currency]) -> tuple[Payable, ...]:
    return tuple(
        Payable(
            code=each.code,
            label=f"{each.code} ({each.name})" if each.name else each.code,
            rate=str(each.rate),
        )
        for each in currencies
        if each.enabled and each.is_transactional
    )


def _usual_end(rules: DiscountRules, timezone_name: str) -> tuple[str, str]:
    """Return how long a code is usually valid: thirty days, or as long as the cap allows.

    The days, or that it is a date, and the last day (ISO 8601), "" for none.
    """
    most = rules.most_days
    fitting = [days for days in map(int, DAYS) if days <= min(USUAL_DAYS, most or USUAL_DAYS)]
    if fitting:
        return str(fitting[-1]), ""
    last_day = datetime.now(zone_of(timezone_name)).date() + timedelta(days=most or 1)
    return ON_DATE, last_day.isoformat()


COMMAND = Command(
    CREATE_DISCOUNT_CODE.commands[0],
    (
        ("/discount-code 1042", "a code for the customer, noted in the order's thread"),
        ("/discount-code", "a code without an order"),
    ),
)
FORM = ActionForm(
    CREATE_DISCOUNT_CODE,
    DOES,
    load,
    build,
    parse,
    COMMAND,
    code_details,
    check=check,
    click=click,
    options={"category_ids": find_category_options, "product_ids": find_product_options},
)
