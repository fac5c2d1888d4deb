"""The ways in which an answer is changed: which ones an answer allows, and making them.

A change is a text: its kind, and what it is made to: "null.data.0.amount", "enum.status=DISABLED",
"status.503". A field's path is made of the keys and places that lead to it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.hostile.documented import HTML, NO_CONTENT, refusal, statuses

# Values of the documentation that a field may have; the answer had another one of them.
ENUMS: dict[str, tuple[Any, ...]] = {
    "status_id": (0, 1, 2, 4, 5, 7, 10, 11, 14),
    "payment_status": ("authorized", "captured", "refunded", "partially refunded", "void", ""),
    "status": ("ENABLED", "DISABLED", "INVALID", "ok", "error", "Shipped", "Refunded"),
    "event": ("purchase", "refund", "void", "settled", "pending", "custom"),
    "type": ("physical", "giftcertificate", "percentage_discount", "per_item_discount"),
    "item_type": ("PRODUCT", "SHIPPING", "ORDER", "FEE"),
    "provider_id": ("storecredit", "custom", "braintree", "bankdeposit"),
    "currency_code": ("USD", "EUR", "*"),
    "default_currency_code": ("USD", "EUR"),
    "currency": ("USD", "EUR"),
    "redemption_type": ("AUTOMATIC", "COUPON"),
    "entity": ("products", "categories"),
}
# On these hang money, states and identities, so they come first.
TELLING = (
    *("amount", "total", "cost", "price", "tax", "quantity", "refund", "status", "currency"),
    *("id", "event", "declined", "enabled", "code", "uses", "expires", "end_date", "reason"),
    *("payments", "methods", "data", "items", "rules", "name", "staff_notes", "offline"),
)
AMOUNTS = ("amount", "total", "cost", "price", "tax", "available_to_sell", "quantity")
LIES = ("null", "missing", "type", "junk", "blank", "surrogate", "enum", "amount", "id", "flip")
STALE = "stale"
WHOLE = ("none", "html", "shape", "lost")
SURROGATE = "\ud83c plant"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: `body` None for an empty one; `is_cut` for a connection that broke instead.

    `asked` is the body of the call that it answers.
    """

    status: int
    body: str | None
    content_type: str = "application/json"
    is_cut: bool = False
    asked: str = field(default="", compare=False)

    @property
    def value(self) -> Any:
        """The JSON that it holds, None where it holds none."""
        try:
            return json.loads(self.body or "null")
        except ValueError:
            return None


def kind_of(change: str) -> str:
    """Return a change's kind."""
    return change.split(".", 1)[0]


def is_telling(change: str) -> bool:
    """Tell whether money, a state or an identity hangs on what is changed."""
    field = change.rsplit(".", 1)[-1].split("=", 1)[0]
    return kind_of(change) not in LIES or any(word in field for word in TELLING)


def possible(call: str, answer: Answer, luck: Random) -> Iterator[str]:
    """Return every change that can be made to an answer; of a list, to one entry drawn by luck."""
    yield from (f"status.{status}" for status in statuses(call))
    yield from WHOLE
    if call.startswith("GET "):
        yield STALE
    if answer.value is not None:
        yield from _inside(answer.value, "", luck)


def _inside(value: Any, path: str, luck: Random) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _of_field(key, inner, f"{path}.{key}", luck)
            yield from _inside(inner, f"{path}.{key}", luck)
    elif isinstance(value, list) and value:
        yield f"empty{path}"
        yield f"double{path}"
        place = luck.randrange(len(value))
        yield from _inside(value[place], f"{path}.{place}", luck)


def _of_field(key: str, value: Any, path: str, luck: Random) -> Iterator[str]:
    yield f"null{path}"
    yield f"missing{path}"
    yield f"junk{path}"
    if isinstance(value, bool):
        yield f"flip{path}"
    elif isinstance(value, (int, float, str)):
        yield f"type{path}"
    if isinstance(value, str) and value:
        yield f"blank{path}"
        yield f"surrogate{path}"
    others = [each for each in ENUMS.get(key, ()) if each != value and type(each) is type(value)]
    if others:
        yield f"enum{path}={luck.choice(others)}"
    if any(word in key for word in AMOUNTS) and _number(value):
        yield f"amount{path}={luck.choice(('half', 'double', 'more', 'nothing', 'below'))}"
    if (key == "id" or key.endswith("_id")) and _number(value):
        yield f"id{path}=other"


