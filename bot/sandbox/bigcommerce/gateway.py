"""What stands before every call: quota, token, scopes, content types, faults, the journal."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping

from aiohttp import web

from bot.sandbox.bigcommerce.answers import MISREAD, StoreError, refused
from bot.sandbox.bigcommerce.faults import TRANSPORT_KINDS, Fault
from bot.sandbox.bigcommerce.journal import Journal
from bot.sandbox.bigcommerce.shop import Handler, Shop

SCOPE_MISSING = "You don't have a required scope to access the endpoint"
UNAVAILABLE = "The service is not available."
FROM_IN_FRONT = frozenset({401, 403, 405, 406, 413, 415, 423, 429, *range(500, 600)})
POLL_S = 0.02


class Quota:
    """The calls left in the present window. All apps of a store share it."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._used = 0
        self._ends_at = 0.0

    def take(self) -> bool:
        """Count a call; False when the window has none left."""
        now = time.monotonic()
        if now >= self._ends_at:
            self._used = 0
            self._ends_at = now + self._shop.books.settings.window_ms / 1000
        self._used += 1
        return self._used <= self._shop.books.settings.quota

    def headers(self, reset_ms: int | None = None) -> dict[str, str]:
        """Return the four rate headers."""
        settings = self._shop.books.settings
        remaining_ms = max(0, round((self._ends_at - time.monotonic()) * 1000))
        return {
            "x-rate-limit-requests-left": str(max(0, settings.quota - self._used)),
            "x-rate-limit-requests-quota": str(settings.quota),
            "x-rate-limit-time-reset-ms": str(remaining_ms if reset_ms is None else reset_ms),
            "x-rate-limit-time-window-ms": str(settings.window_ms),
        }


class Gateway:
    """The middleware of the store's API.

    `tokens` maps each access token to its scopes, `scopes` each route to those that open it.
    """

    def __init__(
        self,
        shop: Shop,
        *,
        tokens: Mapping[str, frozenset[str]],
        journal: Journal,
        closing: asyncio.Event,
    ) -> None:
        self._shop = shop
        self._tokens = tokens
        self._journal = journal
        self._closing = closing
        self._quota = Quota(shop)
        self.scopes: dict[web.AbstractRoute, frozenset[str]] = {}

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a call of the API, well or ill."""
        path = _below_version(request)
        fault = self._shop.faults.take(request.method, path, *TRANSPORT_KINDS)
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.delay_s)
            fault = self._shop.faults.take(request.method, path, *TRANSPORT_KINDS[1:])
        if fault is None:
            response = await self._answer(request, handler)
        else:
            response = await self._misbehave(request, handler, fault)
        if response.status == 429 and "x-rate-limit-requests-quota" not in response.headers:
            return response  # the platform under load: no headers at all
        for name, value in self._quota.headers().items():
            response.headers.setdefault(name, value)
        if _version(request) == "v2":
            response.headers["x-bc-apilimit-remaining"] = "20000"
            response.headers["x-bc-store-version"] = "7.6.0"
        return response

    async def _misbehave(
        self, request: web.Request, handler: Handler, fault: Fault
    ) -> web.StreamResponse:
        match fault.kind:
            case "rate_limit" | "rate_limit_bare":
                response = _too_many()
                if fault.kind == "rate_limit":
                    response.headers.update(self._quota.headers(round(fault.delay_s * 1000)))
            case "status" | "html":
                if fault.after:
                    await self._answer(request, handler)
                response = _broken(fault, _version(request))
            case "no_scope":
                response = refused(_scope_missing(), _version(request))
            case "hang":
                if fault.after:
                    await self._answer(request, handler)
                await self._until_given_up(request)
                response = web.Response(status=504)
            case _:
                if fault.kind == "drop_after":
                    await self._answer(request, handler)
                if request.transport is not None:
                    request.transport.abort()
                return web.Response(status=502)  # goes nowhere: the connection is gone
        # An answer that was never sent is no exchange, and a success that a fault made up is none
        # of BigCommerce's: the journal would be held against the specification for it.
        if fault.kind != "hang" and response.status >= 400:
            await self._journal.write(request, response)
        return response

    async def _until_given_up(self, request: web.Request) -> None:
        while request.transport is not None and not request.transport.is_closing():
            if self._closing.is_set():
                return
            await asyncio.sleep(POLL_S)

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await self._attempt(request, handler)
        await self._journal.write(request, response)
        return self._changed(request, response)

    def _changed(self, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
        """Let a fault put something else into a good answer."""
        if response.status >= 300 or not isinstance(response, web.Response):
            return response
        fault = self._shop.faults.take(request.method, _below_version(request), "change")
        if fault is not None:
            body = fault.applied(json.loads(response.text or "null"))
            response.text = json.dumps(body, default=float)
        return response

    async def _attempt(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        version = _version(request)
        if not self._quota.take():
            response = _too_many()
            response.headers.update(self._quota.headers())
            return response
        try:
            if self._shop.books.settings.plain_text_401 and not self._known(request):
                return web.Response(text="Unauthorized", status=401)
            self._check(request)
            path = _below_version(request)
            if fault := self._shop.faults.take(request.method, path, "misread"):
                request[MISREAD] = fault
            return await handler(request)
        except StoreError as refusal:
            return refused(refusal, version)
        except web.HTTPNotFound:
            return refused(StoreError(404, "The requested resource was not found."), version)
        except web.HTTPMethodNotAllowed:
            return refused(StoreError(405, "The method is not allowed here."), version)

    def _known(self, request: web.Request) -> bool:
        if not request.path.startswith(f"/stores/{self._shop.store_hash}/"):
            return False
        return request.headers.get("X-Auth-Token", "") in self._tokens

    def _check(self, request: web.Request) -> None:
        # What a 401 says is not documented; this is the usual gateway shape.
        if not self._known(request):
            raise StoreError(401, "Unauthorized", gateway=True)
        needed = self.scopes.get(request.match_info.route)
        if needed and not needed & self._tokens[request.headers["X-Auth-Token"]]:
            raise _scope_missing()
        accept = request.headers.get("Accept", "*/*")
        if not any(kind in accept for kind in ("application/json", "application/*", "*/*")):
            raise StoreError(406, "Only application/json is available.", gateway=True)
        if request.can_read_body and request.content_type != "application/json":
            raise StoreError(415, "Send application/json.", gateway=True)


def _version(request: web.Request) -> str:
    return "v2" if "/v2/" in request.path else "v3"


def _below_version(request: web.Request) -> str:
    return "/".join(request.path.strip("/").split("/")[3:])


def _scope_missing() -> StoreError:
    return StoreError(403, SCOPE_MISSING, errors={}, gateway=True)


def _too_many() -> web.Response:
    return refused(StoreError(429, "Too many requests", gateway=True), "v3")


def _broken(fault: Fault, version: str) -> web.Response:
    if fault.kind == "html":
        page = fault.body or f"<html><body><h1>{fault.status}</h1></body></html>"
        return web.Response(text=str(page), status=fault.status, content_type="text/html")
    if isinstance(fault.body, str):
        return web.Response(text=fault.body, status=fault.status)
    if fault.body is None and fault.status < 400:
        return web.Response(status=fault.status)
    if fault.body is None:
        # What stands in front of the resource answers in V3's shape on V2 paths, too.
        refusal = StoreError(fault.status, UNAVAILABLE, gateway=fault.status in FROM_IN_FRONT)
        return refused(refusal, version)
    return web.Response(
        text=json.dumps(fault.body), status=fault.status, content_type="application/json"
    )
