"""A root message that Slack does not let be changed: the thread says so, once for each of them.

The line is true however the order goes on, and leads to the order as it is; it changes when the
root message can be changed again, or the thread goes on below another one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from handlers.block_kit.builders import Block, actions, button, section
from handlers.block_kit.mrkdwn import date
from handlers.timeline.posting import Poster
from handlers.timeline.rendered import Rendered
from storage.outbox.outbox import Outbox
from storage.outbox.posts import OVER, SAID, STALE_ROOT, Post, Spot, root_key
from storage.values import time_text, to_time

UP_TO_DATE = "The first message of this thread shows the order as it is again."


class StaleRoots:
    """Puts the lines into the outbox, and renders them."""

    def __init__(self, outbox: Outbox, poster: Poster) -> None:
        """Keep the parts."""
        self._outbox = outbox
        self._poster = poster

    def say(self, order_id: int, root: Spot) -> None:
        """Have it said below a root message that it cannot be changed, unless it is."""
        line = self._outbox.find(_key(root))
        if line is None or line.wanted == OVER:
            now = datetime.now(UTC)
            where = {"channel": root.channel, "message_ts": root.message_ts}
            about = {**where, "order_id": order_id, "since": time_text(now)}
            self._outbox.put(_key(root), STALE_ROOT, about, since=now)

    def over(self, *roots: Spot) -> None:
        """Have corrected what was said below these."""
        for root in roots:
            self._outbox.change_wanted(_key(root), was=SAID, wanted=OVER)

    async def render(self, post: Post) -> Rendered | None:
        """Return the line as it is now; None where it is over before it was said."""
        about = post.content
        order_id, ts = int(about["order_id"]), str(about["message_ts"])
        stale = Spot(str(about["channel"]), None, ts)
        root = self._outbox.find(root_key(order_id))
        now = None if root is None else root.spot
        is_new = post.wanted == SAID and now in {None, stale}
        if not is_new and not post.is_begun:
            return None
        blocks: list[Block] = []
        if is_new:
            since = date(to_time(about["since"]), time=True)
            text = (
                f"Order {order_id}: the first message of this thread can't be changed since"
                f" {since}. What it shows, and its buttons, may be out of date."
            )
            blocks = [actions([button("Show the order", "refresh", str(order_id))])]
        elif now is None or now == stale:
            text = UP_TO_DATE
        else:
            url = await self._poster.permalink(now.channel, now.message_ts)
            there = "in another thread"
            text = f"Order {order_id} goes on {f'<{url}|{there}>' if url else there}."
        return Rendered(text, [section(text), *blocks], is_new=is_new, below=stale, is_aside=True)


def _key(root: Spot) -> str:
    return f"{STALE_ROOT}-{root.channel}-{root.message_ts}"
