"""Where BigCommerce delivers: checks who it is, notes what happened, and answers at once.

BigCommerce repeats what is not answered with 2xx, and stops delivering to an address that fails too
often. So whoever knows the secret hears 200, also where what came is of no use: that is counted.
Only what could not be noted is asked for again.
"""

from __future__ import annotations

import asyncio
import hmac
import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from aiohttp import web

from bot.bigcommerce.webhooks import NotADelivery, WebhookDelivery, read_delivery
from bot.http.addresses import Addresses, Network
from bot.http.descriptors import room_for
from bot.http.listener import CannotListen, Caps, Listener
from bot.http.refusals import Refusals
from bot.webhooks.secret import HEADER, hash_of

# The documented payloads have less than one.
MAX_BODY = 64 * 1024
TOO_LONG = f"one longer than {MAX_BODY // 1024} KB"
READ_S = 5.0
# A store has 150 calls in 30 s for all its apps: what happens in it comes nowhere near as often.
CAPS = Caps(
    connections=128,
    per_address=32,
    per_second=200,
    header_s=5,
    request_s=15,
    early_bytes=MAX_BODY + 32 * 1024,
)

# Notes the delivery durably; the same one again does no harm.
Take = Callable[[WebhookDelivery], None]
# Notes durably that something came which is of no use, in words that may be shown.
Count = Callable[[str], None]
FORMER = "one with the secret of an earlier API token"


class ReceiverError(Exception):
    """The receiver cannot be opened; `str()` says why, for whoever starts the bot."""


class WebhookReceiver:
    """Takes deliveries by POST, on any path, from `start` to `close`."""

    def __init__(
        self,
        *,
        secret: str,
        store_hash: str,
        take: Take,
        count: Count,
        former_secrets: Collection[str] = (),
        proxies: Sequence[Network] = (),
        caps: Caps | None = None,
    ) -> None:
        """Keep what deliveries are held against, and who takes and counts them.

        `former_secrets`: hashes of those that hooks may still have which another API token made.
        """
        self._secret = secret.encode()
        self._store_hash = store_hash
        self._take = take
        self._count = count
        self._former = frozenset(former_secrets)
        self.last_delivery: datetime | None = None
        self._refusals = Refusals("webhooks")
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post("/{path:.*}", self._answer)
        caps = caps or replace(CAPS, connections=room_for(CAPS.connections))
        self.listener = Listener(app, caps, self._refusals, Addresses(proxies))

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port, another one when 0 was given; raises ReceiverError."""
        try:
            return await self.listener.start(host, port)
        except CannotListen as why:
            raise ReceiverError(
                f"The receiver of webhooks cannot listen on {host}, port {port}: {why}."
                " Change WEBHOOK_PORT or WEBHOOK_HOST, or leave WEBHOOK_PORT out."
            ) from why

    async def close(self) -> None:
        """Listen no more."""
        await self.listener.close()

    async def _answer(self, request: web.Request) -> web.Response:
        text = request.headers.get(HEADER, "")
        # Before the body is read: who is not BigCommerce costs nothing.
        if not hmac.compare_digest(text.encode(errors="surrogateescape"), self._secret):
            # Its token may have been given up because others know it: nothing is believed.
            is_former = bool(self._former) and hash_of(text) in self._former
            return (
                self._unused(FORMER) if is_former else self._refused(401, "the secret is not right")
            )
        self.last_delivery = datetime.now(UTC)
        if (request.content_length or 0) > MAX_BODY:
            return self._unused(TOO_LONG)
        try:
            async with asyncio.timeout(READ_S):
                delivery = read_delivery(await request.read(), self._store_hash)
        except NotADelivery as what:
            return self._unused(str(what))
        except web.HTTPRequestEntityTooLarge:
            return self._unused(TOO_LONG)
        except (ConnectionError, TimeoutError):
            return self._refused(408, "it did not come to its end")
        return self._noted(delivery)

    def _noted(self, delivery: WebhookDelivery) -> web.Response:
        try:
            self._take(delivery)
        except sqlite3.Error as exc:
            return self._refused(503, f"it could not be noted: {type(exc).__name__}")
        return web.Response(status=200)

    def _unused(self, what: str) -> web.Response:
        self._refusals.add(what)
        with suppress(sqlite3.Error):  # only a count
            self._count(what)
        return web.Response(status=200)

    def _refused(self, status: int, why: str) -> web.Response:
        self._refusals.add(why)
        return web.Response(status=status)
