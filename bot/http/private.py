"""The health endpoint, for whoever watches the bot: `GET /health` says in words what is broken."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.http.listener import CannotListen, Caps, Listener
from bot.http.refusals import Refusals
from bot.process.internal_errors import describe_internal_errors

logger = logging.getLogger(__name__)

# Watchers give up after some seconds, too.
TIMEOUT_S = 3.0
# Its place among the descriptors is part of what is kept from the public port.
CAPS = Caps(
    connections=32,
    per_address=32,
    per_second=50,
    header_s=5,
    request_s=10,
    early_bytes=32 * 1024,
)

# Says what is wrong, in words that hold no secret; "" when all is well.
Check = Callable[[], Awaitable[str]]


class HealthError(Exception):
    """The endpoint cannot be opened; `str()` says why, for whoever starts the bot."""


class Health:
    """Serves `GET /health` from `start` to `close`: 200 when all checks are well, else 503."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        *,
        notes: Mapping[str, Callable[[], str]] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Keep the checks, by the part of the bot that each is about.

        `notes` are told as well, and are no reason for a 503: a restart mends none of them.
        """
        self._checks = checks
        self._notes = {**(notes or {}), "Internal errors": describe_internal_errors}
        self._timeout_s = timeout_s
        app = web.Application()
        app.router.add_get("/health", self._answer)
        self.listener = Listener(app, CAPS, Refusals("health"))

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port, which is another one when 0 was given; raises HealthError."""
        try:
            return await self.listener.start(host, port)
        except CannotListen as why:
            raise HealthError(
                f"The health endpoint cannot listen on {host}, port {port}: {why}."
                " Change HEALTH_PORT or HEALTH_HOST, or leave HEALTH_PORT out."
            ) from why

    async def close(self) -> None:
        """Listen no more."""
        await self.listener.close()

    async def _answer(self, request: web.Request) -> web.Response:
        found = await asyncio.gather(*(self._look(check) for check in self._checks.values()))
        lines = [
            f"{name}: {wrong or 'ok'}" for name, wrong in zip(self._checks, found, strict=True)
        ]
        lines += [f"{name}: {told()}" for name, told in self._notes.items()]
        return web.Response(
            text="\n".join(lines) + "\n",
            status=503 if any(found) else 200,
            headers={"Cache-Control": "no-store"},
        )

    async def _look(self, check: Check) -> str:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await check()
        except TimeoutError:
            return "gives no answer"
        except Exception as exc:  # broad on purpose: a check that breaks is an answer, too
            logger.warning("health check broke", extra={"error": type(exc).__name__})
            return "cannot be checked"
