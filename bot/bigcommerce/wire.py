"""JSON as it goes over the wire: money stays Decimal in both directions, never a float."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


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
        pairs = (f"{json.dumps(str(key))}: {dumps(member)}" for key, member in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(dumps(member) for member in value) + "]"
    return json.dumps(value)


def loads(body: bytes) -> Any:
    """Read JSON with numbers as Decimal; None for an empty body.

    Raises ValueError for anything that is not JSON, however odd.
    """
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_float=Decimal)
    except (ArithmeticError, RecursionError) as error:
        raise ValueError("not readable as JSON") from error
