"""A store's request quota in fixed windows, with books of what each window took."""

from __future__ import annotations

import time
from collections.abc import Callable


class Quota:
    """`limit` calls in `window_s`; every call counts, those above the limit are refused."""

    def __init__(
        self, limit: int, window_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._ends_at = 0.0
        self._used = 0
        self.limit = limit
        self.window_s = window_s
        self.refused = 0
        self.windows: list[int] = []

    @property
    def is_over(self) -> bool:
        """Whether the call just taken is one too many."""
        return self._used > self.limit

    def take(self) -> dict[str, str]:
        """Count a call and return the headers of its answer."""
        now = self._clock()
        if now >= self._ends_at:
            self.windows.append(0)
            self._used, self._ends_at = 0, now + self.window_s
        self._used += 1
        if self.is_over:
            self.refused += 1
        else:
            self.windows[-1] += 1
        return {
            "X-Rate-Limit-Requests-Left": str(max(0, self.limit - self._used)),
            "X-Rate-Limit-Requests-Quota": str(self.limit),
            "X-Rate-Limit-Time-Reset-Ms": str(round((self._ends_at - now) * 1000)),
            "X-Rate-Limit-Time-Window-Ms": str(round(self.window_s * 1000)),
        }
