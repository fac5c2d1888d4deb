"""The fields of a coupon, read from a request body and held against their rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

from bot.sandbox.bigcommerce.answers import StoreError, v2_date

TYPES = (
    *("per_item_discount", "per_total_discount", "percentage_discount"),
    *("shipping_discount", "free_shipping"),
)
NEEDED = ("name", "code", "type", "amount", "applies_to")
READ_ONLY = ("id", "date_created", "num_uses")
CODE = re.compile(r"[A-Za-z0-9_ -]{1,50}")


def read_coupon(body: Mapping[str, Any], *, needs_all: bool) -> dict[str, Any]:
    """Return the fields by the names of the books, or raise StoreError for the first wrong one."""
    for field in body:
        if field in READ_ONLY:
            raise StoreError(
                400,
                f"The field '{field}' cannot be written to. "
                "Please remove it from your request before trying again.",
            )
        if field not in READERS:
            raise StoreError(400, f"The field '{field}' is not supported by this resource.")
    for field in NEEDED if needs_all else ():
        if body.get(field) is None:
            raise StoreError(400, f"The required field '{field}' was not supplied.")
    found: dict[str, Any] = {}
    for field, value in body.items():
        try:
            found.update(READERS[field](field, value))
        except (ValueError, TypeError, ArithmeticError) as exc:
            raise StoreError(400, f"The field '{field}' is invalid.") from exc
    if found.get("type") == "percentage_discount" and found.get("amount", 0) > 100:
        raise StoreError(400, "The field 'amount' is invalid.")
    return found


def _name(field: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, str) or not 1 <= len(value) <= 100:
        raise ValueError(field)
    return {field: value}


def _code(field: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise ValueError(field)
    return {field: value}


def _type(field: str, value: Any) -> dict[str, Any]:
    if value not in TYPES:
        raise ValueError(field)
    return {field: value}


def _money(field: str, value: Any) -> dict[str, Any]:
    amount = Decimal(str(value))
    if isinstance(value, bool) or not amount.is_finite() or amount < 0:
        raise ValueError(field)
    return {field: amount}


def _expires(field: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, str):
        raise TypeError(field)
    if not value:
        return {field: ""}
    # Whether live stores keep the hour and the zone is not known; the moment is kept here.
    return {field: v2_date(parsedate_to_datetime(value).astimezone(UTC))}


def _flag(field: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, bool):
        raise TypeError(field)
    return {field: value}


def _count(field: str, value: Any) -> dict[str, Any]:
    if not _is_count(value):
        raise ValueError(field)
    return {field: value}


def _applies_to(field: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(field)
    entity, ids = value.get("entity"), value.get("ids")
    if entity not in ("categories", "products") or not isinstance(ids, list):
        raise ValueError(field)
    if not all(map(_is_count, ids)):
        raise ValueError(field)
    return {"entity": entity, "ids": ids}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _restricted_to(field: str, value: Any) -> dict[str, Any]:
    if value and not isinstance(value, dict):
        raise TypeError(field)
    return {"countries": str(value.get("countries", ""))} if value else {}


def _shipping_methods(field: str, value: Any) -> dict[str, Any]:
    if value is not None and not isinstance(value, list):
        raise TypeError(field)
    return {field: [str(method) for method in value or []] or None}


READERS: dict[str, Callable[[str, Any], dict[str, Any]]] = {
    "name": _name,
    "code": _code,
    "type": _type,
    "amount": _money,
    "min_purchase": _money,
    "expires": _expires,
    "enabled": _flag,
    "applies_to": _applies_to,
    "max_uses": _count,
    "max_uses_per_customer": _count,
    "restricted_to": _restricted_to,
    "shipping_methods": _shipping_methods,
}
