"""Trigger ids: what lets an app open a modal once, within three seconds of a person's act."""

from __future__ import annotations

import itertools
import secrets
import time
from dataclasses import dataclass

from bot.sandbox.slack.errors import SlackError


@dataclass(slots=True)
class Trigger:
    """Who did something, in which conversation or in which view, empty for in none."""

    user: str
    channel: str
    view: str
    made_at: float
    used: bool = False


class Triggers:
    """Makes trigger ids and exchanges each of them at most once."""

    def __init__(self, ttl_s: float) -> None:
        self.ttl_s = ttl_s
        self._numbers = itertools.count(9_000_000_000_001)
        self._made: dict[str, Trigger] = {}

    def make(self, user: str, channel: str = "", view: str = "") -> str:
        """Return a new trigger id for what this person just did there, or in that view."""
        trigger_id = f"{next(self._numbers)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._made[trigger_id] = Trigger(user, channel, view, time.monotonic())
        return trigger_id

    def owner(self, trigger_id: str) -> str:
        """Return whose act it came from, used up or not; empty when there is no such trigger."""
        trigger = self._made.get(trigger_id)
        return trigger.user if trigger is not None else ""

    def exchange(self, trigger_id: str) -> Trigger:
        """Use the trigger up and return it, or refuse as Slack does."""
        trigger = self._made.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.made_at > self.ttl_s:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
