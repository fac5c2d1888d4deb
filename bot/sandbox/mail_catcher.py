"""A mail server that delivers nothing: it shows what a bot would have sent.

It speaks as much of RFC 5321 as a client needs to hand over a message, on this machine only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

HOST = "127.0.0.1"
LINE_LIMIT = 64 * 1024
MESSAGE_LIMIT = 4 * 1024**2
ANSWERS = {
    "EHLO": "250 catcher",
    "HELO": "250 catcher",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "RSET": "250 OK",
    "NOOP": "250 OK",
}


class MailCatcher:
    """Calls `show` with each message that comes in, once it is complete."""

    def __init__(self, show: Callable[[EmailMessage], None]) -> None:
        self._show = show
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port, once it is started."""
        if self._server is None:
            raise RuntimeError("not started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen on any free port of this machine."""
        self._server = await asyncio.start_server(self._talk, HOST, 0, limit=LINE_LIMIT)

    async def close(self) -> None:
        """Stop listening and hang up; closing twice does nothing."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            for talk in self._talks:
                talk.cancel()
            await asyncio.gather(*self._talks, return_exceptions=True)
            await server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        if talk is not None:
            self._talks.add(talk)
            talk.add_done_callback(self._talks.discard)
        try:
            await self._answer_all(reader, writer)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side hung up or sent nonsense, or this one closes
        finally:
            writer.close()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _say(writer, "220 catcher")
        while line := await reader.readline():
            command = line[:4].decode("ascii", "replace").upper().strip()
            if command == "QUIT":
                await _say(writer, "221 Bye")
                return
            if command == "DATA":
                await _say(writer, "354 Go on")
                content = await _read_message(reader)
                self._show(message_from_bytes(content, EmailMessage, policy=default))
                await _say(writer, "250 Caught")
            else:
                await _say(writer, ANSWERS.get(command, "502 Not here"))


async def _say(writer: asyncio.StreamWriter, answer: str) -> None:
    writer.write(f"{answer}\r\n".encode())
    await writer.drain()


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    """Return the message up to the line with a full stop alone."""
    lines: list[bytes] = []
    size = 0
    while (line := await reader.readuntil(b"\n")) not in {b".\r\n", b".\n"}:
        size += len(line)
        if size > MESSAGE_LIMIT:
            raise ValueError("too long")
        # RFC 5321, 4.5.2: a full stop that begins a line is doubled on the way.
        lines.append(line[1:] if line.startswith(b".") else line)
    return b"".join(lines)
