"""The settings, from the environment and `.env`: read once at the start, handed down."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.settings_help import HELP, example, problem

UNREADABLE = "The file .env cannot be read: it should be UTF-8 text that this user may read."
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(Exception):
    """Settings are missing or malformed; `str()` names them all, for people, without any value."""


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _split(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _address(value: str) -> str:
    parts = urlsplit(value)
    local = parts.hostname in LOOPBACK
    if parts.scheme not in ({"http", "https"} if local else {"https"}) or not parts.hostname:
        raise ValueError("not an address")
    return value


def _secret(pattern: str) -> Any:
    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(pattern):
            raise ValueError("wrong kind of token")
        if not value.get_secret_value().isprintable() or " " in value.get_secret_value():
            raise ValueError("no token holds spaces")
        if len(value.get_secret_value()) <= len(pattern):
            raise ValueError("no token")
        return value

    return AfterValidator(check)


def _lower(value: Any) -> str:
    return str(value).strip().lower()


def _given(value: Any) -> Any:
    """Return None for an empty text, which switches off what the environment says."""
    return _strip(value) or None


def _https(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.port not in (None, 443):
        raise ValueError("BigCommerce delivers to https on port 443 only")
    return value


def _with_email(host: str | None, info: ValidationInfo) -> str | None:
    if host is None and info.data.get("notifications") == "email":
        raise PydanticCustomError("missing", "needed to send e-mail")
    return host


def _with_user(password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    has_user = info.data.get("smtp_user") is not None
    if has_user and password is None:
        raise PydanticCustomError("missing", "needed to sign in")
    if password is not None and not has_user:
        raise ValueError("nobody to sign in")
    return password


def _safe(security: str, info: ValidationInfo) -> str:
    """Keep passwords and customers' addresses off an open line."""
    if security == "none" and info.data.get("smtp_host") not in LOOPBACK:
        raise ValueError("an open line")
    return security


def _different(values: tuple[str, ...]) -> tuple[str, ...]:
    if len({value.casefold() for value in values}) != len(values):
        raise ValueError("the same twice")
    return values


Reason = Annotated[str, StringConstraints(min_length=1, max_length=75)]
Seconds = Annotated[float, Field(ge=0, le=300, allow_inf_nan=False)]
Url = Annotated[str, BeforeValidator(_strip), AfterValidator(_address)]


class DataSettings(BaseSettings):
    """What a look into the log needs."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    data: Path = Path(HELP["data"].example)


class Settings(DataSettings):
    """All there is to set; `bot/settings_help.py` says what each is for."""

    slack_bot_token: Annotated[SecretStr, BeforeValidator(_strip), _secret("xoxb-")]
    slack_app_token: Annotated[SecretStr, BeforeValidator(_strip), _secret("xapp-")]
    slack_channel: Annotated[
        str, BeforeValidator(_strip), StringConstraints(pattern=r"^[CG][A-Z0-9]{2,20}$")
    ]
    bigcommerce_store_hash: Annotated[
        str, BeforeValidator(_strip), StringConstraints(pattern=r"^[A-Za-z0-9]{1,40}$")
    ]
    bigcommerce_access_token: Annotated[SecretStr, BeforeValidator(_strip), _secret("")]
    slack_api_url: Url = HELP["slack_api_url"].example
    bigcommerce_api_url: Url = HELP["bigcommerce_api_url"].example
    reasons: Annotated[
        tuple[Reason, ...],
        NoDecode,
        BeforeValidator(_split),
        Field(min_length=1, max_length=20),
        AfterValidator(_different),
    ] = _split(HELP["reasons"].example)
    admins: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{2,30}$")], ...],
        NoDecode,
        BeforeValidator(_split),
        Field(max_length=50),
    ] = ()
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        BeforeValidator(lambda value: str(value).strip().upper()),
    ] = "INFO"
    settle_waits: Annotated[
        tuple[Seconds, ...], NoDecode, BeforeValidator(_split), Field(min_length=1, max_length=20)
    ] = (0, 1, 3, 6, 10, 20, 30)
    sweep_every: Annotated[float, Field(ge=0.01, le=60, allow_inf_nan=False)] = 1.0
    look_every: Annotated[float, Field(ge=0.01, le=3600, allow_inf_nan=False)] = 300.0
    look_pause: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 2.0
    people_every: Annotated[float, Field(ge=0.01, le=3600, allow_inf_nan=False)] = 60.0
    others_after: Annotated[float, Field(ge=0.01, le=86400, allow_inf_nan=False)] = 600.0
    health_port: Annotated[int | None, Field(ge=1, le=65535)] = None
    health_host: Annotated[
        str, BeforeValidator(_strip), StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,255}$")
    ] = HELP["health_host"].example
    webhook_url: Annotated[
        Annotated[str, StringConstraints(max_length=500), AfterValidator(_https)] | None,
        BeforeValidator(_given),
    ] = None
    webhook_port: Annotated[int | None, Field(ge=1, le=65535)] = None
    webhook_host: Annotated[
        str, BeforeValidator(_strip), StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,255}$")
    ] = HELP["webhook_host"].example
    webhook_proxies: Annotated[
        tuple[IPv4Network | IPv6Network, ...],
        NoDecode,
        BeforeValidator(_split),
        Field(max_length=20),
    ] = ()
    post_every: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 1.0
    notifications: Annotated[Literal["bigcommerce", "email"], BeforeValidator(_lower)] = (
        "bigcommerce"
    )
    smtp_host: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,255}$")] | None,
        BeforeValidator(_strip),
        AfterValidator(_with_email),
        Field(validate_default=True),
    ] = None
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    smtp_user: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=320)] | None,
        BeforeValidator(_given),
    ] = None
    smtp_password: Annotated[
        SecretStr | None,
        BeforeValidator(_given),
        AfterValidator(_with_user),
        Field(validate_default=True),
    ] = None
    smtp_security: Annotated[
        Literal["starttls", "tls", "none"], BeforeValidator(_lower), AfterValidator(_safe)
    ] = "starttls"
    mail_from: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[^\s@<>\"]+@[^\s@<>\"]+$")] | None,
        BeforeValidator(_given),
    ] = None


def read_settings(given: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; `given` (by their upper-case names) goes before the environment.

    Raises SettingsError that names everything that is wrong at once.
    """
    values: Any = {name.lower(): value for name, value in (given or {}).items()}
    try:
        return Settings(**values)
    except ValidationError as exc:
        # From None: pydantic's own text would show what was typed, perhaps a token.
        raise SettingsError(_problems(exc)) from None
    except (OSError, UnicodeError):
        raise SettingsError(UNREADABLE) from None


def read_data_folder() -> Path:
    """Return the data folder, whatever the other settings are.

    Raises SettingsError when `.env` cannot be read.
    """
    try:
        return DataSettings().data
    except (OSError, UnicodeError):
        raise SettingsError(UNREADABLE) from None


def env_example() -> str:
    """Return the text of `.env.example`."""
    return example(_required())


def _required() -> frozenset[str]:
    return frozenset(name for name, field in Settings.model_fields.items() if field.is_required())


def _problems(exc: ValidationError) -> str:
    wrong: dict[str, bool] = {}
    for error in exc.errors(include_input=False, include_context=False, include_url=False):
        wrong.setdefault(str(error["loc"][0]).lower(), error["type"] == "missing")
    return "\n".join(problem(name, missing=wrong[name]) for name in HELP if name in wrong)
