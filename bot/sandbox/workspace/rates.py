"""How fast an app may post: a bucket per channel that refills evenly, with a small burst."""

from __future__ import annotations

import math
import time

from bot.sandbox.workspace.errors import RateLimited

BURST = 3


class MessageRate:
    """Slack's limit on chat.postMessage; `per_second` None lets everything pass."""

    def __init__(self, per_second: float | None, burst: int = BURST) -> None:
        self.per_second = per_second
        self.burst = burst
        self._buckets: dict[str, tuple[float, float]] = {}

    def set(self, per_second: float | None, burst: int = BURST) -> None:
        """Change the limit and fill every bucket again."""
        self.per_second = per_second
        self.burst = burst
        self._buckets.clear()

    def take(self, channel: str) -> None:
        """Count one message, or raise RateLimited with the wait in whole seconds."""
        if self.per_second is None:
            return
        now = time.monotonic()
        tokens, at = self._buckets.get(channel, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + (now - at) * self.per_second)
        if tokens < 1:
            self._buckets[channel] = (tokens, now)
            raise RateLimited(max(1, math.ceil((1 - tokens) / self.per_second)))
        self._buckets[channel] = (tokens - 1, now)
