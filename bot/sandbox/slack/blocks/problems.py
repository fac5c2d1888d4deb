"""A list of what is wrong with a structure, in Slack's words and JSON pointers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sandbox.slack.errors import Json


class Problems:
    """Collects messages such as `[ERROR] must be less than 25 characters [json-pointer:/title]`."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, text: str, pointer: str) -> None:
        """Note one problem at the place `pointer` names."""
        self.messages.append(f"[ERROR] {text} [json-pointer:{pointer}]")

    def fields(self, item: Json, allowed: Iterable[str], pointer: str) -> None:
        """Note every field that is not among those allowed."""
        for name in item.keys() - set(allowed):
            self.add(f"invalid additional property: {name}", pointer)

    def string(
        self,
        item: Json,
        name: str,
        pointer: str,
        *,
        most: int,
        least: int = 0,
        needed: bool = False,
    ) -> str | None:
        """Check a text field's type and length, and return it when it is text."""
        value = item.get(name)
        if value is None:
            if needed:
                self.add(f"missing required field: {name}", pointer)
            return None
        if not isinstance(value, str):
            self.add("must be a string", f"{pointer}/{name}")
            return None
        if len(value) > most:
            self.add(f"must be less than {most + 1} characters", f"{pointer}/{name}")
        if len(value) < least:
            self.add(f"must be more than {least - 1} characters", f"{pointer}/{name}")
        return value

    def one_of(self, item: Json, name: str, allowed: Iterable[str], pointer: str) -> None:
        """Check that a field, when present, holds one of the known words."""
        if item.get(name) is not None and item[name] not in list(allowed):
            self.add(f"unsupported value: {item[name]}", f"{pointer}/{name}")

    def flag(self, item: Json, name: str, pointer: str, *, needed: bool = False) -> None:
        """Check that a field is true or false."""
        if name not in item:
            if needed:
                self.add(f"missing required field: {name}", pointer)
        elif not isinstance(item[name], bool):
            self.add("must be a valid boolean", f"{pointer}/{name}")

    def items(
        self, value: Any, pointer: str, *, most: int, least: int = 1
    ) -> list[tuple[str, Json]]:
        """Check a list of objects and return each with its own pointer."""
        if not isinstance(value, list):
            self.add("must provide an array", pointer)
            return []
        if len(value) > most:
            self.add(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            self.add(f"no fewer than {least} items allowed", pointer)
        found: list[tuple[str, Json]] = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                found.append((f"{pointer}/{index}", item))
            else:
                self.add("must provide an object", f"{pointer}/{index}")
        return found
