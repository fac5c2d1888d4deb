"""What one pastes into Slack is what the code answers to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from handlers.commands import COMMANDS

ROOT = Path(__file__).parent.parent
SCOPES = {
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "usergroups:read",
    "users:read",
}


def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return loaded


def test_the_commands_are_the_codes_commands() -> None:
    listed = {entry["command"] for entry in manifest()["features"]["slash_commands"]}

    assert listed == set(COMMANDS)


def test_each_command_is_one_that_slack_takes() -> None:
    for entry in manifest()["features"]["slash_commands"]:
        assert re.fullmatch(r"/[a-z-]{1,31}", entry["command"])
        assert "url" not in entry  # Socket Mode needs none
        assert "help" in entry["usage_hint"]


def test_no_scope_is_asked_for_that_is_not_used() -> None:
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_the_events_are_the_ones_listened_to() -> None:
    settings = manifest()["settings"]

    assert settings["event_subscriptions"]["bot_events"] == ["app_home_opened"]
    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]


def test_the_readme_lists_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert set(re.findall(r"`(/[a-z-]+)", readme)) == set(COMMANDS)
