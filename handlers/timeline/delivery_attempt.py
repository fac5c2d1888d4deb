"""One try to bring a message to where it belongs, or as near to that as Slack lets it.

Posting is claimed before it is done, and also what Slack refuses is settled by reading it
back before anything is posted again. Where it cannot be read back, nothing more is posted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from bot.slack.errors import Meaning
from handlers.block_kit.builders import Block, context, section
from handlers.block_kit.mrkdwn import shorten
from handlers.timeline.calls import PostAnswerLost, PostRefused
from handlers.timeline.posting import MESSAGE_GONE
from handlers.timeline.read_back import ReadBack
from handlers.timeline.rendered import Rendered
from handlers.timeline.standing import Standing, Where, is_direct
from handlers.timeline.ways import Ways
from storage.outbox.posts import DIRECT, HOME, IN_CHANNEL, IN_THREAD, ROOT, Post, Spot

logger = logging.getLogger(__name__)

LONGEST = 3900
# Said below a message that stands elsewhere than in its own place.
FELL = {
    IN_CHANNEL: "The order's thread could not be reached, so this is told here.",
    DIRECT: "The audit channel can't be reached, so this comes to you directly. Ask an admin to"
    " check it.",
}
# A line in place of a message: about what it was, and the words of the link.
MOVED = {
    IN_THREAD: "What was told here{} stands {{}} now.|in the order's thread",
    IN_CHANNEL: "What was told here{} stands {{}} now.|in the channel",
    DIRECT: "What was told here{} stands {{}} now.|in a direct message",
}
THREAD_GOES_ON = "This order's thread goes on {}.|here"
# Said of the message, not of the place: it is sent once more as plain text.
OF_CONTENT = frozenset({Meaning.CONTENT, Meaning.OUR_FAULT})
OUTSIDER = "not_for_them"
# The answer to a reply was that it stands in the channel, twice: nothing can be told in threads.
NOT_THREADED = "not_threaded"
TOP_LEVEL_ONLY = frozenset({"restricted_action_non_threadable_channel", NOT_THREADED})


class Sending:
    """A try. `post` is the message as it stands after what was done so far, which is written."""

    def __init__(self, ways: Ways, post: Post, rendered: Rendered) -> None:
        """Keep the parts."""
        self._ways = ways
        self._poster = ways.poster
        self._rendered = rendered
        self._standing = Standing(ways.outbox, post, soon=ways.soon)
        self._back = ReadBack(ways, self._standing, rendered)

    @property
    def post(self) -> Post:
        """The message as it stands."""
        return self._standing.post

    async def say(self) -> None:
        """Bring it to its place, or as near as Slack lets it: `post.place` and `post.why` tell.

        Raises Refused or AnswerLost for what passes, to be tried again soon.
        """
        await self._back.look()
        if await self._is_said():
            return
        if not self._rendered.is_new:
            for spot in self._standing.usable():
                if await self._is_corrected(spot, IN_THREAD, why=None):
                    self._standing.stand_at(spot)
                    self._standing.save(why=None)
                    return
            self._standing.save(place=None, why=None)
            return
        why: str | None = None
        for place in self._places():
            try:
                await self._say_in(place, why)
            except (PostRefused, PostAnswerLost) as error:
                if self._standing.passes(error) or self.post.kind == ROOT:
                    raise
                logger.warning("not told there", extra={"post": self.post.key, "error": str(error)})
                if place != IN_THREAD or self.post.order_id is not None or self._rendered.is_aside:
                    why = why or _code(error)
            else:
                self._standing.save(place=place, why=why)
                return
        is_for_others = self._rendered.is_aside or self._goes_to_people
        self._standing.save(place=None if is_for_others else HOME, why=why)

    async def tidy(self) -> None:
        """Make copies that stand elsewhere one line, with a link to where the message stands."""
        spot = self.post.spot
        if spot is None or not self.post.copies:
            return
        url = await self._poster.permalink(spot.channel, spot.message_ts)
        words, link = self._moved().split("|")
        line = words.replace("{}", f"<{url}|{link}>" if url else link)
        kept = []
        for copy in self.post.copies:
            try:
                await self._poster.update(
                    copy.channel, copy.message_ts, line, [section(line)], key=""
                )
            except (PostRefused, PostAnswerLost) as error:
                if not await self._is_gone(copy, error):
                    kept.append(copy)
        self._standing.save(copies=tuple(kept))

    def _moved(self) -> str:
        """Return the line for a copy: what stood there, and where it stands, linked after the |."""
        if self.post.kind == ROOT:
            return THREAD_GOES_ON
        about = f" about order {self.post.order_id}" if self.post.order_id is not None else ""
        return MOVED[self.post.place or IN_CHANNEL].format(about)

    def _places(self) -> Iterator[str]:
        """Yield the places from its own one downwards."""
        post = self.post
        if post.recipient is None:
            if post.order_id is not None and post.kind != ROOT:
                yield IN_THREAD
            if self._rendered.below is not None:
                yield IN_THREAD
            if self._rendered.is_aside:
                return
            yield IN_CHANNEL
        is_there = post.spot is not None and is_direct(post.spot)
        has_person = post.kind != ROOT and (post.recipient or post.actor_id)
        if has_person and (is_there or not self._goes_to_people):
            yield DIRECT

    @property
    def _goes_to_people(self) -> bool:
        """Whether others than who asked are told where no channel takes it."""
        return self.post.recipient is None and bool(self._rendered.people)

    async def _is_for_outsider(self) -> bool:
        """Whether it fell to somebody who may not read it; what stands there is only corrected."""
        post = self.post
        if post.recipient is not None or (post.spot is not None and is_direct(post.spot)):
            return False
        return await self._ways.is_outsider(post.actor_id or "")

    async def _say_in(self, place: str, why: str | None) -> None:
        if place == DIRECT and await self._is_for_outsider():
            raise PostRefused(OUTSIDER, Meaning.CHANNEL_GONE)
        where = await self._where(place)
        try:
            await self._say_at(where, place, why)
        except PostRefused as refused:
            if place != IN_THREAD or self.post.order_id is None:
                raise
            is_gone = refused.meaning in MESSAGE_GONE and refused.code not in TOP_LEVEL_ONLY
            is_elsewhere = where.channel != self._ways.channel_id()
            if not is_gone and not (refused.meaning is Meaning.CHANNEL_GONE and is_elsewhere):
                raise
            if self.post.why == refused.code and not is_elsewhere:
                raise  # a new thread has not helped before
            thread = await self._ways.renew(self.post)
            await self._back.look_below(thread)
            await self._say_at(Where(thread.channel, thread.message_ts), place, why)

    async def _say_at(self, where: Where, place: str, why: str | None) -> None:
        """Correct what stands there, or post it there."""
        for spot in self._standing.usable():
            if not where.holds(spot):
                continue
            if spot == self._back.current or await self._is_corrected(spot, place, why):
                self._standing.stand_at(spot)
                return
        if any(doubt.channel is None or where.is_of(doubt) for doubt in self.post.doubts):
            raise PostRefused("not_read_back", Meaning.UNKNOWN)
        posted = await self._posted(where, place, why)
        if posted.thread_ts != where.thread_ts and self.post.order_id is not None:
            thread = await self._ways.adopt(self.post, posted)
            self._standing.settle(where)
            where = Where(thread.channel, thread.message_ts)
            posted = await self._posted(where, place, why)
        self._standing.stand_at(posted)
        if posted.thread_ts != where.thread_ts:
            raise PostRefused(NOT_THREADED, Meaning.THREAD_GONE)

    async def _where(self, place: str) -> Where:
        post = self.post
        if place == DIRECT:
            return Where(post.recipient or post.actor_id or "")
        if place == IN_CHANNEL:
            spot = post.spot
            if spot and post.order_id is None and spot.thread_ts is None and not is_direct(spot):
                return Where(spot.channel)  # also where the audit channel is another one by now
            return Where(self._ways.channel_id())
        if post.order_id is None and self._rendered.below is not None:
            below = self._rendered.below
            return Where(below.channel, below.thread_ts or below.message_ts)
        thread = await self._ways.thread(post)
        return Where(thread.channel, thread.message_ts)

    async def _is_said(self) -> bool:
        """Whether it stands in its own place, and has said there all that there is to say.

        It is changed all the same, but never moved: what is left is to tidy up.
        """
        post = self.post
        if (
            post.kind == ROOT
            or post.spot is None
            or post.why is not None
            or not self._standing.is_noted
        ):
            return False
        return await self._is_corrected(post.spot, post.place or IN_THREAD, why=None)

    async def _is_corrected(self, spot: Spot, place: str, why: str | None) -> bool:
        """Change a message that stands, if there is a need. False: it is gone, or given up.

        A root message that stands and cannot be changed is not given up: that is raised.
        """
        for text, blocks in self._forms(place, why):
            try:
                await self._poster.update(
                    spot.channel, spot.message_ts, text, blocks, key=self.post.key
                )
            except (PostRefused, PostAnswerLost) as error:
                if self._standing.passes(error):
                    raise
                if isinstance(error, PostRefused) and error.meaning in OF_CONTENT and blocks:
                    continue
                is_gone = await self._is_gone(spot, error)
                if self.post.kind == ROOT and not is_gone:
                    if isinstance(error, PostRefused) and error.meaning is Meaning.MESSAGE_GONE:
                        self._standing.save(why=error.code)
                    raise  # it stays what it is: the same is tried again later
                if not is_gone and self._standing.is_noted and spot == self.post.spot:
                    return True  # nobody need be told again what it says
                self._standing.give_up(spot, error)
                return False
            return True
        raise AssertionError("the last form has no blocks")

    async def _is_gone(self, spot: Spot, error: PostRefused | PostAnswerLost) -> bool:
        """Whether what could not be changed stands no more; Slack says so of some that do."""
        return _is(error, Meaning.MESSAGE_GONE) and not await self._poster.is_there(
            spot.channel, spot.message_ts, spot.thread_ts
        )

    async def _posted(self, where: Where, place: str, why: str | None) -> Spot:
        for text, blocks in self._forms(place, why):
            doubt = self._standing.claim(where)
            try:
                posted = await self._poster.post(
                    where.channel,
                    text,
                    blocks,
                    thread_ts=where.thread_ts,
                    broadcast=self._rendered.is_loud and place == IN_THREAD,
                    key=self.post.key,
                    claim=doubt.claim,
                )
            except PostRefused as refused:
                if self._standing.passes(refused):
                    raise
                if (found := await self._back.found(doubt)) is not None:
                    self._standing.settle(where)
                for spot in found or []:
                    return spot
                if refused.meaning in OF_CONTENT and blocks and found is not None:
                    continue
                raise
            return Spot(posted.channel, posted.thread_ts, posted.ts)
        raise AssertionError("the last form has no blocks")

    def _forms(self, place: str, why: str | None) -> Iterator[tuple[str, Sequence[Block]]]:
        """Yield the message with its blocks, and as plain text."""
        text, blocks = self._rendered.text, self._rendered.blocks
        is_elsewhere = why is not None and place in FELL
        note = FELL[place] if is_elsewhere else ""
        text = f"{text} {note}".strip()
        yield text, [*blocks, context(note)] if note else blocks
        yield shorten(text, LONGEST), []


def _is(error: PostRefused | PostAnswerLost, *meanings: Meaning) -> bool:
    return isinstance(error, PostRefused) and error.meaning in meanings


def _code(error: PostRefused | PostAnswerLost) -> str:
    return error.code if isinstance(error, PostRefused) else "no_answer"
