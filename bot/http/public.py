"""Where BigCommerce delivers: checks who it is, notes what happened, and answers at once.

BigCommerce repeats what is not answered with 2xx, and stops delivering to an address that fails too
often. So only what could not be noted is answered with an error to a delivery that is in order.
"""

from __future__ import annotations

import asyncio
import hmac
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

from aiohttp import web

from bot.bigcommerce import Delivery, NotADelivery, read_delivery
from bot.http.addresses import Addresses, Network
from bot.http.descriptors import room_for
from bot.http.listener import CannotListen, Caps, Listener
from bot.http.refusals import Refusals
from bot.webhooks.secret import HEADER

# The documented payloads have less than one.
MAX_BODY = 64 * 1024
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
Take = Callable[[Delivery], None]


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
        proxies: Sequence[Network] = (),
        caps: Caps | None = None,
    ) -> None:
        """Keep what deliveries are held against, and who takes them."""
        self._secret = secret.encode()
        self._store_hash = store_hash
        self._take = take
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
        given = request.headers.get(HEADER, "").encode(errors="surrogateescape")
        # Before the body is read: who is not BigCommerce costs nothing.
        if not hmac.compare_digest(given, self._secret):
            return self._refused(401, "the secret is not right")
        if (request.content_length or 0) > MAX_BODY:
            return self._refused(413, "it is too long")
        try:
            async with asyncio.timeout(READ_S):
                delivery = read_delivery(await request.read(), self._store_hash)
        except NotADelivery as why:
            return self._refused(400, str(why))
        except web.HTTPRequestEntityTooLarge:
            return self._refused(413, "it is too long")
        except (ConnectionError, TimeoutError):
            return self._refused(408, "it did not come to its end")
        return self._noted(delivery)

    def _noted(self, delivery: Delivery | None) -> web.Response:
        if delivery is not None:
            try:
                self._take(delivery)
            except sqlite3.Error as exc:
                return self._refused(503, f"it could not be noted: {type(exc).__name__}")
        return web.Response(status=200)

    def _refused(self, status: int, why: str) -> web.Response:
        self._refusals.add(why)
        return web.Response(status=status)
