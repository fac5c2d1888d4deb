"""Handing a message to a mail server, and knowing afterwards what is known.

The server has taken a message when it has answered its last line. Until that line is sent, nothing
was taken; if no answer comes to it, nobody can tell, and it must not be sent again.

What the library raises names the customer's address. It ends here, so that no traceback tells it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.settings import Settings

TIMEOUT_S = 15.0

Security = Literal["starttls", "tls", "none"]


class MailError(Exception):
    """A message that is not known to be sent; `str()` is a plain reason, without any address."""


class NotMailed(MailError):
    """The server has certainly not taken it."""


class AnswerLost(MailError):
    """The server may have taken it."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server. `security` "starttls" and "tls" never fall back to an open line."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = "starttls"
    timeout_s: float = TIMEOUT_S

    @classmethod
    def of(cls, settings: Settings) -> MailServer:
        """Return the server that the settings name; they name one where e-mail is switched on."""
        password = settings.smtp_password
        return cls(
            host=settings.smtp_host or "",
            port=settings.smtp_port,
            user=settings.smtp_user or "",
            password=password.get_secret_value() if password else "",
            security=settings.smtp_security,
        )

    async def send(
        self,
        message: EmailMessage,
        *,
        sender: str,
        recipient: str,
        claim: Callable[[], bool],
    ) -> None:
        """Hand the message over; raises NotMailed or AnswerLost.

        `claim` is called when all that is left is to send the message itself. It tells whether
        that may be done: if not, it was done before, and AnswerLost is raised.
        """
        async with self._connected() as server:
            try:
                await server.mail(sender)
                await server.rcpt(recipient)
            except (SMTPException, OSError) as exc:
                raise NotMailed(_reason(exc)) from None
            if not claim():
                raise AnswerLost("the message was handed over before")
            await _hand_over(server, message.as_bytes())

    async def try_out(self) -> None:
        """Connect, sign in and leave; raises NotMailed."""
        async with self._connected() as server:
            try:
                await server.noop()
            except (SMTPException, OSError) as exc:
                raise NotMailed(_reason(exc)) from None

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        server = SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user or None,
            password=self.password or None,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            timeout=self.timeout_s,
        )
        try:
            # The library has a time-out for each step, not for all of them.
            async with asyncio.timeout(2 * self.timeout_s):
                await server.connect()
        except (SMTPException, OSError, ValueError) as exc:
            server.close()
            raise NotMailed(_reason(exc)) from None
        try:
            yield server
        finally:
            # Not QUIT: its answer changes nothing, and a server that is slow to give it would
            # hold up the outcome.
            server.close()


async def _hand_over(server: SMTP, content: bytes) -> None:
    try:
        await server.data(content)
    except SMTPDataError as exc:
        raise NotMailed(_reason(exc)) from None
    except (SMTPException, OSError):
        raise AnswerLost("the mail server did not answer") from None


def _reason(exc: Exception) -> str:
    """Return why, in words; a server's own text may hold the customer's address."""
    match exc:
        case SMTPAuthenticationError():
            return "the mail server refused the user or the password"
        case SMTPSenderRefused():
            return f"the mail server refused the store's address as the sender ({exc.code})"
        case SMTPRecipientRefused():
            return f"the mail server refused the customer's address ({exc.code})"
        case SMTPDataError():
            return f"the mail server refused the message ({exc.code})"
        case SMTPConnectError() | TimeoutError() | ConnectionError():
            return "the mail server cannot be reached"
        case SMTPResponseException():
            return f"the mail server refused ({exc.code})"
        case OSError():
            return "no safe connection to the mail server can be made"
        case _:
            return "the mail server does not do what SMTP_SECURITY or SMTP_USER ask for"
