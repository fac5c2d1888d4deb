"""Webhooks (V3): made, listed, changed and deleted by the API account that owns them.

https://developer.bigcommerce.com/docs/rest-management/webhooks
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.bigcommerce.answers import StoreError, json_object, v3, v3_list
from bot.sandbox.bigcommerce.books import Books
from bot.sandbox.bigcommerce.shop import Endpoint, Shop
from bot.sandbox.bigcommerce.webhooks.hook import SCOPES, Hook

# "None required", says the specification: any token may.
ANY_TOKEN: frozenset[str] = frozenset()
MOST_PER_SCOPE = 10
FIELDS = frozenset({"scope", "destination", "is_active", "headers"})
INVALID = "JSON data is missing or invalid"


class Hooks:
    """The calls about webhooks."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        one = "/v3/hooks/{hook_id}"
        return [
            Endpoint("GET", "/v3/hooks", ANY_TOKEN, self.list_hooks),
            Endpoint("POST", "/v3/hooks", ANY_TOKEN, self.create),
            Endpoint("PUT", one, ANY_TOKEN, self.update),
            Endpoint("DELETE", one, ANY_TOKEN, self.delete),
        ]

    async def list_hooks(self, request: web.Request) -> web.Response:
        """List the account's own."""
        rows = [self._json(hook) for hook in self._own(request)]
        for name in ("scope", "destination"):
            if name in request.query:
                rows = [row for row in rows if row[name] == request.query[name]]
        if "is_active" in request.query:
            wanted = request.query["is_active"] == "true"
            rows = [row for row in rows if row["is_active"] == wanted]
        return v3_list(request, rows)

    async def create(self, request: web.Request) -> web.Response:
        """Make one. BigCommerce says that it works within a minute; here it does at once."""
        body = await json_object(request)
        for name in ("scope", "destination"):
            if name not in body:
                raise StoreError(422, INVALID, errors={name: "error.path.missing"})
        _check(body)
        own = self._own(request)
        same = [hook for hook in own if hook.scope == body["scope"]]
        # Which status these two rules are refused with is not documented.
        if any(hook.destination == body["destination"] for hook in same):
            raise StoreError(422, "A webhook of this scope and destination exists.", errors={})
        if len(same) >= MOST_PER_SCOPE:
            raise StoreError(422, "There are too many webhooks of this scope.", errors={})
        now, books = int(time.time()), self._shop.books
        fields = {"client_id": _client_id(request), "created_at": now, "updated_at": now}
        hook = Hook.model_validate({"id": books.next_id("hook"), **fields, **body})
        books.hooks[hook.id] = hook
        self._shop.changed()
        return v3(self._json(hook))

    async def update(self, request: web.Request) -> web.Response:
        """Change some of its fields."""
        hook = self._find(request)
        body = await json_object(request)
        if not body:
            raise StoreError(422, INVALID, errors={"": "error.expected.field"})
        _check(body)
        for name, value in body.items():
            setattr(hook, name, value)
        hook.updated_at = int(time.time())
        self._shop.changed()
        return v3(self._json(hook))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete one and return it."""
        hook = self._find(request)
        del self._shop.books.hooks[hook.id]
        self._shop.changed()
        return v3(self._json(hook))

    def _own(self, request: web.Request) -> list[Hook]:
        owner = _client_id(request)
        return [hook for hook in self._shop.books.hooks.values() if hook.client_id == owner]

    def _find(self, request: web.Request) -> Hook:
        text = request.match_info["hook_id"]
        for hook in self._own(request):
            if str(hook.id) == text:
                return hook
        raise StoreError(404, f"Webhook with id [{text}] not found")

    def _json(self, hook: Hook) -> dict[str, Any]:
        return {**hook.model_dump(), "store_hash": self._shop.store_hash}


def plant_hook(books: Books, token: str) -> None:
    """Give a fresh store's account a hook for something else, which must be left alone.

    The specification knows no empty list of hooks, so that there is none either.
    """
    if "hook" in books.last_id:
        return
    hook = Hook(
        id=books.next_id("hook"),
        client_id=_account(token),
        scope="store/product/*",
        destination="https://stock.fern.example/hooks",
        created_at=1_790_000_000,
        updated_at=1_790_000_000,
    )
    books.hooks[hook.id] = hook


def _client_id(request: web.Request) -> str:
    return _account(request.headers["X-Auth-Token"])


def _account(token: str) -> str:
    """Return the account behind a token, as BigCommerce finds it."""
    return sha256(token.encode()).hexdigest()[:31]


def _check(body: Mapping[str, Any]) -> None:
    """Refuse a field that is not right; what it may hold is BigCommerce's own rule."""
    wrong = {name: "error.unexpected.field" for name in body if name not in FIELDS}
    if "scope" in body and body["scope"] not in SCOPES:
        wrong["scope"] = "error.unknown.scope"
    if "destination" in body and not _is_destination(body["destination"]):
        wrong["destination"] = "error.destination.https.443"
    if not isinstance(body.get("is_active", True), bool):
        wrong["is_active"] = "error.expected.jsboolean"
    headers = body.get("headers")
    if headers is not None and not _are_headers(headers):
        wrong["headers"] = "error.expected.jsobject"
    if wrong:
        raise StoreError(422, INVALID, errors=wrong)


def _is_destination(value: Any) -> bool:
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        return parts.scheme == "https" and bool(parts.hostname) and parts.port in (None, 443)
    except ValueError:
        return False


def _are_headers(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
