"""A real mail server on loopback that keeps what it is given, and can be made to misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOLD = "hold"


class Mailbox:
    """What came in. `answers` replaces the server's answer to RCPT or DATA, once or for good.

    An answer of "" to DATA takes the message and then breaks the line; HOLD takes it and says
    nothing.
    """

    def __init__(self) -> None:
        self.port = 0
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self.users: list[bytes] = []
        self._servers: list[SMTP] = []

    def settings(self) -> dict[str, str]:
        return {
            "NOTIFICATIONS": "email",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.port),
            "SMTP_SECURITY": "none",
        }

    def make_server(self) -> SMTP:
        server = SMTP(
            self,
            hostname="mailbox",
            loop=asyncio.get_running_loop(),
            authenticator=self.authenticate,
            auth_require_tls=False,
        )
        self._servers.append(server)
        return server

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.users.append(given.login)
        return AuthResult(success=given.password == b"right", handled=False)

    # The names are aiosmtpd's.

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250") or answer in {"", HOLD}:
            assert isinstance(envelope.content, bytes)
            message = BytesParser(EmailMessage, policy=default).parsebytes(envelope.content)
            self.messages.append(message)
            self.recipients += envelope.rcpt_tos
        if answer == HOLD:
            await asyncio.Event().wait()
        if not answer:
            break_off(server)
        return answer or "250 OK"

    def disconnect(self) -> None:
        for server in self._servers:
            break_off(server)


def break_off(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


@asynccontextmanager
async def running_mailbox() -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(mailbox.make_server, "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        mailbox.disconnect()
        await server.wait_closed()
        await asyncio.sleep(0)


def body(message: EmailMessage, kind: str) -> str:
    """Return the message's part of that kind, "plain" or "html"."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())
