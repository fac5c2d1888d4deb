"""One attempt at one call: addresses, headers, time-outs, and what certainly was not sent."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.bigcommerce.http.errors import NoAnswer, NotSent
from bot.bigcommerce.http.quota import Share
from bot.bigcommerce.http.wire_json import dumps

VERSION = "0.1.0"
USER_AGENT = f"Makegood/{VERSION}"

# aiohttp raises these while it connects, before it writes the first byte. Everything else may have
# come after, whatever httpx calls it: a dropped connection reaches us as httpx.ConnectTimeout.
BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
UNREACHABLE = "BigCommerce could not be reached."
SILENT = "BigCommerce gave no answer."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to the store's API. `path` begins with /v2 or /v3.

    `repeatable`: it changes nothing, so a lost answer is asked for again. `share`: how soon it has
    its turn.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    timeout_s: float
    repeatable: bool = False
    share: Share = Share.LOOK

    @property
    def name(self) -> str:
        """What errors and logs call it; the query may hold personal data and stays out."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@cache
def tls_context() -> ssl.SSLContext:
    """Return the one context of the process: reading the certificates takes some 30 ms."""
    return httpx.create_ssl_context()


async def send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a PUT again by itself after a dropped connection."""
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        # aiohttp repeats after these two and no other.
        raise aiohttp.ClientPayloadError("dropped after sending") from error


class Transport:
    """Sends calls to one store with its token. Never follows a redirect."""

    def __init__(
        self, *, store_hash: str, access_token: str, api_url: str, connect_timeout_s: float
    ) -> None:
        # httpx logs whole addresses at INFO, and searches hold personal data.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._base = f"{api_url.rstrip('/')}/stores/{quote(store_hash, safe='')}"
        self._token = access_token
        self._connect_timeout_s = connect_timeout_s
        tls = tls_context()
        self._reads = self._client(AiohttpTransport(verify=tls), access_token)
        # A write always gets a connection of its own: on a kept one that the other side has just
        # closed it would look lost when it was never read.
        single_use = AiohttpTransport(
            verify=tls,
            client=lambda: aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=tls, force_close=True),
                middlewares=(send_once,),
            ),
        )
        self._writes = self._client(single_use, access_token)

    async def close(self) -> None:
        """Close all connections."""
        await self._reads.aclose()
        await self._writes.aclose()

    async def send(self, call: Call) -> Answer:
        """Send the call once and return the answer, whatever its status.

        Raises NotSent when it certainly did not leave, NoAnswer when nothing usable came back.
        """
        started = time.monotonic()
        status: int | str = "no answer"
        try:
            answer = await self._exchange(call)
            status = answer.status
            return answer
        except NotSent:
            status = "not sent"
            raise
        finally:
            logger.info(
                "called BigCommerce",
                extra={
                    "method": call.method,
                    "path": call.path,
                    "status": status,
                    "duration_ms": round((time.monotonic() - started) * 1000),
                },
            )

    async def _exchange(self, call: Call) -> Answer:
        client = self._reads if call.method == "GET" else self._writes
        if client.is_closed:
            raise NotSent(call.name, "The connection to BigCommerce is closed.")
        try:
            async with asyncio.timeout(call.timeout_s):
                response = await client.request(
                    call.method,
                    self._base + call.path,
                    params=call.query,
                    content=None if call.body is None else dumps(call.body).encode(),
                    headers={} if call.method == "GET" else {"Content-Type": "application/json"},
                    timeout=httpx.Timeout(call.timeout_s, pool=self._connect_timeout_s),
                )
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError) as error:
            if isinstance(error, BEFORE_SENDING) or isinstance(error.__cause__, BEFORE_SENDING):
                raise NotSent(call.name, UNREACHABLE) from error
            raise NoAnswer(call.name, SILENT) from error
        return Answer(
            response.status_code,
            {name.lower(): value for name, value in response.headers.items()},
            self._without_token(response.content),
        )

    @staticmethod
    def _client(transport: AiohttpTransport, access_token: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=transport,
            follow_redirects=False,
            headers={
                "X-Auth-Token": access_token,
                "Accept": "application/json",
                "User-Agent": USER_AGENT,
            },
        )

    def _without_token(self, body: bytes) -> bytes:
        """Hide the token where an answer repeats it, so that no error text can carry it."""
        token = self._token.encode()
        return body.replace(token, b"***") if token else body
