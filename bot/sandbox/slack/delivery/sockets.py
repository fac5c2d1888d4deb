"""Socket Mode: the app's connections, and getting one envelope to one of them.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.slack.errors import Json

logger = logging.getLogger(__name__)

MAX_CONNECTIONS = 10
HEARTBEAT_S = 30.0
GRACE_S = 2.0  # Slack's own grace after a warning is some ten seconds


@dataclass(eq=False, slots=True)
class Connection:
    """One open WebSocket, by number; one that is `leaving` was asked to come back anew."""

    number: int
    socket: web.WebSocketResponse
    leaving: bool = False


class Sockets:
    """The open connections. Envelopes go round them in turn, each to one."""

    def __init__(self, app_id: str, on_answer: Callable[[int, Json], None]) -> None:
        self._app_id = app_id
        self._on_answer = on_answer
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._turn = itertools.count()
        self._closings: set[asyncio.Task[None]] = set()
        self.connections: list[Connection] = []
        self.handshake_s = 0.0

    def ticket(self) -> str:
        """Return a ticket that opens one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def send(self, envelope: Json) -> int | None:
        """Send to one connection and return its number, or None when nobody listens."""
        while self.connections:
            connection = self._next()
            try:
                await connection.socket.send_json(envelope)
            except ConnectionError:
                self._drop(connection)
            else:
                return connection.number
        return None

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until either side closes it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._tickets.discard(ticket)
        await asyncio.sleep(self.handshake_s)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S)
        await socket.prepare(request)
        if len(self.connections) >= MAX_CONNECTIONS:
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        connection = Connection(next(self._numbers), socket)
        self.connections.append(connection)
        try:
            await socket.send_json(self._hello())
            await self._listen(connection)
        except ConnectionError:
            logger.debug("a connection went away")
        finally:
            self._drop(connection)
        return socket

    async def disconnect(self, reason: str, at_most: int = MAX_CONNECTIONS) -> int:
        """Ask connections, the oldest first, to come back on new ones; end them after a grace."""
        asked = [connection for connection in self.connections if not connection.leaving]
        asked = asked[:at_most]
        for connection in asked:
            connection.leaving = True
            await connection.socket.send_json(_disconnect(reason))
            task = asyncio.create_task(self._close_later(connection))
            self._closings.add(task)
            task.add_done_callback(self._closings.discard)
        return len(asked)

    async def close(self) -> None:
        """Close every connection at once."""
        for task in list(self._closings):
            task.cancel()
        await asyncio.gather(*self._closings, return_exceptions=True)
        for connection in list(self.connections):
            self._drop(connection)
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                answer = json.loads(message.data)
            except ValueError:
                continue
            if isinstance(answer, dict):
                self._on_answer(connection.number, answer)

    async def _close_later(self, connection: Connection) -> None:
        await asyncio.sleep(GRACE_S)
        await connection.socket.close()

    def _next(self) -> Connection:
        """Return whose turn it is: one that is leaving only when there is no other."""
        staying = [connection for connection in self.connections if not connection.leaving]
        candidates = staying or self.connections
        return candidates[next(self._turn) % len(candidates)]

    def _drop(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
