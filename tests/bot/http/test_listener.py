"""A port under attack: real sockets that say nothing, too much, or never come to an end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from ipaddress import ip_network

import pytest
from aiohttp import web

from bot.http.addresses import Addresses
from bot.http.listener import Caps, Listener
from bot.http.refusals import Refusals

HOST = "127.0.0.1"
CAPS = Caps(
    connections=8,
    per_address=3,
    per_second=10_000,
    header_s=30,
    request_s=60,
    early_bytes=20_000,
)
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
PROXIED = Addresses([ip_network(HOST)])


@dataclass
class Client:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def rest(self) -> bytes:
        """Return what comes until the connection is closed."""
        try:
            async with asyncio.timeout(20):
                return await self.reader.read()
        except ConnectionError:
            return b""


class Port:
    """A listener whose one page says hello, once `go` is set; `/read` reads the body first."""

    def __init__(self, caps: Caps, addresses: Addresses | None) -> None:
        self.go = asyncio.Event()
        self.go.set()
        self.asked = 0
        app = web.Application(client_max_size=1000)
        app.router.add_route("*", "/", self._hello)
        app.router.add_post("/read", self._read)
        app.router.add_get("/broken", self._broken)
        self.listener = Listener(app, caps, Refusals("test"), addresses)
        self.port = 0
        self._clients = AsyncExitStack()

    async def _hello(self, request: web.Request) -> web.Response:
        self.asked += 1
        await self.go.wait()
        return web.Response(text="hello")

    async def _read(self, request: web.Request) -> web.Response:
        return web.Response(text=f"{len(await request.read())} bytes")

    async def _broken(self, request: web.Request) -> web.Response:
        raise ZeroDivisionError("4111 1111 1111 1111")

    async def client(self) -> Client:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        self._clients.callback(writer.close)
        return Client(reader, writer)

    async def answer(self, request: bytes = GET) -> bytes:
        client = await self.client()
        await client.send(request)
        return await client.rest()

    async def until(self, connections: int) -> None:
        async with asyncio.timeout(20):
            while self.listener.connections != connections:  # noqa: ASYNC110 - behind a socket
                await asyncio.sleep(0.005)

    async def close(self) -> None:
        await self._clients.aclose()
        await self.listener.close()


@asynccontextmanager
async def serving(caps: Caps = CAPS, addresses: Addresses | None = None) -> AsyncIterator[Port]:
    port = Port(caps, addresses)
    port.port = await port.listener.start(HOST, 0)
    try:
        yield port
    finally:
        port.go.set()
        await port.close()


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    async with serving() as started:
        yield started


def reasons(caplog: pytest.LogCaptureFixture) -> str:
    return ", ".join(vars(record)["reasons"] for record in caplog.records)


async def test_a_request_is_answered_and_the_connection_closed(port: Port) -> None:
    said = await port.answer()

    assert said.startswith(b"HTTP/1.1 200 OK")
    assert b"Connection: close" in said
    assert said.endswith(b"hello")
    await port.until(0)


async def test_two_requests_in_one_connection_are_one(port: Port) -> None:
    said = await port.answer(GET + GET)

    assert said.count(b"HTTP/1.1") == 1
    assert port.asked == 1


async def test_hundreds_that_say_nothing_close_only_each_other() -> None:
    async with serving() as port:
        silent = [await port.client() for _ in range(300)]
        assert (await port.answer()).endswith(b"hello")

        await port.until(CAPS.connections - 1)
        closed = [await client.rest() for client in silent[: -CAPS.connections]]
        assert closed == [b""] * (300 - CAPS.connections)
        assert (await port.answer()).endswith(b"hello")


async def test_who_waits_for_an_answer_keeps_the_place_and_the_one_too_many_is_closed(
    port: Port,
) -> None:
    port.go.clear()
    served = [await port.client() for _ in range(CAPS.connections)]
    for client in served:
        await client.send(GET)
    async with asyncio.timeout(20):
        while port.asked < CAPS.connections:  # noqa: ASYNC110 - behind a socket
            await asyncio.sleep(0.005)

    assert await port.answer() == b""

    port.go.set()
    assert [(await client.rest())[-5:] for client in served] == [b"hello"] * CAPS.connections


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: ",
    ],
)
async def test_a_header_that_does_not_come_to_its_end_is_cut(sent: bytes) -> None:
    async with serving(replace(CAPS, header_s=0.05)) as port:
        client = await port.client()
        await client.send(sent)

        assert await client.rest() == b""
        await port.until(0)


async def test_a_header_that_trickles_is_cut_all_the_same() -> None:
    async with serving(replace(CAPS, header_s=0.2)) as port:
        client = await port.client()

        async def trickle() -> None:
            for byte in b"GET / HTTP/1.1\r\nX: " + b"a" * 1000:
                await client.send(bytes([byte]))
                await asyncio.sleep(0.01)

        with pytest.raises(ConnectionError):
            await trickle()


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 500\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    ],
)
async def test_a_body_that_never_ends_is_cut(head: bytes) -> None:
    async with serving(replace(CAPS, request_s=0.1)) as port:
        client = await port.client()
        await client.send(b"POST /read HTTP/1.1\r\nHost: x\r\n" + head)

        assert await client.rest() == b""
        await port.until(0)


async def test_chunks_for_ever_are_refused_at_the_size_of_a_body(port: Port) -> None:
    client = await port.client()
    await client.send(b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(3):
        await client.send(b"200\r\n" + b"a" * 512 + b"\r\n")

    assert (await client.rest()).startswith(b"HTTP/1.1 413")
    await port.until(0)


async def test_a_bomb_is_not_unpacked(port: Port) -> None:
    said = await port.answer(
        b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: 5\r\n\r\nhello"
    )

    assert said.endswith(b"5 bytes")


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 100_000,
        b"GET /" + b"a" * 1_000_000,
        b"\x16\x03\x01" * 300_000,
    ],
)
async def test_a_huge_header_is_no_matter(port: Port, sent: bytes) -> None:
    client = await port.client()
    with suppress(ConnectionError):
        await client.send(sent)
    said = await client.rest()

    assert said == b"" or said.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    await port.until(0)
    assert (await port.answer()).endswith(b"hello")


async def test_half_a_connection_is_closed(port: Port) -> None:
    client = await port.client()
    client.writer.write_eof()

    assert await client.rest() == b""
    await port.until(0)


async def test_one_address_has_so_many_and_no_more_where_a_proxy_says_whose_they_are() -> None:
    async with serving(addresses=PROXIED) as port:
        port.go.clear()
        request = b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.9, %s\r\n\r\n"
        mine = [await port.client() for _ in range(CAPS.per_address)]
        for client in mine:
            await client.send(request % b"203.0.113.5")
        async with asyncio.timeout(20):
            while port.asked < CAPS.per_address:  # noqa: ASYNC110 - behind a socket
                await asyncio.sleep(0.005)

        assert (await port.answer(request % b"203.0.113.5")).startswith(b"HTTP/1.1 429")
        other = await port.client()
        await other.send(request % b"203.0.113.6")
        port.go.set()
        assert (await other.rest()).endswith(b"hello")
        assert [(await client.rest())[-5:] for client in mine] == [b"hello"] * len(mine)


async def test_one_that_is_no_proxy_cannot_say_whose_it_is() -> None:
    async with serving(replace(CAPS, connections=50)) as port:
        request = b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n"

        said = await asyncio.gather(*(port.answer(request) for _ in range(20)))

        assert {answer[:15] for answer in said} == {b"HTTP/1.1 200 OK"}


async def test_what_is_too_fast_waits_with_the_system_and_is_answered() -> None:
    async with serving(replace(CAPS, per_second=20, connections=100)) as port:
        said = await asyncio.gather(*(port.answer() for _ in range(40)))

        assert {answer[-5:] for answer in said} == {b"hello"}


async def test_refusals_and_rubbish_are_one_line_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with serving() as port:
            for _ in range(30):
                await port.answer(b"\x16\x03\x01 this is TLS \r\n\r\n")
                await port.answer(b"GET / HTTP/9.9\r\nbad\r\n\r\n")
            silent = [await port.client() for _ in range(20)]
            await port.until(CAPS.connections)
        assert len(silent) == 20

    lines = [record for record in caplog.records if record.levelno >= logging.INFO]
    assert [record.getMessage() for record in lines] == ["turned away"]
    assert vars(lines[0])["reasons"] == ("it was no request (60), no request, and others came (12)")


async def test_an_error_of_ours_is_answered_without_its_words(port: Port) -> None:
    said = await port.answer(b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n")

    assert said.startswith(b"HTTP/1.1 500")
    assert b"4111" not in said


async def test_what_is_not_there_is_404(port: Port) -> None:
    assert (await port.answer(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n")).startswith(b"HTTP/1.1 404")


async def test_closing_waits_for_nobody_who_is_silent() -> None:
    async with serving() as port:
        client = await port.client()
        await port.until(1)

    assert await client.rest() == b""
