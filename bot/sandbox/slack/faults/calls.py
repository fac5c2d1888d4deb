"""What one call of the app is about, for a fault that concerns some calls only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.errors import Json

RESPONSE_URL = "response_url"  # stands for a method's name when an answer goes to a response URL
_PEOPLE = ("user", "user_id", "users")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its method, the conversations and people that it names, every text it carries."""

    method: str
    channels: frozenset[str]
    users: frozenset[str]
    text: str

    @classmethod
    def of(cls, method: str, arguments: Json, *users: str) -> Call:
        """Read a call's arguments; `users` are the people it is about without naming them.

        A person's direct messages stand for the person, and the other way round.
        """
        named = {str(arguments[name]) for name in _PEOPLE if arguments.get(name)} | set(users)
        channel = str(arguments.get("channel") or "")
        if channel.startswith(("U", "W", "D")):
            named.add("U" + channel[1:])
        channels = {channel, "D" + channel[1:]} if channel.startswith(("U", "W")) else {channel}
        return cls(
            method, frozenset(channels), frozenset(named), "\n".join(_texts(dict(arguments)))
        )


def _texts(value: Any) -> Iterator[str]:
    """Return every text in an argument, also where a structure came as JSON text."""
    if isinstance(value, str):
        decoded = _decoded(value)
        if decoded is None:
            yield value
        else:
            yield from _texts(decoded)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _decoded(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
