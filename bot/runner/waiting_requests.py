"""Requests that wait are judged again: when their order changes, and every so often.

What cannot be carried out any more closes itself, so that nobody is asked to approve it. What the
store does not tell stays.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bot.actions.action import Action, Runnable
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError
from bot.runner.approvals import LOOK_AGAIN_S, Approvals
from storage.log.action_log import ActionLog
from storage.log.entries import Entry

logger = logging.getLogger(__name__)


class WaitingRequests:
    """Looks at what waits; `every_s` is the time between two looks at one whose order is quiet."""

    def __init__(
        self,
        log: ActionLog,
        approving: Approvals,
        store: BigCommerceClient,
        actions: Mapping[str, Runnable[Any]],
        *,
        every_s: float,
    ) -> None:
        """Keep the parts."""
        self._log = log
        self._approving = approving
        self._store = store.background
        self._actions = actions
        self._every_s = every_s
        self._changed: set[int] = set()
        self._look_at: dict[str, float] = {}

    def order_changed(self, order_id: int) -> None:
        """Have what waits on the order looked at soon."""
        if any(entry.is_waiting for entry in self._log.under_way(order_id)):
            self._changed.add(order_id)

    async def close_overtaken(self) -> None:
        """Close what waits and cannot be carried out any more, of all that is to be looked at."""
        if not self._approving.is_ready():
            return
        waiting = self._log.waiting()
        known, now = self._look_at, time.monotonic()
        self._look_at = {
            entry.reference: known.get(entry.reference, self._first_look_at(entry, now))
            for entry in waiting
        }
        self._changed &= {entry.order_id for entry in waiting if entry.order_id is not None}
        changed = {order_id for order_id in self._changed if not self._log.is_busy(order_id)}
        self._changed -= changed
        for entry in waiting:
            if entry.order_id in changed or self._look_at[entry.reference] <= now:
                await self._look(entry)

    def _first_look_at(self, entry: Entry, now: float) -> float:
        """Return when to look first: what an earlier process took in may be overtaken by now."""
        return now if self._approving.is_inherited(entry) else now + self._every_s

    async def _look(self, entry: Entry) -> None:
        wait_s = self._every_s
        try:
            if (why := await self._why_overtaken(entry)) is not None:
                await self._close(entry, why)
        except BigCommerceError as error:
            logger.warning(
                "waiting request not looked at",
                extra={"reference": entry.reference, "error": str(error)},
            )
            wait_s = min(LOOK_AGAIN_S, self._every_s)
        self._look_at[entry.reference] = time.monotonic() + wait_s

    async def _close(self, entry: Entry, why: str) -> None:
        if await self._approving.was_done(entry):  # by a copy of this bot
            return
        # One answer may be damaged: what ends a request is read twice.
        if (again := await self._why_overtaken(entry)) is None:
            logger.warning("overtaken once only", extra={"reference": entry.reference, "why": why})
        elif self._approving.overtake(entry, again):
            logger.info("request overtaken", extra={"reference": entry.reference})

    async def _why_overtaken(self, entry: Entry) -> str | None:
        action = self._actions.get(entry.action)
        if not isinstance(action, Action):  # of another release: a person decides
            return None
        try:
            request = action.request_type.model_validate(entry.request)
        except ValidationError:  # the same
            return None
        return await action.overtaken(request, self._store)
