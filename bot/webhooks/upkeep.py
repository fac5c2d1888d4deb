"""Hooks that BigCommerce has switched off are switched on again, before anybody notices."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError
from bot.process.loop import Loop
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
        self._looked_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._loop = Loop(self._look_again, every_s=every_s, broken="looking at the webhooks broke")

    def start(self) -> None:
        """Begin; the first look is now."""
        self._loop.start()

    async def close(self) -> None:
        """Stop."""
        await self._loop.close()

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

    async def _look_again(self) -> None:
        try:
            await self.look()
        except Exception:  # broad on purpose: raised on, the loop notes it
            self._failed_at = datetime.now(UTC)
            raise
