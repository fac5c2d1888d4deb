"""What was turned away, summed up: one line of log a minute, however much it was."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

logger = logging.getLogger(__name__)

EVERY_S = 60.0


class Refusals:
    """Counts refusals by their reason, and logs the sums `every_s` after the first of them."""

    def __init__(self, port_name: str, *, every_s: float = EVERY_S) -> None:
        """Keep the name that the port has in the log."""
        self._port_name = port_name
        self._every_s = every_s
        self._counts: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, reason: str) -> None:
        """Count one; `reason` is one of the code's own words, never the sender's."""
        self._counts[reason] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every_s, self.tell)

    def tell(self) -> None:
        """Log what was counted since the last time, if anything was."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._counts:
            reasons = ", ".join(f"{reason} ({n})" for reason, n in self._counts.most_common())
            count = self._counts.total()
            extra = {"port": self._port_name, "count": count, "reasons": reasons}
            logger.warning("turned away", extra=extra)
            self._counts.clear()
