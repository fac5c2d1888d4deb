"""The postman: tries the e-mails that are due, apart from everything else.

A slow mail server holds up nothing but letters. What is due is in the log, so a restart forgets
nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.internal_errors import note_internal_error
from bot.loop import Loop
from bot.runner.customer_mail import CustomerMail
from storage import ActionLog, Entry

# Mail servers take few connections at once from one client.
AT_ONCE = 4


class Postman:
    """Looks for e-mails that are due, every `every_s` seconds and when it is called.

    `ready` returns when an entry of an earlier process may be taken up.
    """

    def __init__(
        self,
        mail: CustomerMail,
        log: ActionLog,
        *,
        every_s: float,
        ready: Callable[[Entry], Awaitable[None]],
        halted: Callable[[], str],
    ) -> None:
        """Keep the parts."""
        self._mail = mail
        self._log = log
        self._ready = ready
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._loop = Loop(
            self._look, every_s=every_s, broken="looking for e-mails broke", halted=halted
        )
        self._sending: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Begin. What an earlier process was handing over has nobody who waits for its answer."""
        self._mail.end_lost()
        self._loop.start()

    def call(self) -> None:
        """Have it look at once."""
        self._loop.call()

    async def close(self, drain_s: float) -> None:
        """Look no more, and wait at most `drain_s` seconds for what is being handed over."""
        await self._loop.close()
        tasks = list(self._sending.values())
        if tasks:
            await asyncio.wait(tasks, timeout=drain_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        for entry in self._log.mails_due(datetime.now(UTC)):
            if entry.reference not in self._sending:
                task = asyncio.create_task(self._send(entry), name="e-mail")
                self._sending[entry.reference] = task

    async def _send(self, entry: Entry) -> None:
        try:
            await self._ready(entry)
            async with self._gate:
                await self._mail.send(entry.reference)
        except Exception:  # broad on purpose: it is in the log, and tried again or ended there
            note_internal_error("sending an e-mail broke", reference=entry.reference)
        finally:
            del self._sending[entry.reference]
