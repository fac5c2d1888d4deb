"""A port that cannot be used up: every connection has a place, a size and an end from the start.

- At most `connections` are open at once, and `per_address` of them from one known address. One
  more takes the place of the one that has waited longest for its request: whoever opens many and
  says nothing only closes their own. Where none waits, the new one is closed at once.
- `request_s` after its opening a connection is cut, `header_s` after it when the header has not
  come. Each serves one request.
- At most `per_second` are taken; the others wait with the system, where they cost nothing.

So strangers cost the event loop, which carries the refunds, a small and fixed part of its time.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.http.addresses import Addresses
from bot.http.pace import TokenBucket
from bot.http.refusals import Refusals
from bot.process.internal_errors import note_internal_error

WHY = {
    errno.EADDRINUSE: "the port is in use",
    errno.EACCES: "the port is not open to this user",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}
BACKLOG = 128
# Taken in one turn of the event loop: others wait for their turn meanwhile.
AT_ONCE = 8
# After an error of the system's, mostly that no descriptor is left.
PAUSE_S = 0.5
LINGER_S = 0.1

# aiohttp would log each request that is none, with a traceback.
_MUTE = logging.getLogger(f"{__name__}.mute")
_MUTE.disabled = True

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CannotListen(Exception):
    """Nothing listens; `str()` is the reason, as half a sentence."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What a port takes. `early_bytes`: of one connection before its request is at hand."""

    connections: int
    per_address: int
    per_second: float
    header_s: float
    request_s: float
    early_bytes: int


class Listener:
    """Serves `app` within the caps, from `start` to `close`; what is refused is counted."""

    def __init__(
        self,
        app: web.Application,
        caps: Caps,
        refusals: Refusals,
        addresses: Addresses | None = None,
    ) -> None:
        """Keep the parts."""
        self._caps = caps
        self._refusals = refusals
        self._addresses = addresses or Addresses()

        @web.middleware
        async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._answer(request, handler)

        app.middlewares.append(answer)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=_MUTE,
            lingering_time=LINGER_S,
            auto_decompress=False,
            keepalive_timeout=caps.request_s,
        )
        self._sockets: list[socket.socket] = []
        self._open: set[_Guard] = set()
        # In the order of their opening.
        self._waiting: dict[_Guard, None] = {}
        self._begun: set[asyncio.Task[None]] = set()
        self._pauses: dict[socket.socket, asyncio.TimerHandle] = {}

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._open)

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port, which is another one when 0 was given.

        Raises CannotListen, with nothing left open.
        """
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        self._pace = TokenBucket(self._caps.per_second, self._caps.per_second, loop.time())
        try:
            found = await loop.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )
            for family, kind, proto, _, address in dict.fromkeys(found):
                self._sockets.append(_listening(family, kind, proto, address))
        except OSError as exc:
            await self.close()
            raise CannotListen(WHY.get(exc.errno or 0, "the address cannot be used")) from exc
        for each in self._sockets:
            loop.add_reader(each, self._accept, each)
        return int(self._sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Listen no more, and let nobody wait for an answer."""
        loop = asyncio.get_running_loop()
        for each in self._sockets:
            if each in self._pauses:
                self._pauses.pop(each).cancel()
            loop.remove_reader(each)
            each.close()
        self._sockets.clear()
        for guard in [*self._waiting]:
            guard.drop("")
        await self._runner.cleanup()
        for guard in [*self._open]:
            guard.drop("")
        await asyncio.gather(*self._begun, return_exceptions=True)
        self._refusals.tell()

    # Opening.

    def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(AT_ONCE):
            if not self._pace.take(loop.time()):
                self._pause(listening, self._pace.wait_s)
                return
            try:
                connection, peer = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:
                self._refusals.add("the machine had no descriptor left")
                self._pause(listening, PAUSE_S)
                return
            self._admit(connection, str(peer[0]))

    def _pause(self, listening: socket.socket, wait_s: float) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(listening)
        self._pauses[listening] = loop.call_later(wait_s, self._go_on, listening)

    def _go_on(self, listening: socket.socket) -> None:
        del self._pauses[listening]
        asyncio.get_running_loop().add_reader(listening, self._accept, listening)

    def _admit(self, connection: socket.socket, host: str) -> None:
        address = self._addresses.of_peer(host)
        if not self._has_room(address):
            connection.close()
            self._refusals.add("too many connections")
            return
        connection.setblocking(False)
        guard = _Guard(self, self._caps, host, address)
        self._open.add(guard)
        self._waiting[guard] = None
        task = asyncio.get_running_loop().create_task(self._begin(connection, guard))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)

    def _has_room(self, address: str | None) -> bool:
        """Make room if need be, where that takes it from somebody who only waits."""
        if address is not None and self._count_of(address) >= self._caps.per_address:
            return self._drop_first(address)
        return len(self._open) < self._caps.connections or self._drop_first(None)

    def _count_of(self, address: str) -> int:
        return sum(guard.address == address for guard in self._open)

    def _drop_first(self, address: str | None) -> bool:
        """Cut the one that has waited longest, of this address or of all."""
        for guard in self._waiting:
            if address is None or guard.address == address:
                guard.drop("no request, and others came")
                return True
        return False

    async def _begin(self, connection: socket.socket, guard: _Guard) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(lambda: guard, connection)
        except OSError:
            connection.close()
            self.gone(guard)

    # What the guards call.

    def new_handler(self) -> asyncio.Protocol:
        """Return aiohttp's protocol for one connection."""
        server = self._runner.server
        if server is None:
            raise RuntimeError("it is not set up")
        return server()

    def gone(self, guard: _Guard) -> None:
        """Give the place of a connection back."""
        self._open.discard(guard)
        self._waiting.pop(guard, None)

    def refused(self, reason: str) -> None:
        """Count a refusal."""
        self._refusals.add(reason)

    # Answering.

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer one request of a connection, and the last one."""
        guard = next((each for each in self._waiting if each.transport is request.transport), None)
        if guard is None:  # cut meanwhile, or a second request in spite of all
            answer: web.StreamResponse = web.Response(status=400)
        elif self._is_one_too_many(guard, request):
            self._refusals.add("too many requests of one address")
            answer = web.Response(status=429)
        else:
            answer = await _answered(request, handler)
        answer.force_close()
        return answer

    def _is_one_too_many(self, guard: _Guard, request: web.Request) -> bool:
        """Note that the connection's request is at hand, and from whom a proxy says it is."""
        self._waiting.pop(guard)
        guard.has_arrived = True
        forwarded = request.headers.getall("X-Forwarded-For", [])
        guard.address = self._addresses.of_request(guard.host, forwarded)
        if guard.address is None:
            return False
        return self._count_of(guard.address) > self._caps.per_address


