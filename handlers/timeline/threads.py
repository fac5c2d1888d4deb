"""The orders' threads: opened with their root message, and opened anew where that is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.process.internal_errors import note_internal_error
from bot.slack.errors import Meaning
from handlers.timeline.calls import PostAnswerLost, PostRefused
from handlers.timeline.posting import Poster
from handlers.timeline.stale_roots import StaleRoots
from storage.outbox.outbox import Outbox
from storage.outbox.posts import IN_CHANNEL, ROOT, Doubt, Post, Spot, root_key

logger = logging.getLogger(__name__)

# For so long after it was seen a root message is taken to be there.
SEEN_S = 60.0
BROKEN = "root_message_broke"


class Threads:
    """Finds and opens them, each order's by one at a time. `draw` brings a root to Slack."""

    def __init__(
        self,
        poster: Poster,
        outbox: Outbox,
        *,
        draw: Callable[[Post], Awaitable[None]],
        stale: StaleRoots,
    ) -> None:
        """Keep the parts."""
        self._poster = poster
        self._stale = stale
        self._outbox = outbox
        self._draw = draw
        self._seen: dict[Spot, float] = {}

    async def of(self, post: Post) -> Spot:
        """Return the root message of the order that a message belongs to, a new one if need be.

        Below one that cannot be changed nothing new is told.

        Raises Refused or AnswerLost when it cannot be opened.
        """
        order_id = post.order_id or 0
        root = self._outbox.find(root_key(order_id))
        # Where a message may have been posted already, so may the root above it.
        doubts = [each for each in post.doubts if each.channel is None]
        if root is not None and root.spot is not None and root.why is None:
            here = await self._latest(root, root.spot, doubts)
            if await self._is_there(here):
                return here
        if root is None:
            self._outbox.put(root_key(order_id), ROOT, {}, order_id=order_id)
        return await self._open(order_id, doubts)

    async def _latest(self, root: Post, known: Spot, doubts: Iterable[Doubt]) -> Spot:
        """Return where the thread goes on: below a root that this data has never known, if any."""
        latest = known
        for doubt in doubts:
            ts = await self._poster.find(
                known.channel,
                key=root.key,
                marker="",
                oldest=doubt.since.timestamp(),
                latest=doubt.until.timestamp() if doubt.until else None,
            )
            if ts is not None and float(ts) > float(latest.message_ts):
                latest = Spot(known.channel, None, ts)
        if latest != known:
            copies = (*root.copies, known)
            self._outbox.save(replace(_at(root, latest), copies=copies))
            self._outbox.want(root.key)
        return latest

    async def renew(self, post: Post) -> Spot:
        """Return a new root message in place of one that cannot be replied to."""
        former = self._found(root_key(post.order_id or 0)).spot
        thread = await self._open(post.order_id or 0)
        if former is not None:
            await self.lost(post.order_id or 0, former)
        return thread

    async def adopt(self, post: Post, stray: Spot) -> Spot:
        """Make a message that was to be a reply, and stands in the channel, the root message."""
        key = root_key(post.order_id or 0)
        logger.warning("reply became the root", extra={"order_id": post.order_id})
        with self._outbox.atomic():
            if not self._outbox.want(key):
                self._outbox.put(key, ROOT, {}, order_id=post.order_id)
            root = self._found(key)
            self._outbox.save(_at(root, stray))
        try:
            await self._draw_root(key)
        except (PostRefused, PostAnswerLost) as error:  # it is due, and drawn later
            logger.warning("root not drawn", extra={"post": key, "error": str(error)})
        return self._found(key).spot or stray

    def saw(self, spot: Spot) -> None:
        """Note that a root message stands."""
        now = asyncio.get_running_loop().time()
        self._seen = {each: at for each, at in self._seen.items() if now - at < SEEN_S}
        self._seen[spot] = now

    async def lost(self, order_id: int, spot: Spot) -> None:
        """Have told anew what was said under a root message just before it was found gone.

        One that can only not be changed any more still has its replies, and one that says so.
        """
        if await self._poster.is_there(spot.channel, spot.message_ts):
            self._stale.say(order_id, spot)
            return
        since = datetime.now(UTC) - timedelta(seconds=SEEN_S)
        for post in self._outbox.in_thread(spot, told_since=since):
            self._outbox.want(post.key)

    def is_replaced(self, post: Post, thread_ts: str) -> bool:
        """Whether the order's thread goes on below another root message than this one."""
        root = self._outbox.find(root_key(post.order_id or 0))
        return root is not None and root.message_ts not in {None, thread_ts}

    def lose(self, order_id: int) -> None:
        """Note that the order has no root message any more; what it had is a copy from now on."""
        root = self._found(root_key(order_id))
        if root.spot is not None:
            self._seen.pop(root.spot, None)
            self._outbox.save(replace(_at(root, None), copies=(*root.copies, root.spot)))

    async def _open(self, order_id: int, doubts: Iterable[Doubt] = ()) -> Spot:
        """Post a root message, unless one is found where it is in doubt.

        The one before, if it is there, gets a line with a link.
        """
        self.lose(order_id)
        root = self._found(root_key(order_id))
        lost = self._outbox.lost(datetime.now(UTC))
        doubts = {*root.doubts, *doubts, *([lost] if lost else [])}
        self._outbox.save(replace(root, doubts=tuple(doubts)))
        await self._draw_root(root_key(order_id))
        root = self._found(root_key(order_id))
        if root.spot is None:
            raise RuntimeError("a root message that was drawn stands nowhere")
        return root.spot

    async def _draw_root(self, key: str) -> None:
        """Draw a root message; one that breaks is no reason not to tell what belongs below it."""
        try:
            await self._draw(self._found(key))
        except (PostRefused, PostAnswerLost):
            raise
        except Exception as error:  # broad on purpose: see above
            note_internal_error("root message broke", post=key)
            raise PostRefused(BROKEN, Meaning.OUR_FAULT) from error

    async def _is_there(self, spot: Spot) -> bool:
        if self._seen.get(spot, float("-inf")) + SEEN_S > asyncio.get_running_loop().time():
            return True
        if is_there := await self._poster.is_there(spot.channel, spot.message_ts):
            self.saw(spot)
        return is_there

    def _found(self, key: str) -> Post:
        post = self._outbox.find(key)
        if post is None:
            raise KeyError(key)
        return post


def _at(root: Post, spot: Spot | None) -> Post:
    return replace(
        root,
        channel=spot.channel if spot else None,
        message_ts=spot.message_ts if spot else None,
        thread_ts=None,
        place=IN_CHANNEL if spot else None,
        why=None,
        shown=None,
    )
