"""One try to bring a message to where it belongs, or as near to that as Slack lets it.

Posting is claimed before it is done, and also what Slack refuses is settled by reading it
back before anything is posted again. Where it cannot be read back, nothing more is posted.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.slack.errors import Meaning
from handlers.block_kit.builders import Block, context, section
from handlers.block_kit.mrkdwn import shorten
from handlers.timeline.posting import PostAnswerLost, Poster, PostRefused
from handlers.timeline.rendered import Rendered
from storage.outbox.outbox import Outbox
from storage.outbox.posts import DIRECT, HOME, IN_CHANNEL, IN_THREAD, ROOT, Doubt, Post, Spot

logger = logging.getLogger(__name__)

T = TypeVar("T")

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
OF_THREAD = frozenset({Meaning.THREAD_GONE, Meaning.MESSAGE_GONE})
PEOPLE = ("U", "W")  # what the ids of people begin with; their channels begin with D
# The answer to a reply was that it stands in the channel, twice: nothing can be told in threads.
NOT_THREADED = "not_threaded"
TOP_LEVEL_ONLY = frozenset({"restricted_action_non_threadable_channel", NOT_THREADED})


@dataclass(frozen=True, slots=True)
class Where:
    """A place: a channel or a person, or a thread in it."""

    channel: str
    thread_ts: str | None = None

    def holds(self, spot: Spot) -> bool:
        """Whether the message stands there; a person's channel has an id of its own."""
        if self.channel.startswith(PEOPLE):
            return _is_direct(spot)
        return (spot.channel, spot.thread_ts) == (self.channel, self.thread_ts)

    def is_of(self, doubt: Doubt) -> bool:
        """Whether the doubt is about this place."""
        return (doubt.channel, doubt.thread_ts) == (self.channel, self.thread_ts)


@dataclass(frozen=True, slots=True)
class Ways:
    """What a try needs: Slack, the rows, the audit channel, and the order's thread.

    `thread` returns the root message of the order's thread, a new one where there is none; `renew`
    one in place of that which no reply can be posted under. `adopt` makes a message that was to be
    a reply, and stands in the channel, the root. All raise Refused or AnswerLost. `is_replaced`
    tells whether the thread goes on below another root than this one. `soon`: so many tries are
    made before what passes counts as refused.
    """

    poster: Poster
    outbox: Outbox
    channel_id: Callable[[], str]
    thread: Callable[[Post], Awaitable[Spot]]
    renew: Callable[[Post], Awaitable[Spot]]
    adopt: Callable[[Post, Spot], Awaitable[Spot]]
    is_replaced: Callable[[Post, str], bool]
    soon: int


