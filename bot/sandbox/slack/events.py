"""The stream of small notes that tells a page what to fetch again."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from bot.sandbox.slack.errors import Json

KEEP_ALIVE_S = 15.0


class Events:
    """Server-sent events for any number of listeners; a slow one loses notes, never blocks."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Json | None]] = set()

    def publish(self, note: Json) -> None:
        """Tell every listener."""
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait(note)

    def close(self) -> None:
        """End every stream."""
        for queue in self._listeners:
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Answer one listener until it leaves or the workspace closes."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue(maxsize=1000)
        self._listeners.add(queue)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        try:
            await response.prepare(request)
            await response.write(b": listening\n\n")
            while (line := await _next_line(queue)) is not None:
                await response.write(line)
        except ConnectionError:
            pass  # the listener left
        finally:
            self._listeners.discard(queue)
        return response


async def _next_line(queue: asyncio.Queue[Json | None]) -> bytes | None:
    try:
        note = await asyncio.wait_for(queue.get(), KEEP_ALIVE_S)
    except TimeoutError:
        return b": still here\n\n"
    if note is None:
        return None
    return b"data: " + json.dumps(note).encode() + b"\n\n"
