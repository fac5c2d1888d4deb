"""A mail server that delivers nothing: it shows what a bot would have sent.

It speaks as much of RFC 5321 as a client needs to hand over a message, on this machine only, and
can be told to misbehave as mail servers do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial

HOST = "127.0.0.1"
LINE_LIMIT = 64 * 1024
MESSAGE_LIMIT = 4 * 1024**2
# What is answered to each step: the connection, the commands, and the message's last line.
CONNECTED, MESSAGE = "CONNECT", "MESSAGE"
ANSWERS = {
    CONNECTED: "220 catcher",
    "EHLO": "250 catcher",
    "HELO": "250 catcher",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "RSET": "250 OK",
    "NOOP": "250 OK",
    "DATA": "354 Go on",
    MESSAGE: "250 Caught",
    "QUIT": "221 Bye",
}
UNKNOWN = "502 Not here"


@dataclass
class MailFault:
    """What one step is answered with instead, the next `times` times.

    `reply` is a whole line, as "450 4.2.0 Greylisted"; "" breaks the line instead. It comes after
    `delay_s` seconds. What is not answered by 250 to its last line is not shown, except before a
    broken line: then the message was taken, and nobody is told.
    """

    step: str
    reply: str = ""
    times: int = 1
    delay_s: float = 0.0


class MailCatcher:
    """Calls `show` with each message that comes in, once it is complete.

    `faults` are looked through in their order; the first that is left for a step counts.
    """

    def __init__(self, show: Callable[[EmailMessage], None]) -> None:
        self._show = show
        self.faults: list[MailFault] = []
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port, once it is started."""
        if self._server is None:
            raise RuntimeError("not started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self, port: int = 0) -> None:
        """Listen on this port of this machine, 0 for any free one."""
        self._server = await asyncio.start_server(self._talk, HOST, port, limit=LINE_LIMIT)

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
        reply = await self._answer(writer, CONNECTED)
        while reply and (line := await reader.readline()):
            command = line[:4].decode("ascii", "replace").upper().strip()
            reply = await self._answer(writer, command)
            if command == "QUIT":
                return
            if command == "DATA" and reply.startswith("354"):
                message = message_from_bytes(
                    await _read_message(reader), EmailMessage, policy=default
                )
                reply = await self._answer(writer, MESSAGE, partial(self._show, message))

    async def _answer(
        self, writer: asyncio.StreamWriter, step: str, take: Callable[[], None] = lambda: None
    ) -> str:
        """Answer a step, and return the answer, "" for a line that is to be broken."""
        fault = next((each for each in self.faults if each.step == step and each.times > 0), None)
        reply = ANSWERS.get(step, UNKNOWN)
        if fault is not None:
            fault.times -= 1
            reply = fault.reply
            await asyncio.sleep(fault.delay_s)
        if not reply or reply.startswith("250"):
            take()
        if reply:
            writer.write(f"{reply}\r\n".encode())
            await writer.drain()
        return reply


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
