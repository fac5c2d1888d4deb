"""Handing a message to a mail server, and knowing afterwards what is known.

The server has taken a message when it has answered its last line. Until that line is sent, nothing
was taken; if no answer comes to it, nobody can tell, and it must not be sent again. A refusal is an
answer, at any step (RFC 5321, 4.2.1): 4xx passes, 5xx stays.

What the library raises names the customer's address. It ends here, so that no traceback tells it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.config.settings import Settings

TIMEOUT_S = 15.0
# RFC 5321, 4.5.3.2.6: a server may look at the message for that long before it answers.
TAKING_S = 600.0
GO_ON, TAKEN = 354, 250
# From here on a refusal stays: a person has to mend something.
_FOR_GOOD = 500
_FIRST_STOP = re.compile(rb"(?m)^\.")

Security = Literal["starttls", "tls", "none"]


class MailError(Exception):
    """A message that is not known to be sent; `str()` is a plain reason, without any address."""


class NotMailed(MailError):
    """The server has certainly not taken it. `is_passing`: it may, at another time."""

    def __init__(self, reason: str, *, is_passing: bool = False) -> None:
        super().__init__(reason)
        self.is_passing = is_passing


class MailAnswerLost(MailError):
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
    taking_s: float = TAKING_S

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

        `claim` is called when the server waits for the message itself. It tells whether that may
        be sent: if not, it was done before, and AnswerLost is raised.
        """
        async with self._connected() as server:
            try:
                await server.mail(sender)
                await server.rcpt(recipient)
                answer = await server.execute_command(b"DATA")
                if answer.code != GO_ON:
                    raise SMTPDataError(answer.code, "")
            except (SMTPException, OSError) as exc:
                raise _not_mailed(exc) from None
            if not claim():
                raise MailAnswerLost("the message was handed over before")
            await self._hand_over(server, message.as_bytes())

    async def _hand_over(self, server: SMTP, content: bytes) -> None:
        """Send the message itself; the library's own way does not tell where it broke."""
        protocol = server.protocol
        try:
            if protocol is None:
                raise ConnectionError
            protocol.write(_FIRST_STOP.sub(b"..", content).removesuffix(b"\r\n") + b"\r\n.\r\n")
            answer = await protocol.read_response(timeout=self.taking_s)
        except (SMTPException, OSError):
            raise MailAnswerLost("the mail server did not answer") from None
        if answer.code == TAKEN:
            return
        if not 400 <= answer.code < 600:
            raise MailAnswerLost("the mail server's answer says nothing")
        raise _not_mailed(SMTPDataError(answer.code, "")) from None

    async def try_out(self) -> None:
        """Connect, sign in and leave; raises NotMailed."""
        async with self._connected() as server:
            try:
                await server.noop()
            except (SMTPException, OSError) as exc:
                raise _not_mailed(exc) from None

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
            raise _not_mailed(exc) from None
        try:
            yield server
        finally:
            # Not QUIT: its answer changes nothing, and a server that is slow to give it would
            # hold up the outcome.
            server.close()


def _not_mailed(exc: Exception) -> NotMailed:
    code = exc.code if isinstance(exc, SMTPResponseException) else 0
    is_away = isinstance(exc, (SMTPResponseException, ConnectionError, TimeoutError))
    return NotMailed(_reason(exc), is_passing=is_away and code < _FOR_GOOD)


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
        case SMTPConnectResponseError():
            return f"the mail server refused ({exc.code})"
        case SMTPConnectError() | TimeoutError() | ConnectionError():
            return "the mail server cannot be reached"
        case SMTPResponseException():
            return f"the mail server refused ({exc.code})"
        case OSError():
            return "no safe connection to the mail server can be made"
        case _:
            return "the mail server does not do what SMTP_SECURITY or SMTP_USER ask for"
