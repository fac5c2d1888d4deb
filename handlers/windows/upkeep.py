"""Looks what has changed, and has drawn anew what shows it.

The log and the configuration are read rather than listened to: whatever changed them, and in which
process, is seen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.actions.registry import ACTIONS
from bot.bigcommerce.http.errors import BigCommerceError
from bot.config.configuration import Configuration
from bot.process.internal_errors import note_internal_error
from bot.process.loop import Loop
from handlers.desk import Desk
from handlers.windows.shown import HOME, REQUESTS, RULES, Key, Screen, order_subject
from storage.configuration.proposals import Proposal

logger = logging.getLogger(__name__)

EVERY_S = 0.5
# views.publish takes about 100 a minute, and people open their Home tabs besides.
HOME_PAUSE_S = 1.0
CODES_EVERY_S = 30.0
AT_ONCE = 4
# Whose buttons are drawn anew when the configuration changes them: older cases are closed, and each
# costs several calls of the store's quota.
ROOTS_OF = timedelta(days=30)
ROOTS_APART = timedelta(seconds=2)


class ScreenUpkeep:
    """Keeps screens true from `start` to `close`."""

    def __init__(
        self,
        desk: Desk,
        *,
        tell: Callable[[Desk, Proposal], Coroutine[Any, Any, None]],
        every_s: float = EVERY_S,
        home_pause_s: float = HOME_PAUSE_S,
        codes_every_s: float = CODES_EVERY_S,
        halted: Callable[[], str] = lambda: "",
    ) -> None:
        """Keep the parts; `tell` shows a proposal anew, it looks no more once `halted` says why."""
        self._desk = desk
        self._tell = tell
        self._home_pause_s = home_pause_s
        self._seen = desk.log.latest_event()
        self._rules = desk.configuration.stand()
        self._configuration = desk.configuration.current()
        self._codes_every_s = codes_every_s
        self._home_at = self._expired_at = float("-inf")
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._loop = Loop(
            self._look_and_draw, every_s=every_s, broken="screens not looked after", halted=halted
        )

    def start(self) -> None:
        """Begin to look."""
        self._loop.start(at_once=False)

    async def close(self) -> None:
        """Stop looking."""
        await self._loop.close()

    async def _look_and_draw(self) -> None:
        self._look()
        self._draw_stale()

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._expired_at >= self._codes_every_s:
            self._expired_at = now
            self._desk.log.expire_codes(datetime.now(UTC))
        changes = self._desk.log.changes_after(self._seen)
        for change in changes:
            subjects = [REQUESTS, change.reference]
            if change.order_id is not None:
                subjects.append(order_subject(change.order_id))
            self._desk.shown.changed(subjects)
        if changes:
            self._seen = changes[-1].event
        rules = self._desk.configuration.stand()
        if rules != self._rules:
            self._desk.shown.changed([RULES])
            self._draw_messages()
            self._rules = rules

    def _draw_messages(self) -> None:
        """Have the messages drawn anew whose buttons or names the configuration has changed."""
        now, before = self._desk.configuration.current(), self._configuration
        outbox, at = self._desk.outbox, datetime.now(UTC)
        if _buttons(now) != _buttons(before):
            outbox.want_roots(at, told_since=at - ROOTS_OF, apart=ROOTS_APART)
        if now.approvers != before.approvers:
            for entry in self._desk.log.waiting():
                outbox.want(entry.reference)
            for proposal in self._desk.configuration.proposals.open():
                self._desk.tasks.spawn(self._tell(self._desk, proposal), name="proposal")
        self._configuration = now
        self._desk.delivery.call()

    def _draw_stale(self) -> None:
        now = asyncio.get_running_loop().time()
        for key, screen in self._desk.shown.stale():
            if key[0] == HOME:
                if now - self._home_at < self._home_pause_s:
                    continue
                self._home_at = now
            screen.is_busy, screen.is_stale = True, False
            self._desk.tasks.spawn(self._draw(key, screen), name="screen")

    async def _draw(self, key: Key, screen: Screen) -> None:
        is_kept = False
        try:
            async with self._turns:
                is_kept = await screen.draw_now()
            screen.tries = 0
        except (BigCommerceError, SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            logger.warning("screen not drawn", extra={"kind": key[0], "error": str(error)[:200]})
            is_kept = screen.put_off()
        except Exception:  # broad on purpose: one that breaks must not hold up the others
            note_internal_error("screen broke", kind=key[0])
        finally:
            screen.is_busy = False
        if not is_kept and self._desk.shown.find(key) is screen:
            self._desk.shown.forget(key)


def _buttons(configuration: Configuration) -> tuple[frozenset[str], bool]:
    """Return what decides over the buttons of an order's card."""
    return configuration.switched_off(ACTIONS), configuration.refund_before_cancel
