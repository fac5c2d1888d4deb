"""The mail server for the e-mail to customers, and the address that it is sent from."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.bigcommerce.client import store_client
from bot.bigcommerce.http.errors import BigCommerceError
from bot.check.finding import Finding
from bot.config.configuration import Configuration
from bot.config.settings import Settings
from bot.mail.addresses import is_address
from bot.mail.smtp import MailServer, NotMailed


async def check_mail(settings: Settings, configuration: Configuration) -> AsyncIterator[Finding]:
    """Yield what is found; nothing where the store e-mails customers by itself. No mail is sent."""
    if configuration.notifications != "email":
        return
    if settings.smtp_host is None:
        yield Finding(
            "Makegood is to e-mail customers, and no mail server is set.",
            "Set SMTP_HOST and the other SMTP_ settings, or let BigCommerce send the e-mail.",
        )
        return
    yield await _server(settings)
    yield await _sender(settings)


async def _server(settings: Settings) -> Finding:
    name = f"{settings.smtp_host}, port {settings.smtp_port}"
    try:
        await MailServer.of(settings).try_out()
    except NotMailed as exc:
        return Finding(
            f"Mail server {name}: {exc}.",
            "Check SMTP_HOST, SMTP_PORT, SMTP_SECURITY, SMTP_USER and SMTP_PASSWORD against your"
            " mail provider's page about SMTP.",
        )
    signed_in = "signed in" if settings.smtp_user else "no user is set, so nobody signed in"
    return Finding(f"Mail server {name}: reached, {signed_in}.")


async def _sender(settings: Settings) -> Finding:
    """Look at the sender's address; whether the server may send from it shows with the first."""
    if settings.mail_from:
        sender, where = settings.mail_from, "as MAIL_FROM says"
    else:
        sender, where = await _of_the_store(settings), "the store's own address for orders"
    if not is_address(sender):
        return Finding(
            "The e-mail to customers has no sender's address that can be used.",
            "Set MAIL_FROM to an address that your mail server may send from.",
        )
    return Finding(f"The e-mail to customers comes from {sender}, {where}.")


async def _of_the_store(settings: Settings) -> str:
    store = store_client(settings, max_wait_s=15)
    try:
        return (await store.info.get()).sender
    except BigCommerceError:
        return ""
    finally:
        await store.close()
