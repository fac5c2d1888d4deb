"""What the workspace must know of an app, read from its manifest.

https://docs.slack.dev/reference/app-manifest. What is not listed there is not granted: tabs are off
unless switched on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml


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


def read_manifest(text: str) -> Manifest:
    """Read a manifest's YAML or JSON; a part that is not there comes back empty.

    Raises ValueError for what is no manifest at all.
    """
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as exc:
        raise ValueError(f"The manifest is not YAML: {exc}") from exc
    if not isinstance(content, dict):
        raise ValueError("The manifest is not a mapping.")
    commands = _at(content, "features", "slash_commands") or []
    shortcuts = _at(content, "features", "shortcuts") or []
    return Manifest(
        name=_at(content, "display_information", "name") or "App",
        commands=tuple(
            SlashCommand(each["command"], each.get("description", ""), each.get("usage_hint", ""))
            for each in commands
        ),
        shortcuts=tuple(
            MessageShortcut(each["name"], each["callback_id"], each.get("description", ""))
            for each in shortcuts
            if each["type"] == "message"
        ),
        scopes=tuple(_at(content, "oauth_config", "scopes", "bot") or ()),
        events=tuple(_at(content, "settings", "event_subscriptions", "bot_events") or ()),
        home_tab=bool(_at(content, "features", "app_home", "home_tab_enabled")),
        messages_tab=bool(_at(content, "features", "app_home", "messages_tab_enabled")),
    )


def _at(content: Any, *keys: str) -> Any:
    for key in keys:
        content = (content or {}).get(key)
    return content
