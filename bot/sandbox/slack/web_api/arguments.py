"""The arguments of a Web API call, wherever the client put them."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.sandbox.slack.errors import Json, SlackError


class Arguments:
    """One call's arguments, from query, form and JSON body together; all of them may be text."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def text(self, name: str) -> str:
        """Return the argument as text, empty when it was left out."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def required(self, name: str) -> str:
        """Return the argument as text, or refuse the call."""
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", f"[ERROR] missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        """Return whether the argument says yes."""
        return self.text(name).lower() in {"1", "true"}

    def number(self, name: str, default: int, most: int) -> int:
        """Return the argument as a count between 1 and `most`; more is refused, not cut."""
        text = self.text(name)
        if not text:
            return default
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise SlackError("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(text)

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """Return the argument with JSON text decoded; None when it was left out."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None


async def read_arguments(request: web.Request) -> Arguments:
    """Collect what the client sent; a body that is not JSON although it says so is refused."""
    values: Json = dict(request.query)
    if request.method == "POST":
        if request.content_type == "application/json":
            values.update(await _read_json(request))
        else:
            values.update({key: str(value) for key, value in (await request.post()).items()})
    return Arguments(values)


async def _read_json(request: web.Request) -> Json:
    body = await request.text()
    if not body:
        return {}
    try:
        parsed = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(parsed, dict):
        raise SlackError("json_not_object")
    return parsed
