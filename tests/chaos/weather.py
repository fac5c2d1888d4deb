"""What goes wrong with a call, and how often: the fates that the gate deals out.

A call's fate follows from the seed, the call's name and how often it was made before, so a seed
deals the same fates to the same calls however the processes happen to be timed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum

from tests.chaos.dice import Dice

BROKEN = (500, 502, 503, 504)
SHORT_HANG_S = (0.3, 1.5)
KILL_WITHIN_S = 0.08
LONG_HANG_S = 40.0  # longer than the bot waits for anything


class Kind(Enum):
    """What a call is, as far as faults go."""

    STORE_WRITE = "store write"
    STORE_READ = "store read"
    SLACK_POST = "post"
    SLACK_UPDATE = "update"
    SLACK_READ = "Slack read"
    SLACK_VIEW = "view"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fate:
    """`what` happens `when`: before the call is carried out, after, or once it was answered."""

    what: str = "pass"
    when: str = ""
    status: int = 0
    wait_s: float = 0.0
    error: str = ""


FINE = Fate()


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the bot's, by a name that tells it from others of its kind."""

    name: str
    kind: Kind

    @classmethod
    def of(cls, method: str, path: str) -> Call:
        """Return the call behind a request line."""
        if path.startswith("/api/"):
            name = path.removeprefix("/api/")
            return cls(name, SLACK.get(name, Kind.OTHER))
        name = f"{method} {re.sub(r'^/stores/[^/]+', '', path)}"
        is_write = method != "GET" and not path.endswith("refund_quotes")
        return cls(name, Kind.STORE_WRITE if is_write else Kind.STORE_READ)


SLACK = {
    "chat.postMessage": Kind.SLACK_POST,
    "chat.update": Kind.SLACK_UPDATE,
    "conversations.history": Kind.SLACK_READ,
    "conversations.replies": Kind.SLACK_READ,
    "views.open": Kind.SLACK_VIEW,
    "views.update": Kind.SLACK_VIEW,
}
AFTER, BEFORE, ANSWERED = "after", "before", "answered"
# (weight in percent, what, when) by kind of call; the rest passes.
WRITE_FATES = (
    (7, "drop", AFTER),
    (3, "drop", BEFORE),
    (5, "status", AFTER),
    (4, "status", BEFORE),
    (3, "hang", AFTER),
    (2, "hang", BEFORE),
    (2, "cut", AFTER),
    (2, "busy", BEFORE),
    (1, "busy_bare", BEFORE),
    (2, "slow", BEFORE),
    (4, "kill", BEFORE),
    (5, "kill", AFTER),
    (4, "kill", ANSWERED),
)
READ_FATES = (
    (2, "drop", BEFORE),
    (2, "status", BEFORE),
    (1, "cut", AFTER),
    (1, "hang", BEFORE),
    (1, "busy", BEFORE),
    (0.5, "busy_bare", BEFORE),
    (1, "slow", BEFORE),
    (0.3, "kill", ANSWERED),
)
POST_FATES = (
    (6, "drop", AFTER),
    (3, "drop", BEFORE),
    (3, "status", AFTER),
    (3, "status", BEFORE),
    (2, "error", AFTER),
    (2, "error", BEFORE),
    (2, "hang", AFTER),
    (1, "cut", AFTER),
    (2, "busy", BEFORE),
    (2, "kill", BEFORE),
    (3, "kill", AFTER),
    (2, "kill", ANSWERED),
)
VIEW_FATES = ((1, "drop", BEFORE), (1, "status", BEFORE), (1, "slow", BEFORE), (0.5, "kill", AFTER))
FATES = {
    Kind.STORE_WRITE: WRITE_FATES,
    Kind.STORE_READ: READ_FATES,
    Kind.SLACK_POST: POST_FATES,
    Kind.SLACK_UPDATE: POST_FATES,
    Kind.SLACK_READ: READ_FATES,
    Kind.SLACK_VIEW: VIEW_FATES,
    Kind.OTHER: (),
}
SLACK_ERRORS = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")


class Weather:
    """Deals out fates until it clears up. `long_hangs` bounds the waits for a real time-out."""

    def __init__(self, dice: Dice, *, long_hangs: int) -> None:
        self._dice = dice
        self._times: Counter[str] = Counter()
        self._long_hangs = long_hangs
        self.is_clear = False

    def fate(self, call: Call) -> Fate:
        """Return what happens to this call."""
        self._times[call.name] += 1
        if self.is_clear:
            return FINE
        luck = self._dice.about("call", call.name, self._times[call.name])
        drawn = luck.random() * 100
        for weight, what, when in FATES[call.kind]:
            drawn -= weight
            if drawn < 0:
                return Fate(
                    what,
                    when,
                    status=luck.choice(BROKEN),
                    wait_s=self._wait_s(what, luck.random(), luck.uniform(*SHORT_HANG_S)),
                    error=luck.choice(SLACK_ERRORS),
                )
        return FINE

    def strikes(self, percent: float, *subject: object) -> bool:
        """Tell whether something with this chance happens."""
        return not self.is_clear and self._dice.about(*subject).random() * 100 < percent

    def moment_s(self, *subject: object) -> float:
        """Return for how long something may go on before the bot is killed."""
        return self._dice.about("moment", *subject).random() * KILL_WITHIN_S

    def _wait_s(self, what: str, chance: float, short_s: float) -> float:
        if what == "hang" and chance < 0.1 and self._long_hangs > 0:
            self._long_hangs -= 1
            return LONG_HANG_S
        if what == "kill":  # a moment later it has done a little more
            return chance * KILL_WITHIN_S
        return short_s if what in {"hang", "slow"} else 0.0