class _Guard(asyncio.Protocol):
    """Stands before aiohttp's protocol on one connection, and cuts it when its time is over."""

    def __init__(self, listener: Listener, caps: Caps, host: str, address: str | None) -> None:
        self.host = host
        self.address = address
        self.has_arrived = False
        self.transport: asyncio.Transport | None = None
        self._listener = listener
        self._caps = caps
        self._inner: asyncio.Protocol | None = None
        self._early_bytes = 0
        self._is_dropped = False
        loop = asyncio.get_running_loop()
        self._timers = (
            loop.call_later(caps.header_s, self._header_is_late),
            loop.call_later(caps.request_s, self.drop, "it took too long"),
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("not a connection")
        self.transport = transport
        if self._is_dropped:
            transport.abort()
            return
        self._inner = self._listener.new_handler()
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._inner is None or self._is_dropped:
            return
        if not self.has_arrived:
            self._early_bytes += len(data)
            if self._early_bytes > self._caps.early_bytes:
                self.drop("its header is too long")
                return
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._inner is not None else None

    def pause_writing(self) -> None:
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner is not None:
            self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in self._timers:
            timer.cancel()
        if not self.has_arrived and not self._is_dropped:
            self._listener.refused("it was no request")
        self._listener.gone(self)
        if self._inner is not None:
            self._inner.connection_lost(exc)

    def drop(self, reason: str) -> None:
        """Cut the connection, whatever it is at; counted, unless the reason is "" ."""
        if self._is_dropped:
            return
        self._is_dropped = True
        for timer in self._timers:
            timer.cancel()
        if reason:
            self._listener.refused(reason)
        self._listener.gone(self)
        if self.transport is not None:
            self.transport.abort()

    def _header_is_late(self) -> None:
        if not self.has_arrived:
            self.drop("its header did not come to its end")


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as answer:
        return web.Response(status=answer.status)
    except Exception:  # broad on purpose: told as an error of ours, and answered as one
        note_internal_error("answering broke")
        return web.Response(status=500)


def _listening(family: int, kind: int, proto: int, address: object) -> socket.socket:
    listening = socket.socket(family, kind, proto)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.setblocking(False)
        listening.bind(address)  # type: ignore[arg-type]  # as getaddrinfo gave it
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening
