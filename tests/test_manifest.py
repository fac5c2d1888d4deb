"""What one pastes into Slack is what the code answers to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.command_line import main
from bot.sandbox.slack.web_api.scopes import NEEDED
from bot.slack import app_manifest
from bot.slack.app_manifest import EVENTS, SCOPES, missing, scopes_in
from handlers.forms import COMMANDS
from handlers.people.watch import HEARD

ROOT = Path(__file__).parent.parent


def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return loaded


def test_the_file_is_the_one_that_is_made_from_the_list() -> None:
    written = (ROOT / "manifest.yml").read_text(encoding="utf-8")

    assert written == app_manifest.manifest(), "run: make manifest"
    assert list(manifest()["oauth_config"]["scopes"]["bot"]) == [s.name for s in SCOPES]
    assert manifest()["settings"]["event_subscriptions"]["bot_events"] == [e.name for e in EVENTS]


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest"]) == 0

    assert capsys.readouterr().out == app_manifest.manifest()


def test_it_fits_slacks_rules_for_scopes_and_events() -> None:
    names = [s.name for s in SCOPES] + [e.name for e in EVENTS]

    assert len(names) == len(set(names))
    assert all(len(name) <= 50 for name in names)
    assert all(re.fullmatch(r"[a-z]+(:[a-z_.]+)?", s.name) for s in SCOPES)


def test_the_commands_are_the_codes_commands() -> None:
    listed = {entry["command"] for entry in manifest()["features"]["slash_commands"]}

    assert listed == set(COMMANDS)


def test_each_command_is_one_that_slack_takes() -> None:
    for entry in manifest()["features"]["slash_commands"]:
        assert re.fullmatch(r"/[a-z-]{1,31}", entry["command"])
        assert "url" not in entry  # Socket Mode needs none
        assert "help" in entry["usage_hint"]


def test_no_scope_is_asked_for_that_no_method_or_event_needs() -> None:
    needed = {scope for scopes in NEEDED.values() for scope in scopes}
    needed |= {scope for event in EVENTS for scope in event.scopes}

    assert {s.name for s in SCOPES} <= needed | {"commands"}


def test_each_event_comes_with_a_scope_that_is_asked_for() -> None:
    asked_for = {s.name for s in SCOPES}

    for event in EVENTS:
        assert not event.scopes or set(event.scopes) & asked_for, event.name


def test_the_events_are_the_ones_listened_to() -> None:
    listeners = (ROOT / "handlers" / "registration.py").read_text(encoding="utf-8")
    settings = manifest()["settings"]

    single = re.findall(r'@app\.event\("(\w+)"\)', listeners)
    assert {*single, *HEARD} == {e.name for e in EVENTS}
    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]


def test_what_a_missing_scope_takes_away_is_a_sentence() -> None:
    assert [s.name for s in missing({s.name for s in SCOPES} - {"users:read"})] == ["users:read"]
    assert missing(None) == ()
    for scope in SCOPES:
        assert scope.without[0].isupper()
        assert scope.without.endswith(".")


def test_slacks_header_is_read_as_it_comes() -> None:
    assert scopes_in("chat:write, users:read,") == frozenset({"chat:write", "users:read"})
    assert scopes_in("") is None
    assert scopes_in(None) is None


def test_the_readme_lists_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert set(re.findall(r"`(/[a-z-]+)", readme)) == set(COMMANDS)
