"""What the workspace must know of an app, read from its manifest.

Not a YAML reader: it understands the plain shape that `manifest.yml` has (two spaces per level,
one `key: value` or `- value` per line, quotes around a value where needed, comments) and picks out
the name, the slash commands, the bot's scopes and its events. Anything richer is not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

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
class Manifest:
    """The app as the workspace knows it."""

    name: str
    commands: tuple[SlashCommand, ...]
    scopes: tuple[str, ...]
    events: tuple[str, ...]


def read_manifest(path: Path) -> Manifest:
    """Read the file; a part that is not there comes back empty."""
    values = list(_values(path.read_text(encoding="utf-8")))
    commands: list[dict[str, str]] = []
    for trail, value in values:
        if trail[:2] == ("features", "slash_commands") and len(trail) == 3:
            if trail[2] == "command":
                commands.append({})
            if commands and trail[2] in {"command", "description", "usage_hint"}:
                commands[-1][trail[2]] = value
    names = [value for trail, value in values if trail == ("display_information", "name")]
    return Manifest(
        name=names[0] if names else "App",
        commands=tuple(SlashCommand(**command) for command in commands if "command" in command),
        scopes=_list(values, ("oauth_config", "scopes", "bot")),
        events=_list(values, ("settings", "event_subscriptions", "bot_events")),
    )


def _values(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Return every scalar with the keys that lead to it; an item of a list adds no key."""
    trail: list[tuple[int, str]] = []
    found: list[tuple[tuple[str, ...], str]] = []
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
            found.append((tuple(key for _, key in trail), value))
    return found


def _scalar(text: str) -> str:
    text = text.strip()
    if text[:1] in {'"', "'"}:
        return text[1 : text.index(text[0], 1)]
    return re.split(r"\s#", text, maxsplit=1)[0].strip()


def _list(values: list[tuple[tuple[str, ...], str]], trail: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for at, value in values if at == trail)
