"""Answers to a person that could not be shown otherwise: they come as a direct message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handlers.block_kit.builders import section
from handlers.timeline.delivery import Delivery
from handlers.timeline.rendered import Rendered
from storage.outbox.outbox import Outbox
from storage.outbox.posts import WORDS, Post

LASTS = timedelta(hours=1)


class Answers:
    """Renders them, and keeps nothing of what they say: it may name customers."""

    def __init__(self, outbox: Outbox) -> None:
        """Keep the outbox."""
        self._outbox = outbox

    def register(self, delivery: Delivery) -> None:
        """Have them delivered."""
        delivery.register(WORDS, self._render, self._forget)

    async def _render(self, post: Post) -> Rendered | None:
        """Return an answer; nobody waits any more for one that is late, and it is out of date."""
        text = str(post.content.get("mrkdwn") or "")
        if not text or post.made_at + LASTS < datetime.now(UTC):
            self._outbox.forget(post.key)
            return None
        return Rendered(text, [section(text)])

    def _forget(self, post: Post) -> None:
        if post.spot is not None:
            self._outbox.forget(post.key)
