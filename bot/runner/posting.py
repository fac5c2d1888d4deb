"""What follows from every outcome: its e-mail is decided with it, and both are told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from bot.runner.customer_email import CustomerMail
from bot.values.outcome import Outcome, Status
from storage.log.action_log import ActionLog
from storage.log.entries import Entry


class Posting:
    """Surrounds what writes an outcome into the log; `call` has what is due told and mailed."""

    def __init__(self, log: ActionLog, mail: CustomerMail, call: Callable[[], None]) -> None:
        """Keep the parts."""
        self._log = log
        self._mail = mail
        self._call = call

    @contextmanager
    def of(self, reference: str) -> Iterator[None]:
        """Make what is written inside one transaction with what follows from it."""
        with self._log.atomic():
            yield
            self.settle(reference)
        self._call()

    def settle(self, reference: str) -> None:
        """Decide whether the outcome is e-mailed, unless that is decided."""
        entry = self._log.get(reference)
        if entry.outcome is not None:
            self._mail.settle(entry, Outcome.model_validate(entry.outcome))


# Until then whoever asked is still looking: at the window, or at the thread. Gateways that show no
# transaction take some ten seconds as a rule.
STILL_LOOKING = timedelta(seconds=20)

TURNED_BAD = frozenset({Status.FAILED, Status.UNKNOWN, Status.PARTIAL})


def is_loud(entry: Entry, outcome: Outcome) -> bool:
    """Whether the channel is to hear of it: money that was on its way is not."""
    return entry.status == Status.PENDING and outcome.status in TURNED_BAD


def is_awaited(entry: Entry, outcome: Outcome, now: datetime) -> bool:
    """Whether the outcome ends what was on its way, and will not be seen by itself.

    What has not ended well is always awaited: somebody has to act on it.
    """
    if entry.status != Status.PENDING or outcome.status is Status.PENDING:
        return False
    since = entry.sent_at or entry.asked_at
    return outcome.status is not Status.SUCCEEDED or now - since > STILL_LOOKING


class Timeline(Protocol):
    """Where outcomes are told; what is to be told is in the outbox."""

    def call(self) -> None:
        """Have what is due told now."""

    def show(self, entry: Entry) -> None:
        """Have the message at the head of the order's thread drawn anew."""

    async def catch_up(self) -> None:
        """Find out what else there is to tell; what fails is tried again later."""