def changed(change: str, call: str, answer: Answer, *, other_order: int, earlier: Answer) -> Answer:
    """Return the answer with the change made; as it is where it no longer has such a field.

    `other_order` is the number of an order that stands beside; `earlier` what the same call was
    answered before.
    """
    kind, _, what = change.partition(".")
    if kind == "status":
        content_type, body = refusal(call, int(what))
        return Answer(int(what), body, content_type)
    match kind:
        case "none":
            return Answer(NO_CONTENT, None)
        case "html":
            return Answer(200, HTML, "text/html")
        case "shape":
            return Answer(answer.status, json.dumps(_other_shape(answer.value)))
        case "lost":
            return Answer(0, None, is_cut=True)
        case kind if kind == STALE:
            return earlier
    path, _, detail = what.partition("=")
    value = alter(kind, answer.value, path, detail, other_order)
    return answer if value == answer.value else Answer(answer.status, json.dumps(value))


def alter(kind: str, value: Any, path: str, detail: str, other_order: int = 0) -> Any:
    """Return the JSON with the field at the path changed; as it is where it has no such field."""
    changing = copy.deepcopy(value)
    try:
        return _change_field(kind, changing, path.split(".") if path else [], detail, other_order)
    except (KeyError, IndexError, TypeError, ValueError):
        return value


def _other_shape(value: Any) -> Any:
    if isinstance(value, list):
        return {"items": value}
    if isinstance(value, dict) and "data" in value:
        return value["data"]
    return {"data": value} if value else []


def _change_field(kind: str, value: Any, path: list[str], detail: str, other_order: int) -> Any:
    """Change the field at the path in place, and return the whole."""
    if not path:  # the list that the answer is
        return [] if kind == "empty" else [*value, copy.deepcopy(value[0])]
    holder = value
    for step in path[:-1]:
        holder = holder[_key(holder, step)]
    key = _key(holder, path[-1])
    if kind == "missing":
        del holder[key]
    else:
        holder[key] = _instead(kind, holder[key], path[-1], detail, other_order)
    return value


def _key(holder: Any, step: str) -> Any:
    return int(step) if isinstance(holder, list) else step


def _instead(kind: str, value: Any, name: str, detail: str, other_order: int) -> Any:
    match kind:
        case "null":
            return None
        case "junk":
            return 7 if isinstance(value, (list, dict)) else [{"unexpected": True}]
        case "type":
            return _other_type(value)
        case "flip":
            return not value
        case "blank":
            return ""
        case "surrogate":
            return SURROGATE
        case "empty":
            return []
        case "double":
            return [*value, copy.deepcopy(value[0])]
        case "enum":
            return int(detail) if isinstance(value, int) else detail
        case "amount":
            return _as(value, _AMOUNTS[detail](float(value)))
        case "id":
            return _as(value, other_order if name == "order_id" else _other_id(value, other_order))
    raise ValueError(kind)


_AMOUNTS: dict[str, Callable[[float], float]] = {
    "half": lambda amount: round(amount / 2, 2),
    "double": lambda amount: round(amount * 2, 2),
    "more": lambda amount: round(amount + 1, 2),
    "nothing": lambda amount: 0,
    "below": lambda amount: -amount,
}


def _other_id(value: Any, other_order: int) -> int:
    return other_order if int(value) == other_order - 1 else int(value) + 1


def _other_type(value: Any) -> Any:
    if isinstance(value, str):
        return float(value) if _number(value) else 7
    return str(value)


def _as(value: Any, number: float) -> Any:
    """Return the number written as the value was."""
    if isinstance(value, str):
        return f"{number:.2f}" if "." in value else str(int(number))
    return int(number) if isinstance(value, int) and number == int(number) else number


def _number(value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    try:
        return float(value) != 0
    except (TypeError, ValueError):
        return False
