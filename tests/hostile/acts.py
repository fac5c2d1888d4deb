"""What a store does instead of what it was asked for: other ways for a write to go wrong.

The answer is then as true as can be: it is what was done that is not what was asked. An act is
written as a change is, of the body that was sent: "act.amount=double", "act.enabled=flip".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.hostile.changes import alter

ACT = "act"
FEWER = f"{ACT}.fewer"
REFUND = "POST v3/orders/N/payment_actions/refunds"
# Texts have no other value to take, numbers of things would name others, and a refund's amounts
# have to fit its items: that is done as a whole.
STATUS_IDS = (2, 11)


def possible_acts(call: str, asked: Any) -> Iterator[str]:
    """Return every other act that can come of a write with this body."""
    if "inventory" in call:
        return  # the answer is a number of its own, and levels change by themselves
    if call == REFUND:
        if len(asked["items"]) > 1:
            yield FEWER
    elif isinstance(asked, dict):
        yield from _inside(asked, ACT)


def _inside(value: Any, path: str) -> Iterator[str]:
    rows = value.items() if isinstance(value, dict) else enumerate(value[:1])
    for key, inner in rows:
        name = f"{path}.{key}"
        if isinstance(inner, (dict, list)):
            yield from _inside(inner, name)
        elif key == "status_id":
            yield from (f"{name}={status}" for status in STATUS_IDS if status != inner)
        elif isinstance(inner, bool):
            yield f"{name}=flip"
        elif key in {"status", "expires", "end_date"}:
            yield f"{name}=missing"
        elif not str(key).endswith("_id") and _is_amount(inner):
            yield f"{name}=double"


def acted(change: str, body: str) -> str:
    """Return the body of what is done instead; the one that was sent where it no longer fits."""
    path, _, detail = change.removeprefix(f"{ACT}.").partition("=")
    kind = {"flip": "flip", "missing": "missing", "double": "amount"}.get(detail, "enum")
    return json.dumps(alter(kind, json.loads(body), path, detail))


def fewer_items(body: str) -> str:
    """Return the body of a quote of a refund's first item alone."""
    return json.dumps({"items": json.loads(body)["items"][:1]})


def fewer(body: str, quote: str) -> str:
    """Return a refund of its first item alone, paid back as that was quoted, in the same way."""
    asked = json.loads(body)
    wanted = {payment["provider_id"] for payment in asked["payments"]}
    methods = json.loads(quote)["data"]["refund_methods"]
    ways = [way for way in methods if {each["provider_id"] for each in way} <= wanted]
    payments = [
        {name: each[name] for name in ("provider_id", "amount", "offline")}
        for each in (ways or methods)[0]
    ]
    return json.dumps({**asked, "items": asked["items"][:1], "payments": payments})


def _is_amount(value: Any) -> bool:
    try:
        return float(value) > 0
    except (TypeError, ValueError):
        return False
