from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.app import StartError
from bot.commands.command_line import main
from bot.commands.shared import check_sqlite
from bot.config.settings import Settings

COMMANDS = ("demo", "run", "check", "log", "manifest", "sandbox")


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_without_a_command_there_is_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2

    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Try Makegood in your browser" in shown.err


@pytest.mark.parametrize(
    ("python", "sqlite", "fits"),
    [
        ((3, 11), (3, 40, 1), True),
        ((3, 12), (3, 41, 2), False),
        ((3, 14), (3, 42, 0), True),
    ],
)
def test_a_sqlite_that_the_engine_cannot_use_is_named_before_it_starts(
    python: tuple[int, ...], sqlite: tuple[int, ...], fits: bool
) -> None:
    if fits:
        check_sqlite(python, sqlite)
        return

    with pytest.raises(StartError, match=r"Python 3\.12 brings SQLite 3\.41\.2"):
        check_sqlite(python, sqlite)


def test_help_explains_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])

    out = capsys.readouterr().out
    assert end.value.code == 0
    for command in COMMANDS:
        assert re.search(rf"^    {command} +[A-Z]", out, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_of_its_own(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])

    out = capsys.readouterr().out
    assert end.value.code == 0
    assert f" {command} [-h]" in out.splitlines()[0]
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("port", ["99999", "-1", "x", "²"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["demo", f"--port={port}"])

    assert end.value.code == 2
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "check"])
def test_missing_settings_are_all_named(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xapp-top-secret")

    assert main([command]) == 2

    shown = capsys.readouterr()
    assert shown.out == ""
    for name in ("SLACK_APP_TOKEN", "SLACK_CHANNEL", "BIGCOMMERCE_STORE_HASH"):
        assert f"{name} is missing" in shown.err
    assert "SLACK_BOT_TOKEN is not right" in shown.err
    assert "top-secret" not in shown.err
