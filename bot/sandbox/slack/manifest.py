"""What the workspace must know of an app, read from its manifest.

Not a YAML reader: it understands the plain shape that `manifest.yml` has (two spaces per level,
one `key: value` or `- value` per line, quotes around a value where needed, comments) and picks out
the name, the slash commands, the message shortcuts, the bot's scopes, its events and its tabs (off
unless switched on). Anything richer is not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_LINE = re.compile(
    r"^(?P<indent> *)(?P<dash>- )?(?:(?P<key>[\w/.]+):(?: (?P<value>.*))?|(?P<item>.*))$"
)


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A slash command as the composer offers it."""

    command: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True, slots=True)
class MessageShortcut:
    """A shortcut as a message's menu offers it."""

    name: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The app as the workspace knows it."""

    name: str
    commands: tuple[SlashCommand, ...]
    shortcuts: tuple[MessageShortcut, ...]
    scopes: tuple[str, ...]
    events: tuple[str, ...]
    home_tab: bool
    messages_tab: bool


class _Value(NamedTuple):
    """A scalar with the keys that lead to it; an item of a list adds no key but opens with one."""

    trail: tuple[str, ...]
    text: str
    opens_item: bool


def read_manifest(path: Path) -> Manifest:
    """Read the file; a part that is not there comes back empty."""
    values = list(_values(path.read_text(encoding="utf-8")))
    names = [value.text for value in values if value.trail == ("display_information", "name")]
    return Manifest(
        name=names[0] if names else "App",
        commands=tuple(
            SlashCommand(item["command"], item.get("description", ""), item.get("usage_hint", ""))
            for item in _items(values, ("features", "slash_commands"))
            if "command" in item
        ),
        shortcuts=tuple(
            MessageShortcut(item["name"], item["callback_id"], item.get("description", ""))
            for item in _items(values, ("features", "shortcuts"))
            if item.get("type") == "message"
        ),
        scopes=_list(values, ("oauth_config", "scopes", "bot")),
        events=_list(values, ("settings", "event_subscriptions", "bot_events")),
        home_tab=_word(values, ("features", "app_home", "home_tab_enabled")) == "true",
        messages_tab=_word(values, ("features", "app_home", "messages_tab_enabled")) == "true",
    )


def _values(text: str) -> list[_Value]:
    trail: list[tuple[int, str]] = []
    found: list[_Value] = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None or not line.strip() or line.lstrip().startswith("#"):
            continue
        depth = len(match["indent"]) + (2 if match["dash"] else 0)
        trail = [(at, key) for at, key in trail if at < depth]
        if match["key"]:
            trail.append((depth, match["key"]))
        value = _scalar(match["value"] or match["item"] or "")
        if value:
            keys = tuple(key for _, key in trail)
            found.append(_Value(keys, value, opens_item=bool(match["dash"])))
    return found


def _scalar(text: str) -> str:
    text = text.strip()
    if text[:1] in {'"', "'"}:
        return text[1 : text.index(text[0], 1)]
    return re.split(r"\s#", text, maxsplit=1)[0].strip()


def _list(values: list[_Value], trail: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.text for value in values if value.trail == trail)


def _word(values: list[_Value], trail: tuple[str, ...]) -> str:
    return next((value.text for value in values if value.trail == trail), "")


def _items(values: list[_Value], trail: tuple[str, ...]) -> list[dict[str, str]]:
    """Return a list of objects with plain fields."""
    items: list[dict[str, str]] = []
    for value in values:
        if value.trail[:-1] == trail:
            if value.opens_item:
                items.append({})
            items[-1][value.trail[-1]] = value.text
    return items
