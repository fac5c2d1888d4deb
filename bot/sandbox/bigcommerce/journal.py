"""The journal: every exchange with the store's API as one line of JSON, the token left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aiohttp import web

HEADERS = ("accept", "content-type", "user-agent", "x-auth-token")


class Journal:
    """Writes exchanges to a file, or nowhere when there is none.

    A line: method, path, query (values as text), request (parsed or null), request_headers
    (lower-case, token redacted), status, response (parsed, or null when empty).
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)

    async def write(self, request: web.Request, response: web.StreamResponse) -> None:
        """Append one exchange."""
        if self._file is None:
            return
        headers = {name: request.headers[name] for name in HEADERS if name in request.headers}
        if "x-auth-token" in headers:
            headers["x-auth-token"] = "***"
        line = {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "request": _parsed(await request.text()),
            "request_headers": headers,
            "status": response.status,
            "response": _parsed(response.text if isinstance(response, web.Response) else None),
        }
        _append(self._file, json.dumps(line))


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _parsed(text: str | None) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
