"""What follows from every outcome: its e-mail is decided with it, and both are told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.outcome import Outcome
from bot.runner.customer_mail import CustomerMail
from storage import ActionLog


class Telling:
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
