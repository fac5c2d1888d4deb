"""What people type, turned into values: order numbers, amounts, percentages, reasons, dates.

Every refusal is a sentence that tells the person what to type instead.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from bot.values.marks import without_marks
from bot.values.money import has_decimals, no_decimals

# BigCommerce's order numbers are 32-bit signed integers.
LARGEST_ORDER_ID = 2**31 - 1
# Nobody makes an order good with more than this; it catches a slip of the finger.
AMOUNT_LIMIT = Decimal(1_000_000)
REASON_LIMIT = 500

# ASCII digits only: `\d` would let in other scripts' digits, which the store may read differently.
_ORDER_ID = re.compile(r"#?\s*([0-9]{1,20})")
_NUMBER = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,2})?")
_TOO_PRECISE = re.compile(r"[0-9]+\.[0-9]{3,}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,' ][0-9]{3})+(?:[.,][0-9]*)?")


class NotUnderstood(ValueError):
    """What was typed cannot be used; `str()` is the sentence for the person."""


def parse_order_id(text: str) -> int:
    """Return the order number in "1042", "#1042" or " 1042 "; raise NotUnderstood otherwise."""
    typed = text.strip()
    if not typed:
        raise NotUnderstood("Type an order number, for example 1042.")
    match = _ORDER_ID.fullmatch(typed)
    if match is None:
        raise NotUnderstood("An order number has digits only.")
    order_id = int(match[1])
    if order_id == 0:
        raise NotUnderstood("Order numbers start at 1.")
    if order_id > LARGEST_ORDER_ID:
        raise NotUnderstood("No order number is that large. Check it and type it again.")
    return order_id


def parse_amount(text: str, *, currency: str = "", limit: Decimal = AMOUNT_LIMIT) -> Decimal:
    """Return an amount above 0 and below `limit`, with two decimals; "10,50" is read as 10.50.

    `currency` is what it is in, where that is known: not all have decimals.
    """
    amount = _parse_number(text, example="10 or 10.50").quantize(Decimal("0.01"))
    if amount >= limit:
        raise NotUnderstood(f"The amount must be below {limit:,.0f}.")
    if amount % 1 and not has_decimals(currency):
        raise NotUnderstood(no_decimals(currency))
    return amount


def parse_percentage(text: str) -> Decimal:
    """Return a percentage above 0 and up to 100, at most two decimals; a "%" may follow."""
    percentage = _parse_number(text.strip().removesuffix("%"), example="10 or 12.5")
    if percentage > 100:
        raise NotUnderstood("A percentage cannot be above 100.")
    return percentage


def clean_reason(text: str) -> str:
    """Return the reason as one line: control characters gone, white space single, no mark in it."""
    spaced = (" " if character.isspace() else character for character in text)
    kept = (character for character in spaced if unicodedata.category(character) != "Cc")
    return without_marks(" ".join("".join(kept).split()))


def end_of_day(day: date, timezone_name: str) -> datetime:
    """Return the day's last second in the store's time zone, aware, with that zone's offset.

    It is not turned into UTC: should BigCommerce keep the date only, it keeps the right one.
    """
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone_of(timezone_name))


def zone_of(timezone_name: str) -> ZoneInfo:
    """Return the time zone, UTC for a name that is not known here."""
    try:
        return ZoneInfo(timezone_name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _parse_number(text: str, *, example: str) -> Decimal:
    typed = text.strip()
    if not typed:
        raise NotUnderstood(f"Type a number, for example {example}.")
    if not _NUMBER.fullmatch(typed):
        raise NotUnderstood(_explain(typed, example))
    number = Decimal(typed.replace(",", "."))
    if number == 0:
        raise NotUnderstood("The number must be above 0.")
    return number


def _explain(typed: str, example: str) -> str:
    # "1.000" is a thousand to half of the world and one to the other half: ask, never guess.
    if _GROUPED.fullmatch(typed):
        return f"Write the number without a thousands separator, for example {example}."
    if _TOO_PRECISE.fullmatch(typed):
        return f"Use at most two decimals, for example {example}."
    if typed.startswith("-"):
        return "The number must be above 0."
    return f"Write it as a plain number, for example {example}."


def _check_reason(reason: str) -> str:
    if not reason:
        raise NotUnderstood("Give a reason.")
    if len(reason) > REASON_LIMIT:
        raise NotUnderstood(f"Keep the reason within {REASON_LIMIT} characters.")
    return reason


def _clean(value: object) -> object:
    return clean_reason(value) if isinstance(value, str) else value


Reason = Annotated[str, BeforeValidator(_clean), AfterValidator(_check_reason)]
OrderId = Annotated[int, Field(ge=1, le=LARGEST_ORDER_ID)]
