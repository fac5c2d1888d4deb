"""What both control APIs have in common: JSON in, JSON out, refusals by a code.

README.md lists their routes.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from pydantic import ValidationError

Answer = Callable[[dict[str, Any]], Awaitable[Any]]


class Refusal(Exception):
    """What a person tried cannot be done; `error` is a code, `extra` goes into the answer."""

    def __init__(self, error: str, status: int = 400, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.extra: dict[str, Any] = dict(extra)


def add_routes(
    app: web.Application, path: str, *, read: Mapping[str, Answer], do: Mapping[str, Answer]
) -> None:
    """Add routes below a path.

    Whoever reads gets what `read` returns of the query, and whoever does gets `{"ok": true}` with
    what `do` returns of the body.
    """
    for name, answer in read.items():
        app.router.add_get(f"{path}/{name}", _handler(answer))
    for name, answer in do.items():
        app.router.add_post(f"{path}/{name}", _handler(answer))


def _handler(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            if request.method == "GET":
                return web.json_response(await answer(dict(request.query)))
            return web.json_response({"ok": True, **await answer(await _body(request))})
        except Refusal as refusal:
            body = {"ok": False, "error": refusal.error, **refusal.extra}
            return web.json_response(body, status=refusal.status)
        except ValidationError as exc:
            first = exc.errors()[0]
            error = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            return web.json_response({"ok": False, "error": error}, status=400)

    return handle


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(body, dict):
        raise Refusal("json_not_object")
    return body
