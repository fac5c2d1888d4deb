"""The settings, from the environment and `.env`: read once at the start, handed down.

What stands below each is its description, from which `.env.example` is made, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from annotated_types import Ge, Le
from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.config.setting_types import (
    PORT,
    ApiUrl,
    AppToken,
    BotToken,
    ChannelId,
    Lower,
    MailAddress,
    MailPassword,
    MailServer,
    MailUser,
    MemberIds,
    OwnAddress,
    Pauses,
    Port,
    Proxies,
    Reasons,
    Safe,
    Seconds,
    Shape,
    StoreHash,
    StoreToken,
    Upper,
    WebhookUrl,
    Where,
)

UNREADABLE = "The file .env cannot be read: it should be UTF-8 text that this user may read."
BIGCOMMERCE_ACCOUNTS = "BigCommerce control panel > Settings > Store-level API accounts"
SANDBOX_ADDRESS = Where("the line that `python -m bot sandbox` prints")
T = TypeVar("T")

DataFolder = Annotated[
    Path,
    Shape("be a folder's path"),
    Field(description="the folder with the action log; keep it, and back it up"),
]
DATA = Path("data")


class SettingsError(Exception):
    """Settings are missing or malformed; `str()` names them all, for people, without any value."""


class _FromEnvironment(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )


class DataSettings(_FromEnvironment):
    """What a look into the log needs."""

    data: DataFolder = DATA


class Settings(_FromEnvironment):
    """All there is to set."""

    slack_bot_token: Annotated[
        BotToken,
        Field(examples=["xoxb-..."]),
        Where("api.slack.com/apps > your app > OAuth & Permissions > Bot User OAuth Token"),
    ]
    """lets Makegood act in your Slack workspace"""
    slack_app_token: Annotated[
        AppToken,
        Field(examples=["xapp-..."]),
        Where(
            "api.slack.com/apps > your app > Basic Information > App-Level Tokens, with the scope"
            " connections:write"
        ),
    ]
    """opens the connection over which Slack reaches Makegood"""
    slack_channel: Annotated[
        ChannelId,
        Field(examples=["C0123456789"]),
        Where("Slack > the channel's name > About > Channel ID"),
    ]
    """the channel where every order's thread is told, and whose members may use Makegood, until an
    admin chooses another in the Home tab"""
    bigcommerce_store_hash: Annotated[
        StoreHash,
        Field(examples=["abc123xyz"]),
        Where(f"{BIGCOMMERCE_ACCOUNTS}: the part after /stores/ in the API path"),
    ]
    """names your store"""
    bigcommerce_access_token: Annotated[
        StoreToken, Where(f"{BIGCOMMERCE_ACCOUNTS} > Create API account; it is shown only once")
    ]
    """lets Makegood read and change your store's orders"""
    slack_api_url: Annotated[ApiUrl, SANDBOX_ADDRESS] = "https://slack.com/api/"
    """Slack's address; another one only to try Makegood against a sandbox"""
    bigcommerce_api_url: Annotated[ApiUrl, SANDBOX_ADDRESS] = "https://api.bigcommerce.com"
    """BigCommerce's address; another one only to try Makegood against a sandbox"""
    data: DataFolder = DATA
    reasons: Reasons = (
        "Customer request",
        "Damaged",
        "Wrong item",
        "Late or lost",
        "Out of stock",
        "Duplicate order",
        "Suspected fraud",
    )
    """the reasons that agents choose from, besides Other, separated by commas; in the Home tab each
    action may have its own"""
    admins: Annotated[MemberIds, Where("Slack > the person's profile > Copy member ID")] = ()
    """who may configure Makegood in its Home tab, besides the workspace's admins and owners: member
    ids, separated by commas"""
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        Upper,
        Shape("be DEBUG, INFO, WARNING or ERROR"),
    ] = "INFO"
    """how much Makegood writes to its standard error"""
    settle_waits: Pauses = (0, 1, 3, 6, 10, 20, 30)
    """the pauses, in seconds, between looks for a refund whose answer was lost"""
    sweep_every: Annotated[Seconds, Field(ge=0.01, le=60)] = 1.0
    """the seconds between looks for payments that are due to be checked"""
    look_every: Annotated[Seconds, Field(ge=0.01, le=3600)] = 300.0
    """the seconds between looks in BigCommerce for what another Makegood did"""
    look_pause: Annotated[Seconds, Field(ge=0, le=60)] = 2.0
    """the seconds between one person's look-ups, once they have made ten at once"""
    people_every: Annotated[Seconds, Field(ge=0.01, le=3600)] = 60.0
    """the seconds between looks in Slack for who joined or left the audit channel; Slack's own
    events come at once, and this finds what was missed"""
    others_after: Annotated[Seconds, Field(ge=0.01, le=86400)] = 600.0
    """the seconds after which another process on the same Slack app is told in the channel"""
    health_port: Annotated[Port | None, PORT] = None
    """the port on which GET /health answers 200 while Makegood can work, and 503 with what is
    broken; without it there is no such page"""
    health_host: OwnAddress = "127.0.0.1"
    """the address on which GET /health is served; 0.0.0.0 is every one of this machine's"""
    webhook_url: Annotated[
        WebhookUrl,
        Where("your reverse proxy or tunnel: it ends TLS and passes requests on to WEBHOOK_PORT"),
    ] = None
    """the address at which BigCommerce reaches WEBHOOK_PORT, for `python -m bot webhooks on`"""
    webhook_port: Annotated[Port | None, PORT] = None
    """the port on which Makegood takes BigCommerce's webhooks, so that changes made elsewhere show
    in an order's thread; without it there is no such page"""
    webhook_host: OwnAddress = "127.0.0.1"
    """the address on which webhooks are taken; 0.0.0.0 is every one of this machine's"""
    webhook_proxies: Proxies = ()
    """the reverse proxies in front of WEBHOOK_PORT whose X-Forwarded-For is believed, so that
    whoever sends too much is told apart from BigCommerce; the proxy has to set or extend that
    header"""
    post_every: Annotated[Seconds, Field(ge=0, le=60)] = 1.0
    """the least seconds between two messages in a channel; Slack takes one a second"""
    notifications: Annotated[
        Literal["bigcommerce", "email"], Lower, Shape("be bigcommerce or email")
    ] = "bigcommerce"
    """who e-mails the customer about a refund: bigcommerce leaves it to the store's own settings;
    email gives agents a box to tick, and Makegood sends the e-mail itself; what an admin chooses
    in the Home tab goes before"""
    smtp_host: Annotated[MailServer, Where("your mail provider's page about SMTP")] = None
    """the mail server that sends Makegood's e-mail to customers, with NOTIFICATIONS=email"""
    smtp_port: Annotated[Port, PORT] = 587
    """the mail server's port: mostly 587 with starttls, 465 with tls"""
    smtp_user: Annotated[MailUser, Where("your mail provider's page about SMTP")] = None
    """the user as whom Makegood signs in at the mail server"""
    smtp_password: Annotated[
        MailPassword, Where("your mail provider's page about SMTP; often a password for apps alone")
    ] = None
    """the password of SMTP_USER at the mail server"""
    smtp_security: Annotated[
        Literal["starttls", "tls", "none"],
        Lower,
        Safe,
        Shape("be starttls, tls, or, where SMTP_HOST is this machine, none"),
    ] = "starttls"
    """how the line to the mail server is kept safe: starttls, tls, or none, which is only for a
    server on this machine"""
    mail_from: MailAddress = None
    """the sender of the e-mail to customers; without it, the store's own address for orders"""


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
    """Return the text of `.env.example`: required ones empty, defaults of the rest as comments."""
    lines = [
        "# Copy this to .env and fill in the first five; `python -m bot check` then tells what is"
        " missing."
    ]
    for name, field in Settings.model_fields.items():
        purpose = _purpose(field)
        lines += ["", f"# {purpose[0].upper()}{purpose[1:]}."]
        if where := _noted(field, Where):
            lines.append(f"# {where.text}")
        if field.is_required():
            # Empty, so that one that was forgotten counts as missing, not as a wrong token.
            lines += [f"# It looks like {example}" for example in field.examples or []]
            lines.append(f"{name.upper()}=")
        else:
            lines.append(f"# {name.upper()}={_as_text(field.default)}")
    return "\n".join(lines) + "\n"


