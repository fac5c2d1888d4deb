"""How often something may happen: a burst at once, then so many a second."""

from __future__ import annotations


class TokenBucket:
    """A bucket of tokens; times are seconds of any clock that never goes back."""

    def __init__(self, per_second: float, burst: float, now_s: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = burst
        self._filled_at = now_s

    def take(self, now_s: float) -> bool:
        """Take a token, if there is one."""
        filled = self._tokens + (now_s - self._filled_at) * self._per_second
        self._tokens, self._filled_at = min(self._burst, filled), now_s
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    @property
    def wait_s(self) -> float:
        """Return how long it takes until there is a token; asked after `take` found none."""
        return (1 - self._tokens) / self._per_second
