"""What the runner needs of the messages in Slack."""

from __future__ import annotations

from typing import Protocol

from storage import Entry


class Timeline(Protocol):
    """Where outcomes are told; what is to be told is in the outbox."""

    def call(self) -> None:
        """Have what is due told now."""

    def show(self, entry: Entry) -> None:
        """Have the message at the head of the order's thread drawn anew."""

    async def catch_up(self) -> None:
        """Find out what else there is to tell; what fails is tried again later."""