def _problems(exc: ValidationError) -> str:
    wrong: dict[str, bool] = {}
    for error in exc.errors(include_input=False, include_context=False, include_url=False):
        wrong.setdefault(str(error["loc"][0]).lower(), error["type"] == "missing")
    fields = Settings.model_fields.items()
    return "\n".join(
        _problem(name, field, missing=wrong[name]) for name, field in fields if name in wrong
    )


def _problem(name: str, field: FieldInfo, *, missing: bool) -> str:
    """Say what is wrong with a setting and where to find it, never its value."""
    wrong = "is missing" if missing else f"is not right: it should {_shape(field)}"
    lines = [f"{name.upper()} {wrong}.", f"    What it does: {_purpose(field)}."]
    if where := _noted(field, Where):
        lines.append(f"    Where to find it: {where.text}.")
    return "\n".join(lines)


def _purpose(field: FieldInfo) -> str:
    return " ".join((field.description or "").split())


def _shape(field: FieldInfo) -> str:
    if shape := _noted(field, Shape):
        return shape.text
    least, most = _noted(field, Ge), _noted(field, Le)
    return f"be a number of seconds between {least and least.ge} and {most and most.le}"


def _noted(field: FieldInfo, kind: type[T]) -> T | None:
    return next((each for each in field.metadata if isinstance(each, kind)), None)


def _as_text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_as_text(part) for part in value)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
