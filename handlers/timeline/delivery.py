"""Delivery: brings what the outbox holds to Slack, each message once, and tries again what fails.

The messages of one order go one at a time, in their order; no order waits for another one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

from bot.bigcommerce.http.errors import BigCommerceError
from bot.process.internal_errors import note_internal_error
from bot.process.loop import Loop
from bot.slack.errors import Meaning
from handlers.timeline.calls import PostAnswerLost, PostRefused
from handlers.timeline.delivery_attempt import Sending
from handlers.timeline.posting import Poster
from handlers.timeline.rendered import NotYet, Rendered, Renderer
from handlers.timeline.stale_roots import StaleRoots
from handlers.timeline.threads import Threads
from handlers.timeline.waits import SOON_S, TRIED_S, Waits, after
from handlers.timeline.ways import Ways
from storage.outbox.outbox import Outbox
from storage.outbox.posts import HOME, IN_CHANNEL, IN_THREAD, ROOT, STALE_ROOT, Post

logger = logging.getLogger(__name__)

OLD_APART_S = 3.0
AT_ONCE, ROOTS_AT_ONCE = 32, 8

Lane = int | str
OnTold = Callable[[Post], None]


async def _nobody(_: str) -> bool:
    return False


class Delivery:
    """Looks every `every_s` seconds and when it is called, from `start` to `close`."""

    def __init__(
        self,
        poster: Poster,
        outbox: Outbox,
        *,
        channel_id: Callable[[], str],
        every_s: float,
        waits: Waits | None = None,
        halted: Callable[[], str] = lambda: "",
        untold_changed: Callable[[], None] = lambda: None,
        is_outsider: Callable[[str], Awaitable[bool]] = _nobody,
    ) -> None:
        """Keep the parts; it looks no more once `halted` says why.

        `untold_changed` is called when something can be told by the Home tab alone, or was told,
        and when a message breaks, or does no more. `is_outsider` tells who may not read of orders
        any more: what falls is not told to them.
        """
        self._untold_changed = untold_changed
        self._outbox = outbox
        self._channel_id = channel_id
        self._channel = channel_id()
        self._waits = waits or Waits()
        self._stale = StaleRoots(outbox, poster)
        self._threads = Threads(poster, outbox, draw=self._send, stale=self._stale)
        self._ways = Ways(
            poster,
            outbox,
            channel_id,
            thread=self._threads.of,
            renew=self._threads.renew,
            adopt=self._threads.adopt,
            is_replaced=self._threads.is_replaced,
            is_outsider=is_outsider,
            soon=len(SOON_S),
        )
        self._renderers: dict[str, Renderer] = {STALE_ROOT: self._stale.render}
        self._on_told: dict[str, OnTold] = {}
        self._loop = Loop(
            self._look, every_s=every_s, broken="looking for messages broke", halted=halted
        )
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._locks: WeakValueDictionary[Lane, asyncio.Lock] = WeakValueDictionary()
        self._blocked: dict[Lane, datetime] = {}
        self._broken: set[str] = set()

    def register(self, kind: str, renderer: Renderer, on_told: OnTold | None = None) -> None:
        """Take what renders the messages of a kind.

        `on_told` is called in the transaction in which it is written where one of them stands.
        """
        self._renderers[kind] = renderer
        if on_told is not None:
            self._on_told[kind] = on_told

    def start(self) -> None:
        """Begin, with what an earlier process has left."""
        self._outbox.hurry(datetime.now(UTC), told_since=after(-TRIED_S))
        self._loop.start()

    async def close(self, drain_s: float = 0.0) -> None:
        """Stop, with at most `drain_s` seconds for what is on its way.

        What is cut off is read back by the next process.
        """
        await self._loop.close()
        tasks = [*self._lanes.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=drain_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def call(self) -> None:
        """Have it look at once."""
        self._loop.call()

    def retry(self) -> None:
        """Try now what could not be told in its place: a channel is back, or another one.

        What has long been told elsewhere comes one by one.
        """
        at = datetime.now(UTC)
        self._outbox.hurry(at, told_since=after(-TRIED_S))
        self._outbox.hurry_older(at, apart=timedelta(seconds=OLD_APART_S * self._waits.scale))
        self._blocked.clear()
        self.call()

    async def deliver(self, key: str) -> None:
        """Try a message now, if there is something to do about it; what fails is tried again."""
        post = self._outbox.find(key)
        if post is not None:
            await self._run(_lane(post))
            self.call()  # for what has come of it

    async def untold(self) -> list[tuple[Post, Rendered]]:
        """Return what reached nobody so far, with its words as they are now."""
        found = []
        for post in self._outbox.untold():
            try:
                rendered = await self._renderers[post.kind](post)
            except (NotYet, BigCommerceError):
                continue
            except Exception:  # broad on purpose: one that breaks must not hide the others
                note_internal_error("untold message broke", post=post.key)
                continue
            if rendered is not None and rendered.is_new:
                found.append((post, rendered))
        return found

    def broken(self) -> int:
        """Return how many messages can't be drawn, by a fault of Makegood's own; the log has why.

        They are tried for ever, also by the next process.
        """
        return len(self._broken)

    async def _look(self) -> None:
        if (channel := self._channel_id()) != self._channel:
            self._channel = channel
            if (lost := self._outbox.lost(datetime.now(UTC))) is not None:
                self._outbox.doubt_astray(lost)  # what this data has lost may stand there
            self.retry()
        most = AT_ONCE + len(self._lanes) + len(self._blocked)  # those can't be taken now
        for lane, is_news in self._outbox.due_lanes(datetime.now(UTC), most):
            if len(self._lanes) >= (AT_ONCE if is_news else ROOTS_AT_ONCE):
                break  # a picture that is out of date can wait
            if lane not in self._lanes and not self._is_blocked(lane):
                self._lanes[lane] = asyncio.create_task(self._run_and_look(lane), name="lane")

    async def _run_and_look(self, lane: Lane) -> None:
        try:
            await self._run(lane)
        except Exception:  # broad on purpose: it is in the outbox, and tried again
            note_internal_error("delivery broke", lane=str(lane))
        finally:
            del self._lanes[lane]
            if len(self._lanes) >= ROOTS_AT_ONCE - 1:
                self.call()

    async def _run(self, lane: Lane) -> None:
        """Go through what there is to do in a lane, in order, until there is nothing."""
        async with self._lock(lane):
            done: set[tuple[str, int]] = set()
            while not self._is_blocked(lane):
                due = [each for each in self._due(lane) if (each.key, each.version) not in done]
                if not due:
                    break
                post = due[0]
                done.add((post.key, post.version))
                await self._try(post)

    def _lock(self, lane: Lane) -> asyncio.Lock:
        return self._locks.setdefault(lane, asyncio.Lock())

    def _due(self, lane: Lane) -> list[Post]:
        now = datetime.now(UTC)
        if isinstance(lane, int):
            return self._outbox.due(now, lane)
        post = self._outbox.find(lane)
        return [post] if post and post.next_try_at and post.next_try_at <= now else []

    def _is_blocked(self, lane: Lane) -> bool:
        until = self._blocked.get(lane)
        if until is not None and until <= datetime.now(UTC):
            del self._blocked[lane]
        return lane in self._blocked

    async def _try(self, post: Post) -> None:
        """Try a message; what goes wrong is tried again later."""
        tried = replace(post, tries=post.tries + 1)
        try:
            await self._draw(post)
        except NotYet as wait:
            self._outbox.later(post, wait.until)
        except (PostRefused, PostAnswerLost) as error:
            logger.warning("not told yet", extra={"post": post.key, "error": str(error)})
            # Root messages are drawn with what is told below them.
            at = self._waits.at(post.tries, is_told=post.kind == ROOT or post.spot is not None)
            wait_s = error.wait_s if isinstance(error, PostRefused) else 0.0
            if wait_s and post.tries < self._ways.soon:
                # Longer than the message can wait: it is told in another place, now.
                told_by = self._waits.after_refusal(post.tries, wait_s)
                tries, at = told_by or (self._ways.soon, datetime.now(UTC))
                tried = replace(tried, tries=tries)
            self._outbox.later(tried, at)
            if post.kind == ROOT and post.spot is not None and self._is_stale(post, error):
                self._stale.say(post.order_id or 0, post.spot)
            # A correction that waits holds up nothing that is still to be said.
            is_awaited = post.kind != ROOT and post.spot is None
            if at is not None and post.tries < self._ways.soon and is_awaited:
                self._blocked[_lane(post)] = at
        except BigCommerceError as error:
            logger.warning("not told yet", extra={"post": post.key, "error": str(error)})
            self._outbox.later(tried, self._waits.broken_at(post.tries))
        except Exception:  # broad on purpose: one that breaks must not hold up the others
            note_internal_error("message broke", post=post.key)
            self._outbox.later(tried, self._waits.broken_at(post.tries))

    def _is_stale(self, root: Post, error: PostRefused | PostAnswerLost) -> bool:
        """Whether a root message is taken to be one that cannot be changed for now."""
        is_refused = isinstance(error, PostRefused) and error.meaning is Meaning.MESSAGE_GONE
        return is_refused or root.tries >= self._ways.soon

    async def _draw(self, post: Post) -> None:
        """Say a message, or correct it; a root message is posted for what is told below it."""
        if post.kind != ROOT:
            await self._send(post)
        elif post.spot is None and not post.doubts:
            self._outbox.later(post, None)
        else:
            await self._send(post, is_new=False)
            after = self._outbox.find(post.key)
            if after is not None and after.spot is None and post.spot is not None:
                await self._threads.lost(post.order_id or 0, post.spot)

    async def _send(self, post: Post, *, is_new: bool = True) -> None:
        is_broken = False
        try:
            await self._bring(post, is_new=is_new)
        except (NotYet, PostRefused, PostAnswerLost, BigCommerceError):
            raise
        except Exception:  # broad on purpose: counted as ours, and raised on
            is_broken = True
            raise
        finally:
            if is_broken is not (post.key in self._broken):
                self._broken ^= {post.key}
                self._untold_changed()

    async def _bring(self, post: Post, *, is_new: bool) -> None:
        rendered = await self._renderers[post.kind](post)
        if rendered is None:
            self._outbox.told(post, post.wanted, next_try_at=None)
            return
        sending = Sending(self._ways, post, replace(rendered, is_new=is_new and rendered.is_new))
        await sending.say()
        await sending.tidy()
        self._note(post, sending.post, rendered)

    def _note(self, before: Post, after: Post, rendered: Rendered) -> None:
        """Write what came of a try, and when to try for more."""
        tries, next_try_at = 0, rendered.again_at
        if after.why or after.copies or after.doubts:
            tries = max(before.tries, self._ways.soon) + 1
            again = self._waits.at(tries - 1, is_told=after.place != HOME)
            next_try_at = min(filter(None, (again, next_try_at)), default=None)
        after = replace(after, tries=tries)
        shown = rendered.shown or before.wanted
        with self._outbox.atomic():
            self._outbox.save(after)
            if after.place == HOME:
                self._outbox.not_told(after, next_try_at=next_try_at)
            else:
                self._outbox.told(after, shown, next_try_at=next_try_at)
            if after.recipient is None and after.place not in {IN_THREAD, IN_CHANNEL} and after.why:
                self._outbox.copy_to(rendered.people, after, shown)
            noted = self._outbox.find(after.key)
            is_elsewhere = (before.spot, before.place) != (after.spot, after.place)
            is_news = is_elsewhere or before.noted != before.version
            if noted is not None and is_news and (on_told := self._on_told.get(after.kind)):
                on_told(noted)
        if HOME in {before.place, after.place}:
            self._untold_changed()
        if after.kind == ROOT and after.spot is not None:
            self._threads.saw(after.spot)
            self._stale.over(after.spot, *before.copies)


def _lane(post: Post) -> Lane:
    return post.key if post.order_id is None else post.order_id
