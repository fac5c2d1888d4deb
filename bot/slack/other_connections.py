"""Whether another process answers on the same Slack app: Slack tells it in each `hello`.

https://docs.slack.dev/apis/events-api/using-socket-mode: any payload may go to any connection, so
that two bots on one app take each other's forms. A socket that was not closed cleanly counts on for
a while, so nothing is said before it has lasted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from bot.process.loop import Loop

logger = logging.getLogger(__name__)


class OtherConnections:
    """Counts what is connected besides this process.

    `refresh` opens one of our own connections anew, which brings a new hello; it is called only
    while there seem to be others. `say` is called once they have been there for `after_s` seconds.
    """

    def __init__(
        self,
        own: int,
        *,
        after_s: float,
        refresh: Callable[[], Awaitable[None]],
        say: Callable[[str], None],
    ) -> None:
        """Keep the parts; nothing is known yet."""
        self._own = own
        self._after_s = after_s
        self._refresh = refresh
        self._say = say
        self._count: int | None = None
        self._hellos = 0
        self._since: float | None = None
        self._loop = Loop(self._watch, every_s=after_s / 2, broken="connections not counted")
        self.trouble = ""

    @property
    def are_none(self) -> bool:
        """Whether Slack has said so, to each of our own connections, that nobody else is there."""
        return self._count is not None and self._hellos >= self._own >= self._count

    def heard(self, count: object) -> None:
        """Take in a hello's `num_connections`."""
        if not isinstance(count, int):
            return
        self._count = count
        self._hellos += 1
        if count <= self._own:
            self._since, self.trouble = None, ""
            return
        if self._since is None:
            self._since = time.monotonic()
            logger.warning("others on the same Slack app", extra={"connections": count})
        elif time.monotonic() - self._since >= self._after_s and not self.trouble:
            self.trouble = (
                f"Another process is connected to Makegood's Slack app: Slack counts {count}"
                f" connections, and this one has {self._own}. Forms then go to either of them and"
                " expire, and limits are kept twice. Let only one Makegood run on an app."
            )
            logger.error("another process on the same Slack app", extra={"connections": count})
            self._say(self.trouble)

    def start(self) -> None:
        """Begin to watch."""
        self._loop.start(at_once=False)

    async def close(self) -> None:
        """Stop watching."""
        await self._loop.close()

    async def _watch(self) -> None:
        if self._count is not None and self._count > self._own:
            await self._refresh()
