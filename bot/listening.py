"""Listening on a port of this machine, and saying in words why that is not possible."""

from __future__ import annotations

import errno

from aiohttp import web

WHY = {
    errno.EADDRINUSE: "the port is in use",
    errno.EACCES: "the port is not open to this user",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


class CannotListen(Exception):
    """Nothing listens; `str()` is the reason, as half a sentence."""


async def listen(server: web.AppRunner, host: str, port: int) -> int:
    """Let the server listen and return the port, another one when 0 was given.

    Raises CannotListen, with the server taken apart again.
    """
    await server.setup()
    try:
        await web.TCPSite(server, host, port).start()
    except OSError as exc:
        await server.cleanup()
        raise CannotListen(WHY.get(exc.errno or 0, "the address cannot be used")) from exc
    return int(server.addresses[0][1])
