"""JSON as it goes over the wire: money stays Decimal in both directions, never a float."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.values.clean_text import clean_text, cleaned

CENT = Decimal("0.01")
LARGEST_EXPONENT = 400
# Escapes of halves of surrogate pairs, and of NUL.
UNFIT_ESCAPE = re.compile(r"\\u(?:d[89a-f]|0000)", re.IGNORECASE)


def two_decimals(amount: Decimal) -> Decimal:
    """Return the amount with two decimals, half up: BigCommerce answers 422 to a third.

    Raises ValueError for what is not a finite number.
    """
    if not amount.is_finite():
        raise ValueError("an amount must be a finite number")
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def dumps(value: Any) -> str:
    """Write JSON; a Decimal becomes a number with exactly its own digits."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        pairs = (f"{dumps(str(key))}: {dumps(member)}" for key, member in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(dumps(member) for member in value) + "]"
    return json.dumps(clean_text(value) if isinstance(value, str) else value)


def loads(body: bytes) -> Any:
    """Read JSON with numbers as Decimal and every text clean; None for an empty body.

    Raises ValueError for anything that is not JSON, however odd. NaN and Infinity, which some
    writers take for JSON, are read as what they are, for the fields to refuse.
    """
    if not body.strip():
        return None
    try:
        # A byte that is no UTF-8 spoils its own text only.
        text = body.decode(json.detect_encoding(body), errors="replace")
        value = json.loads(text, parse_float=_number, parse_constant=Decimal)
        return cleaned(value) if UNFIT_ESCAPE.search(text) else value
    except (ArithmeticError, RecursionError) as error:
        raise ValueError("not readable as JSON") from error


def _number(text: str) -> Decimal:
    # Written out, one of a larger exponent would fill the memory.
    number = Decimal(text)
    if abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ValueError("no number that anybody writes")
    return number
