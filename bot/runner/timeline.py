"""What the runner needs of the order's thread."""

from __future__ import annotations

from typing import Protocol

from bot.outcome import Outcome
from storage import Entry


class NotTold(Exception):
    """Slack did not take an outcome, or may have: it is told again, and that is safe."""


class Timeline(Protocol):
    """Where outcomes are told."""

    async def tell(self, entry: Entry, outcome: Outcome) -> None:
        """Tell the outcome exactly once and mark it told in the log; NotTold to be called again."""

    async def show(self, entry: Entry) -> None:
        """Show that the request is under way; an error is logged and forgotten."""

    async def catch_up(self) -> None:
        """Show what could not be shown when it was time; what fails is tried again later."""
