from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.check.files import check_files
from bot.config.settings import Settings, read_settings

GIVEN = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_CHANNEL": "C0123",
    "BIGCOMMERCE_STORE_HASH": "fern42",
    "BIGCOMMERCE_ACCESS_TOKEN": "token",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({**GIVEN, "DATA": str(tmp_path / "data")})


@pytest.fixture
def env(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.touch(mode=0o600)
    return path


def found(settings: Settings, env: Path) -> list[str]:
    return [str(finding) for finding in check_files(settings, env)]


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o640, 0o660])
def test_tokens_that_others_can_read_are_told(settings: Settings, env: Path, mode: int) -> None:
    env.chmod(mode)

    assert found(settings, env) == [
        f"FIX   {env} can be read by others (mode {mode:04o}), and it holds the tokens."
        f" chmod 600 {env}"
    ]


def test_tokens_that_only_we_can_read_are_fine(settings: Settings, env: Path) -> None:
    assert found(settings, env) == []
    env.unlink()
    assert found(settings, env) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to another user")
def test_a_file_of_roots_may_be_read_by_our_group_but_not_by_everybody(
    settings: Settings, env: Path
) -> None:
    os.chown(env, 65534, -1)
    env.chmod(0o640)
    assert found(settings, env) == []
    env.chmod(0o644)
    assert len(found(settings, env)) == 1


def test_a_secret_that_a_container_mounts_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    # /proc is mounted for everybody to read, and is not writable in place.
    assert found(settings, tmp_path / "missing") == []
    secrets = tmp_path / "link"
    secrets.symlink_to("/run/secrets/env")
    assert found(settings, secrets) == []


def test_data_that_others_can_read_is_told(settings: Settings, env: Path) -> None:
    settings.data.mkdir()
    database = settings.data / "makegood.sqlite"
    database.touch()
    database.chmod(0o644)

    assert found(settings, env) == [
        f"FIX   {database} can be read by others (mode 0644)."
        f" chmod 600 {database}, or start Makegood, which does that."
    ]
