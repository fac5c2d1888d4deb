"""Naming a field of a JSON document, and giving it another value.

A path has dots: "billing_address.first_name". In a list `*` is every member, a number the one at
that place, and `id=1042` those with that id. "" is the whole document.
"""

from __future__ import annotations

from typing import Any

GONE = object()


def put(document: Any, path: str, value: Any) -> Any:
    """Return a copy with the value at a path, or without what is there for GONE.

    Where a path leads nowhere nothing changes; only its last field need not be there.
    """
    if not path:
        return value
    step, _, rest = path.partition(".")
    if isinstance(document, list):
        members = [
            put(member, rest, value) if _is_meant(member, place, step) else member
            for place, member in enumerate(document)
        ]
        return [member for member in members if member is not GONE]
    if not isinstance(document, dict) or (rest and step not in document):
        return document
    changed = document | {step: put(document.get(step), rest, value)}
    return {name: field for name, field in changed.items() if field is not GONE}


def _is_meant(member: Any, place: int, step: str) -> bool:
    if step.startswith("id="):
        return isinstance(member, dict) and f"id={member.get('id')}" == step
    return step in ("*", str(place))