class Sending:
    """A try. `post` is the message as it stands after what was done so far, which is written."""

    def __init__(self, ways: Ways, post: Post, rendered: Rendered) -> None:
        """Keep the parts."""
        self._ways = ways
        self._poster = ways.poster
        self._rendered = rendered
        self._found_current: Spot | None = None
        self.post = post

    async def say(self) -> None:
        """Bring it to its place, or as near as Slack lets it: `post.place` and `post.why` tell.

        Raises Refused or AnswerLost for what passes, to be tried again soon.
        """
        await self._look_back()
        if await self._is_said():
            return
        if not self._rendered.is_new:
            for spot in self._usable():
                if await self._is_corrected(spot, IN_THREAD, why=None):
                    self._stand_at(spot)
                    self._save(why=None)
                    return
            self._save(place=None, why=None)
            return
        why: str | None = None
        for place in self._places():
            try:
                await self._say_in(place, why)
            except (PostRefused, PostAnswerLost) as error:
                if self._passes(error) or self.post.kind == ROOT:
                    raise
                logger.warning("not told there", extra={"post": self.post.key, "error": str(error)})
                if place != IN_THREAD or self.post.order_id is not None or self._rendered.is_aside:
                    why = why or _code(error)
            else:
                self._save(place=place, why=why)
                return
        is_for_others = self._rendered.is_aside or self._goes_to_people
        self._save(place=None if is_for_others else HOME, why=why)

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
        self._save(copies=tuple(kept))

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
        is_there = post.spot is not None and _is_direct(post.spot)
        has_person = post.kind != ROOT and (post.recipient or post.actor_id)
        if has_person and (is_there or not self._goes_to_people):
            yield DIRECT

    @property
    def _goes_to_people(self) -> bool:
        """Whether others than who asked are told where no channel takes it."""
        return self.post.recipient is None and bool(self._rendered.people)

    async def _say_in(self, place: str, why: str | None) -> None:
        where = await self._where(place)
        try:
            await self._say_at(where, place, why)
        except PostRefused as refused:
            if place != IN_THREAD or self.post.order_id is None:
                raise
            is_gone = refused.meaning in OF_THREAD and refused.code not in TOP_LEVEL_ONLY
            is_elsewhere = where.channel != self._ways.channel_id()
            if not is_gone and not (refused.meaning is Meaning.CHANNEL_GONE and is_elsewhere):
                raise
            if self.post.why == refused.code and not is_elsewhere:
                raise  # a new thread has not helped before
            thread = await self._ways.renew(self.post)
            await self._look_below(thread)
            await self._say_at(Where(thread.channel, thread.message_ts), place, why)

    async def _say_at(self, where: Where, place: str, why: str | None) -> None:
        """Correct what stands there, or post it there."""
        for spot in self._usable():
            if not where.holds(spot):
                continue
            if spot == self._found_current or await self._is_corrected(spot, place, why):
                self._stand_at(spot)
                return
        if any(doubt.channel is None or where.is_of(doubt) for doubt in self.post.doubts):
            raise PostRefused("not_read_back", Meaning.UNKNOWN)
        posted = await self._posted(where, place, why)
        if posted.thread_ts != where.thread_ts and self.post.order_id is not None:
            thread = await self._ways.adopt(self.post, posted)
            self._settle(where)
            where = Where(thread.channel, thread.message_ts)
            posted = await self._posted(where, place, why)
        self._stand_at(posted)
        if posted.thread_ts != where.thread_ts:
            raise PostRefused(NOT_THREADED, Meaning.THREAD_GONE)

    async def _where(self, place: str) -> Where:
        post = self.post
        if place == DIRECT:
            return Where(post.recipient or post.actor_id or "")
        if place == IN_CHANNEL:
            spot = post.spot
            if spot and post.order_id is None and spot.thread_ts is None and not _is_direct(spot):
                return Where(spot.channel)  # also where the audit channel is another one by now
            return Where(self._ways.channel_id())
        if post.order_id is None and self._rendered.below is not None:
            below = self._rendered.below
            return Where(below.channel, below.thread_ts or below.message_ts)
        thread = await self._ways.thread(post)
        return Where(thread.channel, thread.message_ts)

    # Correcting.

    async def _is_said(self) -> bool:
        """Whether it stands in its own place, and has said there all that there is to say.

        It is changed all the same, but never moved: what is left is to tidy up.
        """
        post = self.post
        if post.kind == ROOT or post.spot is None or post.why is not None or not self._is_noted:
            return False
        return await self._is_corrected(post.spot, post.place or IN_THREAD, why=None)

    @property
    def _is_noted(self) -> bool:
        """Whether what stands shows what is wanted, if not in its own place."""
        return self.post.noted == self.post.version

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
                if self._passes(error):
                    raise
                if isinstance(error, PostRefused) and error.meaning in OF_CONTENT and blocks:
                    continue
                is_gone = await self._is_gone(spot, error)
                if self.post.kind == ROOT and not is_gone:
                    if isinstance(error, PostRefused) and error.meaning is Meaning.MESSAGE_GONE:
                        self._save(why=error.code)
                    raise  # it stays what it is: the same is tried again later
                if not is_gone and self._is_noted and spot == self.post.spot:
                    return True  # nobody need be told again what it says
                self._give_up(spot, error)
                return False
            return True
        raise AssertionError("the last form has no blocks")

    async def _is_gone(self, spot: Spot, error: PostRefused | PostAnswerLost) -> bool:
        """Whether what could not be changed stands no more; Slack says so of some that do."""
        return _is(error, Meaning.MESSAGE_GONE) and not await self._poster.is_there(
            spot.channel, spot.message_ts, spot.thread_ts
        )

    def _give_up(self, spot: Spot, error: PostRefused | PostAnswerLost) -> None:
        """Note that the message cannot be changed, as it seems; `tidy` tries on."""
        logger.warning("message given up", extra={"post": self.post.key, "error": str(error)})
        copies = (*(each for each in self.post.copies if each != spot), spot)
        if self.post.spot == spot:
            self._save(channel=None, thread_ts=None, message_ts=None, copies=copies)
        else:
            self._save(copies=copies)

    # Posting.

    async def _posted(self, where: Where, place: str, why: str | None) -> Spot:
        for text, blocks in self._forms(place, why):
            claim = secrets.token_hex(4)
            now, version = datetime.now(UTC), self.post.version
            doubt = Doubt(now, where.channel, where.thread_ts, claim, version)
            self._ways.outbox.claim(self.post.key, doubt)
            self.post = replace(self.post, doubts=(*self.post.doubts, doubt))
            try:
                posted = await self._poster.post(
                    where.channel,
                    text,
                    blocks,
                    thread_ts=where.thread_ts,
                    broadcast=self._rendered.is_loud and place == IN_THREAD,
                    key=self.post.key,
                    claim=claim,
                )
            except PostRefused as refused:
                if self._passes(refused):
                    raise
                if (found := await self._readable(self._found(doubt))) is not None:
                    self._settle(where)
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

    def _stand_at(self, spot: Spot) -> None:
        """Note that the message stands there, and nowhere else any more."""
        before = self.post.spot
        copies = [each for each in self.post.copies if each != spot]
        if before is not None and before != spot:
            copies.append(before)
        self._save(
            channel=spot.channel,
            thread_ts=spot.thread_ts,
            message_ts=spot.message_ts,
            copies=tuple(copies),
            doubts=tuple(each for each in self.post.doubts if not _place_of(each).holds(spot)),
        )

    # Reading back.

    async def _look_back(self) -> None:
        """Settle where copies may stand; what cannot be read now stays in doubt."""
        for doubt in self.post.doubts:
            if doubt.channel is None and (meant := await self._readable(self._meant(doubt))):
                others = [each for each in self.post.doubts if each != doubt]
                self._save(doubts=(*others, *meant))
        for doubt in self.post.doubts:
            if doubt.channel is None or (found := await self._readable(self._found(doubt))) is None:
                continue
            self._settle(_place_of(doubt))
            for spot in found:
                if self.post.kind == ROOT and spot in self.post.copies:
                    continue  # one that was given up: the new one was not posted
                if doubt.version == self.post.version:
                    self._found_current = spot
                if self.post.spot is None:
                    self._stand_at(spot)
                elif spot not in self._known():
                    self._save(copies=(*self.post.copies, spot))

    async def _look_below(self, root: Spot) -> None:
        """Look for it below a root that may be of the time that was lost by a restore."""
        lost = self._ways.outbox.lost(datetime.now(UTC))
        if lost is not None:
            there = replace(lost, channel=root.channel, thread_ts=root.message_ts)
            self._save(doubts=(*self.post.doubts, there))
            await self._look_back()

    async def _readable(self, reading: Awaitable[list[T]]) -> list[T] | None:
        """Return what was read; None: it cannot be read for now."""
        try:
            return await reading
        except (PostRefused, PostAnswerLost) as error:
            if self._passes(error):
                raise
            logger.warning("not read back", extra={"post": self.post.key, "error": str(error)})
            return None

    async def _meant(self, doubt: Doubt) -> list[Doubt]:
        """Return the places of the message, for a doubt about all of them."""
        post, since = self.post, doubt.since
        person = post.recipient or post.actor_id
        direct = [Doubt(since, person)] if person and post.kind != ROOT else []
        if post.recipient is not None:
            return direct
        below = self._rendered.below
        if post.order_id is None and below is not None:
            thread_ts = below.thread_ts or below.message_ts
            direct.append(Doubt(since, below.channel, thread_ts, until=doubt.until))
        in_channel = Doubt(since, self._ways.channel_id(), until=doubt.until)
        if post.order_id is None or post.kind == ROOT:
            return [in_channel, *direct]
        thread = await self._ways.thread(post)
        return [Doubt(since, thread.channel, thread.message_ts), in_channel, *direct]

    async def _found(self, doubt: Doubt) -> list[Spot]:
        """Return the copy that stands there.

        A reply that stands in the channel becomes the root, unless another one took that place.
        """
        channel = doubt.channel or ""
        if channel.startswith(PEOPLE):
            channel = await self._poster.open_direct(channel)
        no_thread: PostRefused | None = None
        try:
            ts = await self._find(channel, doubt.thread_ts, doubt)
        except PostRefused as refused:
            if doubt.thread_ts is None or refused.meaning not in OF_THREAD:
                raise
            no_thread, ts = refused, None
        if ts is not None:
            return [Spot(channel, doubt.thread_ts, ts)]
        if doubt.thread_ts is None or self.post.order_id is None:
            return []
        ts = await self._find(channel, None, doubt)
        stray = None if ts is None else Spot(channel, None, ts)
        if stray is None or stray in self._known():
            if no_thread and not self._ways.is_replaced(self.post, doubt.thread_ts):
                raise no_thread  # it was said before that a thread is gone which stands
            return []
        if self._ways.is_replaced(self.post, doubt.thread_ts):
            return [stray]
        await self._ways.adopt(self.post, stray)
        return []

    async def _find(self, channel: str, thread_ts: str | None, doubt: Doubt) -> str | None:
        return await self._poster.find(
            channel,
            key=self.post.key,
            marker=self._rendered.marker,
            thread_ts=thread_ts,
            oldest=doubt.since.timestamp(),
            claim=doubt.claim,
            latest=doubt.until.timestamp() if doubt.until else None,
        )

    # Writing.

    def _known(self) -> list[Spot]:
        """Return where it stands, also with what may be out of date."""
        return [*([self.post.spot] if self.post.spot else []), *self.post.copies]

    def _usable(self) -> list[Spot]:
        """Return what may be corrected: of root messages only the one whose thread it is."""
        if self.post.kind == ROOT:
            return [self.post.spot] if self.post.spot else []
        return self._known()

    def _settle(self, where: Where) -> None:
        """Note that no copy is in doubt there any more."""
        self._save(doubts=tuple(each for each in self.post.doubts if not where.is_of(each)))

    def _save(self, **values: Any) -> None:
        self.post = replace(self.post, **values)
        self._ways.outbox.save(self.post)

    def _passes(self, error: PostRefused | PostAnswerLost) -> bool:
        """Whether it is worth to wait for a while before anything else is tried."""
        is_passing = isinstance(error, PostAnswerLost) or error.meaning is Meaning.TRANSIENT
        return is_passing and self.post.tries < self._ways.soon


def _place_of(doubt: Doubt) -> Where:
    return Where(doubt.channel or "", doubt.thread_ts)


def _is_direct(spot: Spot) -> bool:
    return spot.channel.startswith("D")


def _is(error: PostRefused | PostAnswerLost, *meanings: Meaning) -> bool:
    return isinstance(error, PostRefused) and error.meaning in meanings


def _code(error: PostRefused | PostAnswerLost) -> str:
    return error.code if isinstance(error, PostRefused) else "no_answer"
