"""The demo's mail server, by a real client."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage

from aiosmtplib import SMTP

from bot.sandbox.mail_catcher import MailCatcher
from tests.support.mailbox import body


async def test_what_is_handed_over_is_shown() -> None:
    shown: list[EmailMessage] = []
    catcher = MailCatcher(shown.append)
    await catcher.start()
    message = EmailMessage()
    message["From"], message["To"] = "a@fern.example", "b@mail.example"
    message["Subject"] = "Greetings"
    message.set_content("Hello,\n\n.a line with a full stop\n.\nthe end\n")

    async with SMTP(hostname="127.0.0.1", port=catcher.port, start_tls=False) as client:
        await client.send_message(message)
    await catcher.close()

    assert shown[0]["Subject"] == "Greetings"
    assert "\n.a line with a full stop\n.\nthe end" in body(shown[0], "plain").replace("\r", "")


async def test_a_client_that_says_nothing_does_not_hold_it_up() -> None:
    catcher = MailCatcher(lambda message: None)
    await catcher.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", catcher.port)
    assert (await reader.readline()).startswith(b"220")

    await catcher.close()
    await catcher.close()

    assert await reader.read() == b""
    writer.close()
