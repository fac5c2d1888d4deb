from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config.settings import (
    Settings,
    SettingsError,
    env_example,
    read_data_folder,
    read_settings,
)

ROOT = Path(__file__).parents[3]
GIVEN = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "SLACK_CHANNEL": "C0123456789",
    "BIGCOMMERCE_STORE_HASH": "abc123",
    "BIGCOMMERCE_ACCESS_TOKEN": "store-secret",
}


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Neither this machine's environment nor its .env counts."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def test_the_required_ones_are_enough() -> None:
    settings = read_settings(GIVEN)

    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-secret"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.bigcommerce_api_url == "https://api.bigcommerce.com"
    assert settings.data == Path("data")
    assert settings.reasons[:2] == ("Customer request", "Damaged")
    assert (settings.log_level, settings.sweep_every) == ("INFO", 1.0)


def test_the_environment_and_the_file_are_read(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{name}={value}" for name, value in GIVEN.items()]
    (nowhere / ".env").write_text("\n".join([*lines, "REASONS= Broken , Too late,", "DATA="]))
    monkeypatch.setenv("BIGCOMMERCE_STORE_HASH", "  def456  ")

    settings = read_settings()

    assert settings.reasons == ("Broken", "Too late")
    assert settings.bigcommerce_store_hash == "def456"
    assert settings.data == Path("data")


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings()

    text = str(caught.value)
    assert [name for name in GIVEN if f"{name} is missing" not in text] == []
    assert "lets Makegood act in your Slack workspace" in text
    assert "OAuth & Permissions" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-swapped-secret"),
        ("SLACK_BOT_TOKEN", "xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-broken secret"),
        ("SLACK_APP_TOKEN", "xoxb-swapped-secret"),
        ("SLACK_CHANNEL", "#secret-channel"),
        ("BIGCOMMERCE_STORE_HASH", "https://secret.example/stores/abc"),
        ("BIGCOMMERCE_ACCESS_TOKEN", "two secrets"),
        ("SLACK_API_URL", "http://secret.example/api/"),
        ("BIGCOMMERCE_API_URL", "secret"),
        ("REASONS", "secret,Secret"),
        ("REASONS", ",,"),
        ("REASONS", "secret" * 20),
        ("LOG_LEVEL", "secret"),
        ("SETTLE_WAITS", "1,secret"),
        ("SETTLE_WAITS", "-1"),
        ("SWEEP_EVERY", "nan"),
        ("HEALTH_PORT", "0"),
        ("HEALTH_PORT", "secret"),
        ("HEALTH_HOST", "secret/host"),
        ("NOTIFICATIONS", "secret"),
        ("SMTP_HOST", "secret:/host"),
        ("SMTP_PORT", "secret"),
        ("SMTP_PASSWORD", "secret"),
        ("SMTP_SECURITY", "secret"),
        ("SMTP_SECURITY", "none"),
        ("MAIL_FROM", "Secret <secret@mail.example>"),
    ],
)
def test_a_malformed_one_is_named_without_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(GIVEN | {name: value})

    assert f"{name} is not right: it should" in str(caught.value)
    assert "secret" not in str(caught.value).lower()
    assert caught.value.__suppress_context__


def test_what_it_should_be_is_said_with_its_bounds() -> None:
    said = r"LOOK_PAUSE is not right: it should be a number of seconds between 0 and 60\."

    with pytest.raises(SettingsError, match=said):
        read_settings(GIVEN | {"LOOK_PAUSE": "61"})


def test_mail_needs_a_server() -> None:
    with pytest.raises(SettingsError, match="SMTP_HOST is missing"):
        read_settings(GIVEN | {"NOTIFICATIONS": "email"})


def test_a_user_of_the_mail_server_needs_a_password() -> None:
    with pytest.raises(SettingsError, match="SMTP_PASSWORD is missing"):
        read_settings(GIVEN | {"SMTP_USER": "store"})


@pytest.mark.parametrize(("host", "is_right"), [("127.0.0.1", True), ("mail.example", False)])
def test_an_open_line_to_the_mail_server_is_for_this_machine_only(
    host: str, is_right: bool
) -> None:
    given = GIVEN | {"SMTP_HOST": host, "SMTP_SECURITY": "none"}
    if is_right:
        assert read_settings(given).smtp_security == "none"
    else:
        with pytest.raises(SettingsError, match="SMTP_SECURITY is not right"):
            read_settings(given)


def test_an_empty_one_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")

    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is missing"):
        read_settings()


@pytest.mark.parametrize("read", [read_settings, read_data_folder])
def test_a_file_that_is_no_text_is_named(nowhere: Path, read: Callable[[], object]) -> None:
    (nowhere / ".env").write_bytes(b"SLACK_BOT_TOKEN=xoxb-s\xe9cret")

    with pytest.raises(SettingsError, match=r"\.env cannot be read") as caught:
        read()

    assert "cret" not in str(caught.value)


def test_a_copied_example_counts_as_missing_all_that_is_required(nowhere: Path) -> None:
    (nowhere / ".env").write_text(env_example())

    with pytest.raises(SettingsError) as caught:
        read_settings()

    assert [name for name in GIVEN if f"{name} is missing" not in str(caught.value)] == []


def test_plain_http_is_for_this_machine_only() -> None:
    settings = read_settings(GIVEN | {"SLACK_API_URL": "http://127.0.0.1:8700/api/"})

    assert settings.slack_api_url == "http://127.0.0.1:8700/api/"


def test_no_secret_shows_when_printed() -> None:
    assert "secret" not in repr(read_settings(GIVEN))


def test_every_setting_is_explained_and_in_the_example_file() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
    assert (ROOT / ".env.example").read_text() == env_example()


def test_the_defaults_are_those_of_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = read_settings(GIVEN)
    lines = [line.removeprefix("# ") for line in env_example().splitlines()]
    shown = dict(line.split("=", 1) for line in lines if re.match("[A-Z_]+=", line))

    assert set(shown) == {name.upper() for name in Settings.model_fields}
    for name in set(shown) - set(GIVEN):
        monkeypatch.setenv(name, shown[name])

    assert read_settings(GIVEN) == plain
