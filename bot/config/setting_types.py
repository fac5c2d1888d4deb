"""The kinds of settings: how the text of each is read, and in words what it should be."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Shape:
    """Completes "it should ..." where a setting is not right."""

    text: str


@dataclass(frozen=True, slots=True)
class Where:
    """Where to find what a setting needs; a setting without it is a matter of choice."""

    text: str


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _split(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _lower(value: Any) -> str:
    return str(value).strip().lower()


def _upper(value: Any) -> str:
    return str(value).strip().upper()


def _given(value: Any) -> Any:
    """Return None for an empty text, which switches off what the environment says."""
    return _strip(value) or None


def _address(value: str) -> str:
    parts = urlsplit(value)
    local = parts.hostname in LOOPBACK
    if parts.scheme not in ({"http", "https"} if local else {"https"}) or not parts.hostname:
        raise ValueError("not an address")
    return value


def _https(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.port not in (None, 443):
        raise ValueError("BigCommerce delivers to https on port 443 only")
    return value


def _token(value: SecretStr, begins: str = "") -> SecretStr:
    text = value.get_secret_value()
    if not text.startswith(begins):
        raise ValueError("wrong kind of token")
    if not text.isprintable() or " " in text:
        raise ValueError("no token holds spaces")
    if len(text) <= len(begins):
        raise ValueError("no token")
    return value


def _different(values: tuple[str, ...]) -> tuple[str, ...]:
    if len({value.casefold() for value in values}) != len(values):
        raise ValueError("the same twice")
    return values


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


Stripped = BeforeValidator(_strip)
Given = BeforeValidator(_given)
Lower = BeforeValidator(_lower)
Upper = BeforeValidator(_upper)
Safe = AfterValidator(_safe)

BotToken = Annotated[
    SecretStr,
    Stripped,
    AfterValidator(lambda value: _token(value, "xoxb-")),
    Shape("begin with xoxb-"),
]
AppToken = Annotated[
    SecretStr,
    Stripped,
    AfterValidator(lambda value: _token(value, "xapp-")),
    Shape("begin with xapp-"),
]
StoreToken = Annotated[
    SecretStr,
    Stripped,
    AfterValidator(_token),
    Shape("be the token as BigCommerce showed it, without spaces"),
]
ChannelId = Annotated[
    str,
    Stripped,
    StringConstraints(pattern=r"^[CG][A-Z0-9]{2,20}$"),
    Shape("be a channel's id such as C0123456789, not its name"),
]
StoreHash = Annotated[
    str,
    Stripped,
    StringConstraints(pattern=r"^[A-Za-z0-9]{1,40}$"),
    Shape("be letters and digits only, without the rest of the address"),
]
ApiUrl = Annotated[
    str,
    Stripped,
    AfterValidator(_address),
    Shape("be an https address (or http on this machine)"),
]
Reasons = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=75)], ...],
    NoDecode,
    BeforeValidator(_split),
    Field(min_length=1, max_length=20),
    AfterValidator(_different),
    Shape("be 1 to 20 different reasons of at most 75 characters, separated by commas"),
]
MemberIds = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{2,30}$")], ...],
    NoDecode,
    BeforeValidator(_split),
    Field(max_length=50),
    Shape("be member ids such as U0123456789, separated by commas"),
]
Pauses = Annotated[
    tuple[Annotated[float, Field(ge=0, le=300, allow_inf_nan=False)], ...],
    NoDecode,
    BeforeValidator(_split),
    Field(min_length=1, max_length=20),
    Shape("be seconds separated by commas, each between 0 and 300"),
]
Seconds = Annotated[float, Field(allow_inf_nan=False)]
Port = Annotated[int, Field(ge=1, le=65535)]
PORT = Shape("be a port from 1 to 65535")
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,255}$")]
OwnAddress = Annotated[Host, Stripped, Shape("be an address of this machine")]
WebhookUrl = Annotated[
    Annotated[str, StringConstraints(max_length=500), AfterValidator(_https)] | None,
    Given,
    Shape("be an https address on the usual port"),
]
Proxies = Annotated[
    tuple[IPv4Network | IPv6Network, ...],
    NoDecode,
    BeforeValidator(_split),
    Field(max_length=20),
    Shape("be addresses or networks of proxies, separated by commas, such as 10.0.0.0/24"),
]
MailServer = Annotated[
    Host | None,
    Stripped,
    AfterValidator(_with_email),
    Field(validate_default=True),
    Shape("be a server's name, without a port"),
]
MailUser = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=320)] | None,
    Given,
    Shape("be the user's name at the mail server"),
]
MailPassword = Annotated[
    SecretStr | None,
    Given,
    AfterValidator(_with_user),
    Field(validate_default=True),
    Shape("be set together with SMTP_USER"),
]
MailAddress = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[^\s@<>\"]+@[^\s@<>\"]+$")] | None,
    Given,
    Shape("be an e-mail address without a name"),
]
