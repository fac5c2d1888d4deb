"""Where BigCommerce delivers: checks who it is, notes what happened, and answers at once.

BigCommerce repeats what is not answered with 2xx, and stops delivering to an address that fails too
often. So only what could not be noted is answered with an error to a delivery that is in order.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import sqlite3
from collections.abc import Callable

from aiohttp import web

from bot.bigcommerce import Delivery, NotADelivery, read_delivery
from bot.listening import CannotListen, listen
from bot.webhooks.secret import HEADER

logger = logging.getLogger(__name__)

# The documented payloads have less than one.
MAX_BODY = 64 * 1024
READ_S = 5.0

# Notes the delivery durably; the same one again does no harm.
Take = Callable[[Delivery], None]


class ReceiverError(Exception):
    """The receiver cannot be opened; `str()` says why, for whoever starts the bot."""


class WebhookReceiver:
    """Takes deliveries by POST, on any path, from `start` to `close`."""

    def __init__(self, *, secret: str, store_hash: str, take: Take) -> None:
        """Keep what deliveries are held against, and who takes them."""
        self._secret = secret.encode()
        self._store_hash = store_hash
        self._take = take
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post("/{path:.*}", self._answer)
        self._server = web.AppRunner(app, access_log=None)

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port, another one when 0 was given; raises ReceiverError."""
        try:
            return await listen(self._server, host, port)
        except CannotListen as why:
            raise ReceiverError(
                f"The receiver of webhooks cannot listen on {host}, port {port}: {why}."
                " Change WEBHOOK_PORT or WEBHOOK_HOST, or leave WEBHOOK_PORT out."
            ) from why

    async def close(self) -> None:
        """Listen no more."""
        await self._server.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode(errors="surrogateescape")
        # Before the body is read: who is not BigCommerce costs nothing.
        if not hmac.compare_digest(given, self._secret):
            return _refused(401, "the secret is not right")
        try:
            async with asyncio.timeout(READ_S):
                delivery = read_delivery(await request.read(), self._store_hash)
        except NotADelivery as why:
            return _refused(400, str(why))
        except TimeoutError:
            return _refused(408, "it did not come to its end")
        return self._noted(delivery)

    def _noted(self, delivery: Delivery | None) -> web.Response:
        if delivery is not None:
            try:
                self._take(delivery)
            except sqlite3.Error:
                logger.exception("delivery not noted", extra={"order_id": delivery.order_id})
                return web.Response(status=503)
        return web.Response(status=200)


def _refused(status: int, why: str) -> web.Response:
    logger.warning("webhook refused", extra={"status_code": status, "why": why})
    return web.Response(status=status)
