"""When to look again at what is on its way, and when to say that it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MAIL_WAITS_S = (2.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
MAIL_FOR_S = 24 * 3600.0
FOLLOW_S = 7 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Growing pauses, in seconds; the last one repeats.

    A pending payment is looked at again after `check_share` of the time that it has been on its way
    so far, within the bounds: most of them move within seconds, and what has taken an hour is worth
    few calls. It is followed for `follow_s`. A run that takes `silent_s` is said to be under way.
    An e-mail that was certainly not sent is tried again for `mail_for_s` after it was due.
    Log and queue are compared every `compare_every_s`, and what waits for approval is held against
    the store every `waiting_every_s`.
    """

    check_share: float = 1 / 3
    check_least_s: float = 1.0
    check_most_s: float = 3600.0
    follow_s: float = FOLLOW_S
    mail_waits_s: Sequence[float] = MAIL_WAITS_S
    mail_for_s: float = MAIL_FOR_S
    silent_s: float = 4.0
    sweep_every_s: float = 1.0
    compare_every_s: float = 5.0
    waiting_every_s: float = 300.0

    def next_check_at(self, since: datetime, now: datetime) -> datetime | None:
        """Return when to look at a payment that is on its way since then, None: no more."""
        wait_s = (now - since).total_seconds() * self.check_share
        at = now + timedelta(seconds=min(max(wait_s, self.check_least_s), self.check_most_s))
        return at if at <= since + timedelta(seconds=self.follow_s) else None

    def next_mail_at(self, failures: int, due_at: datetime, now: datetime) -> datetime | None:
        """Return when to try an e-mail again after so many tries before, or None: tried enough."""
        at = now + _pick(self.mail_waits_s, failures)
        return at if at <= due_at + timedelta(seconds=self.mail_for_s) else None


def _pick(waits_s: Sequence[float], index: int) -> timedelta:
    return timedelta(seconds=waits_s[min(index, len(waits_s) - 1)])
