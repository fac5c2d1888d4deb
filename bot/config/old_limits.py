"""Limits as 0.1 kept them, with each action: read as what now goes for all of them.

What was set for one action alone could be walked around with another one. So the lowest amount that
was set for any action is read as the common one, unless a common one has been set since.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

COMMON = ("approval_above", "limit")


def lifted(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections of a configuration (plain JSON values) without amounts in the rules."""
    rules = {name: value for name, value in sections.items() if name.startswith("rules.")}
    lifted = {**sections, **{name: without_amounts(value) for name, value in rules.items()}}
    for name in COMMON:
        amounts = [Decimal(rule[name]) for rule in rules.values() if rule.get(name) is not None]
        # 0 was "always", which stays with its action.
        if name not in sections and any(amounts):
            lifted[name] = str(min(filter(None, amounts)))
    return lifted


def without_amounts(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule's plain value without amounts of its own; 0 was "always"."""
    above = rule.get("approval_above")
    kept = {name: value for name, value in rule.items() if name not in COMMON}
    if above is not None and not Decimal(above):
        kept["always_approve"] = True
    return kept
