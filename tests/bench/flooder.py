"""A stranger who floods a port: `python -m tests.bench.flooder PORT KIND COUNT SECONDS`.

KIND `silent` holds COUNT connections open that say nothing, and opens each again that is closed.
KIND `wrong` sends deliveries with a wrong secret as fast as they are taken, over COUNT connections
at a time. It prints how many connections were opened, and ends by itself or at SIGTERM.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress

HOST = "127.0.0.1"
BODY = b'{"scope":"store/order/updated","data":{"type":"order","id":1042}}'
WRONG = (
    b"POST /webhooks HTTP/1.1\r\nHost: makegood.example\r\nX-Makegood-Webhook: wrong\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY


class Flood:
    """What one attacker keeps up until it is cancelled."""

    def __init__(self, port: int, sent: bytes) -> None:
        self._port = port
        self._sent = sent
        self.opened = 0

    async def keep_up(self) -> None:
        """Connect, send, and wait to be closed, over and over."""
        while True:
            try:
                reader, writer = await asyncio.open_connection(HOST, self._port)
                self.opened += 1
                writer.write(self._sent)
                await reader.read()
                writer.close()
            except OSError:
                await asyncio.sleep(0.01)


async def main(port: int, kind: str, count: int, seconds: float) -> None:
    """Flood for so many seconds."""
    flood = Flood(port, WRONG if kind == "wrong" else b"")
    tasks = [asyncio.create_task(flood.keep_up()) for _ in range(count)]
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    with suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    sys.stdout.write(f"{flood.opened}\n")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
