"""Hooks that BigCommerce has switched off are switched on again, before anybody notices."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.bigcommerce import BigCommerceClient, BigCommerceError
from bot.internal_errors import note_internal_error
from bot.webhooks.setup import mend

logger = logging.getLogger(__name__)

AT_LEAST_EVERY = timedelta(days=1)
# Nobody knows whether a shop is quiet or its hooks are off; a look costs one call.
SILENT_AFTER = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=5)


class HookUpkeep:
    """Looks at the hooks at the start, each day, and when deliveries have fallen silent."""

    def __init__(
        self,
        store: BigCommerceClient,
        address: str,
        secret: str,
        *,
        last_delivery: Callable[[], datetime | None],
        every_s: float,
    ) -> None:
        """Keep what hooks are held against; `every_s`: how often it asks whether it is time."""
        self._store = store
        self._address = address
        self._secret = secret
        self._last_delivery = last_delivery
        self._every_s = every_s
        self._looked_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first look is now."""
        self._task = asyncio.create_task(self._look_for_ever())

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> bool:
        """Look at the hooks if it is time, and mend them. Tell whether it was."""
        now = datetime.now(UTC)
        if not self._is_time(now):
            return False
        try:
            mended = await mend(self._store, self._address, self._secret)
        except BigCommerceError as error:
            self._failed_at = now
            logger.warning("webhooks not looked at", extra={"error": str(error)})
            return True
        self._looked_at, self._failed_at = now, None
        if mended is not None:
            extra = {"on": len(mended.active), "not_on": len(mended.inactive + mended.stale)}
            logger.warning("webhooks mended", extra=extra)
        return True

    def _is_time(self, now: datetime) -> bool:
        if self._failed_at is not None:
            return now - self._failed_at >= AGAIN_AFTER
        if self._looked_at is None:
            return True
        heard_at = max(self._last_delivery() or self._looked_at, self._looked_at)
        return now - self._looked_at >= AT_LEAST_EVERY or now - heard_at >= SILENT_AFTER

    async def _look_for_ever(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:  # broad on purpose: one bad look must not be the last one
                self._failed_at = datetime.now(UTC)
                note_internal_error("looking at the webhooks broke")
            await asyncio.sleep(self._every_s)
