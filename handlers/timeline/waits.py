"""When a message that could not be told in its place is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# What passes is waited for, for about six minutes; then the message goes to the next place.
SOON_S = (1.0, 3.0, 8.0, 20.0, 60.0, 270.0)
# What did not come to its own place, or left something elsewhere, is tried for about a week.
LATER_S = (300.0, 900.0, *(3600.0 for _ in range(166)))
TRIED_S = sum(SOON_S + LATER_S)
# What has reached nobody is never given up.
UNTOLD_S = 86400.0
# What breaks, or waits for BigCommerce, holds up nobody and is tried for ever.
LONGEST_S = 300.0


@dataclass(frozen=True, slots=True)
class Waits:
    """When a message is tried again, by how often it was; `scale` stretches all pauses.

    `calls` stretches those before a single call is made again, also where Slack says how long.
    """

    scale: float = 1.0
    calls: float = 1.0

    def at(self, tries: int, *, is_told: bool) -> datetime | None:
        """Return when, None for no more: it is told, if not in its own place."""
        waits = SOON_S + LATER_S
        if tries < len(waits):
            return after(waits[tries] * self.scale)
        return None if is_told else after(UNTOLD_S * self.scale)

    def after_refusal(self, tries: int, wait_s: float) -> tuple[int, datetime] | None:
        """Return how many tries that one counts for, and when to try again, as Slack says.

        The pause is the next one that is as long as Slack wants; those before it are left out, so
        that what never passes takes no longer to be told elsewhere. None: there is no such pause.
        """
        for number, pause_s in enumerate(SOON_S[tries:], tries + 1):
            if pause_s >= wait_s:
                return number, after(max(pause_s * self.scale, wait_s * self.calls))
        return None

    def broken_at(self, tries: int) -> datetime:
        """Return when to try again what Slack is not to blame for."""
        waits = SOON_S + LATER_S
        return after(min(waits[min(tries, len(waits) - 1)], LONGEST_S) * self.scale)


def after(seconds: float) -> datetime:
    """Return the moment so many seconds from now."""
    return datetime.now(UTC) + timedelta(seconds=seconds)
