"""The sandbox's mail server in a test, and what it caught."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

from bot.sandbox.mail_catcher import MailCatcher


class Letters:
    """What came in, all with the catcher that was told how to misbehave."""

    def __init__(self) -> None:
        self.caught: list[EmailMessage] = []
        self.catcher = MailCatcher(self.caught.append)
        self._port = 0

    def settings(self) -> dict[str, str]:
        """Return the bot's settings for it."""
        return {
            "NOTIFICATIONS": "email",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.catcher.port),
            "SMTP_SECURITY": "none",
        }

    async def stop(self) -> None:
        """Listen no more; the port is known for the next start."""
        self._port = self.catcher.port
        await self.catcher.close()

    async def start_again(self) -> None:
        """Listen at the same port."""
        await self.catcher.start(self._port)


@asynccontextmanager
async def catching() -> AsyncIterator[Letters]:
    """Run it."""
    letters = Letters()
    await letters.catcher.start()
    try:
        yield letters
    finally:
        await letters.catcher.close()
