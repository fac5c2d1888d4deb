"""How fast an app may call: a bucket per method, and one per channel for what it posts there.

Each refills evenly and lets a burst through. https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import math
import time

from bot.sandbox.slack.errors import RateLimited

BURST = 3  # of messages in one channel: Slack tolerates "short bursts" without a number
TIER_2, TIER_3, TIER_4 = 20, 50, 100  # calls a minute
SPECIAL = 600  # "hundreds a minute", as Slack's own Java client paces these
POSTS = 300  # of a workspace: "several hundred messages per minute"

# Slack's page counts apps.connections.open to tier 3, its Java client to tier 1: tighten it by the
# control API where that matters. What is read of conversations is as for internal apps.
PER_MINUTE: dict[str, int] = {
    "apps.connections.open": TIER_3,
    "auth.test": SPECIAL,
    "chat.getPermalink": SPECIAL,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": POSTS,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}


class Buckets:
    """One bucket per name; `per_second` None lets everything pass."""

    def __init__(self) -> None:
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, name: str, per_second: float | None, burst: int) -> None:
        """Count one, or raise RateLimited with the wait in whole seconds."""
        if per_second is None:
            return
        now = time.monotonic()
        level, at = self._levels.get(name, (float(burst), now))
        elapsed_s = max(0.0, now - at)  # a test may put the clock back
        level = min(float(burst), level + elapsed_s * per_second)
        if level < 1:
            self._levels[name] = (level, now)
            raise RateLimited(max(1, math.ceil((1 - level) / per_second)))
        self._levels[name] = (level - 1, now)

    def fill(self) -> None:
        """Fill every bucket again."""
        self._levels.clear()


class Rates:
    """Slack's limits: messages per second and channel, calls per minute and method.

    `tiers` False lets every method pass but for the messages of a channel.
    """

    def __init__(self, messages_per_second: float | None, *, tiers: bool) -> None:
        self._messages = messages_per_second
        self._burst = BURST
        self._methods: dict[str, int | None] = dict(PER_MINUTE) if tiers else {}
        self._buckets = Buckets()

    def set_messages(self, per_second: float | None, burst: int = BURST) -> None:
        """Change the limit on messages, and start counting anew."""
        self._messages, self._burst = per_second, burst
        self._buckets.fill()

    def set_method(self, method: str, per_minute: int | None) -> None:
        """Change the limit on a method, None for no limit, and start counting anew."""
        self._methods[method] = per_minute
        self._buckets.fill()

    def set_tiers(self, on: bool) -> None:
        """Switch the limits on methods on, as they are documented, or all off."""
        self._methods = dict(PER_MINUTE) if on else {}
        self._buckets.fill()

    def count_call(self, method: str) -> None:
        """Count one call of a method, or raise RateLimited."""
        per_minute = self._methods.get(method)
        if per_minute is not None:
            self._buckets.take(method, per_minute / 60, per_minute)

    def count_message(self, way: str, channel: str) -> None:
        """Count one message to a channel by this way of posting, or raise RateLimited."""
        self._buckets.take(f"{way} {channel}", self._messages, self._burst)
