"""Which changes of the configuration loosen its rules, and what of a change does not.

Each field has an answer: how two of its values meet in the stricter one. A change loosens what its
new value is not the stricter of. Values are plain, as the configuration's history keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.config.configuration import ActionRule, Configuration

Meet = Callable[[Any, Any], Any]
STACKING = ("alone", "replaces", "together")  # from what gives least away


@dataclass(frozen=True, slots=True)
class Loosening:
    """A field as it is and as it would be.

    Paths are `day_limit`, `rules.refund_order.who`, `discount.ceiling` and the like.
    """

    path: str
    before: Any
    after: Any


def _least(before: Any, after: Any) -> Any:
    """A limit: the lower, and none at all is the highest."""
    if after is None:
        return before
    return after if before is None or Decimal(str(after)) <= Decimal(str(before)) else before


def _most(before: Any, after: Any) -> Any:
    """What something unknown counts as: the higher, and None is above everything."""
    if after is None or before is None:
        return None
    return after if Decimal(str(after)) >= Decimal(str(before)) else before


def _off(before: Any, after: Any) -> Any:
    return bool(before) and bool(after)


def _on(before: Any, after: Any) -> Any:
    return bool(before) or bool(after)


def _as_it_was(before: Any, after: Any) -> Any:
    """Nothing tells which of two is the stricter one."""
    return before


def _both(before: Any, after: Any) -> Any:
    """People: those who are among both. A group stands for itself, whoever is in it."""
    if before.get("everyone"):
        return after
    if after.get("everyone"):
        return before
    among = {name: [each for each in after[name] if each in before[name]] for name in _NAMED}
    return {"everyone": False, **among}


def _gives_least(before: Any, after: Any) -> Any:
    return min(after, before, key=STACKING.index)


_NAMED = ("user_ids", "group_ids")
# None: neither direction loosens anything.
RULE_FIELDS: Mapping[str, Meet | None] = {
    "enabled": _off,
    "who": _both,
    "always_approve": _on,
    "reasons": None,
}
DISCOUNT_FIELDS: Mapping[str, Meet | None] = {
    "prefix": None,
    "presets": None,  # what they give is held against the caps like all else
    "most_percent": _least,
    "most_amount": _least,
    "most_days": _least,
    "ceiling": _least,
    "most_worth": _least,
    "unknown_counts_as": _most,
    "stacking": _gives_least,
    "as_coupons": _off,  # they have no ceiling
}
FIELDS: Mapping[str, Meet | None] = {
    "activated": _off,
    "audit_channel": _as_it_was,  # its members are who may act
    "notifications": None,
    "approvers": _both,
    "approval_hours": None,
    "approval_above": _least,
    "limit": _least,
    "day_limit": _least,
    "hour_limit": _least,
    "guests": _off,
    "recorded_only": _both,
    "store_credit": _both,
    "restocking": None,
    "refund_before_cancel": _off,
}


def stricter(path: str, before: Any, after: Any) -> Any:
    """Return the stricter of two values of a field: `after` if it is no looser.

    Of people it is those in both.
    """
    meet = _meet_of(path)
    if meet is None or before == after:
        return after
    met = meet(before, after)
    return after if met == after else met


def is_loosened(path: str, before: Any, after: Any) -> bool:
    """Tell whether the second value lets through what the first one does not."""
    return bool(stricter(path, before, after) != after)


def split(
    before: Configuration, after: Configuration, free: Mapping[str, Sequence[Any]] | None = None
) -> tuple[Configuration, tuple[Loosening, ...]]:
    """Return the part of a change that loosens nothing, and what of it loosens something.

    The second starts from the first: who is left out at once, and who is to come in later. `free`
    has values by their paths that may be gone back to without any loosening.
    """
    at_once: dict[str, Any] = {}
    later: list[Loosening] = []
    for path in {**by_path(before), **by_path(after)}:
        value = value_at(after, path)
        if any(not is_loosened(path, each, value) for each in (free or {}).get(path, ())):
            continue
        met = stricter(path, value_at(before, path), value)
        if met != value:
            at_once[path] = met
            later.append(Loosening(path, met, value))
    return with_values(after, at_once), tuple(later)


def by_path(configuration: Configuration) -> dict[str, Any]:
    """Return the plain value of each field by its path."""
    plain = configuration.model_dump(mode="json")
    fields: dict[str, Any] = {}
    for name, value in plain.items():
        if name == "rules":
            for action, rule in value.items():
                fields |= values_by_path(f"rules.{action}", rule)
        else:
            fields |= values_by_path(name, value)
    return fields


def values_by_path(section: str, value: Any) -> dict[str, Any]:
    """Return a section's plain value as the values of its fields, by their paths."""
    if section == "discount" or section.startswith("rules."):
        return {f"{section}.{name}": each for name, each in (value or {}).items()}
    return {section: value}


def value_at(configuration: Configuration, path: str) -> Any:
    """Return the plain value of a field; the default's where nothing was configured."""
    part: Any = configuration.model_dump(mode="json")
    name, _, rest = path.partition(".")
    if name == "rules":
        action, _, field = rest.partition(".")
        return configuration.rule(action).model_dump(mode="json")[field]
    return part[name][rest] if rest else part[name]


def with_values(configuration: Configuration, values: Mapping[str, Any]) -> Configuration:
    """Return the configuration with other values of some fields; pydantic's ValidationError."""
    plain = configuration.model_dump(mode="json")
    for path, value in values.items():
        *above, name = path.split(".")
        part = plain
        for each in above:
            if each not in part:  # an action that nothing was configured for
                part[each] = ActionRule().model_dump(mode="json")
            part = part[each]
        part[name] = value
    return Configuration.model_validate(plain)


def section_of(path: str) -> str:
    """Return the section of the configuration that a field belongs to."""
    name, _, rest = path.partition(".")
    return f"rules.{rest.partition('.')[0]}" if name == "rules" else name


def sections_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the sections of these fields, each once."""
    return tuple(dict.fromkeys(section_of(path) for path in paths))


def _meet_of(path: str) -> Meet | None:
    name, _, rest = path.partition(".")
    fields, field = {
        "rules": (RULE_FIELDS, rest.rpartition(".")[2]),
        "discount": (DISCOUNT_FIELDS, rest),
    }.get(name, (FIELDS, name))
    # A field that nobody has judged is loosened by whatever changes it.
    return fields.get(field, _as_it_was)
