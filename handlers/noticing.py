"""Messages besides the outcomes, each posted once: approvals asked for, the brake.

A post is noted before it is made. When its answer was lost, or the bot stopped in between, Slack is
read back for the notice's own mark before anything is posted again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

from bot.bigcommerce import BigCommerceError
from bot.configuration import People
from bot.internal_errors import note_internal_error
from handlers.access import Access
from handlers.approval_words import approval_message, brake_message, marker_of
from handlers.outcome_message import Message
from handlers.people.words import cannot_words, told_message
from handlers.posting import GONE, AnswerLost, NotPosted, Poster
from handlers.proposal_words import in_effect_message, proposal_message
from handlers.recovery_words import data_message
from handlers.roots import RootMessages
from storage.action_log import ActionLog
from storage.entries import APPROVED, DECLINED, LAPSED, OVERTAKEN, Entry
from storage.held_requests import APPROVAL, ASKED, NOBODY
from storage.notices import ABOUT_DATA, IN_EFFECT, IN_WORDS, PROPOSED, WAITING, Notice, Notices
from storage.order_threads import OrderThreads, Thread

logger = logging.getLogger(__name__)

DECISIONS = {APPROVED, DECLINED, LAPSED, OVERTAKEN}
WAITS_S = (2.0, 5.0, 15.0, 60.0, 300.0)


class Noticing:
    """Brings notices to Slack and keeps them as they should be; what fails is tried again."""

    def __init__(
        self,
        poster: Poster,
        *,
        channel_id: Callable[[], str],
        approvers: Callable[[], People],
        access: Access,
        log: ActionLog,
        threads: OrderThreads,
        roots: RootMessages,
        notices: Notices,
    ) -> None:
        self._poster = poster
        self._channel_id = channel_id
        self._approvers = approvers
        self._access = access
        self._log = log
        self._threads = threads
        self._roots = roots
        self._notices = notices
        self._showing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def catch_up(self) -> None:
        """Show what does not stand in Slack as it should."""
        for key in self._notices.to_show(datetime.now(UTC)):
            await self.show(key)

    async def show(self, key: str) -> None:
        """Bring one notice to Slack, or up to date; what goes wrong is tried again later."""
        async with self._showing.setdefault(key, asyncio.Lock()):
            notice = self._notices.find(key)
            if notice is None or notice.shown == notice.wanted:
                return
            try:
                await self._show(notice)
            except (BigCommerceError, NotPosted, AnswerLost) as error:
                logger.warning("notice not shown", extra={"notice": key, "error": str(error)})
                self._later(notice)
            except Exception:  # broad on purpose: one that breaks must not hold up the others
                note_internal_error("notice broke", notice=key)
                self._later(notice)

    def _later(self, notice: Notice) -> None:
        wait_s = WAITS_S[min(notice.tries, len(WAITS_S) - 1)]
        self._notices.failed(notice.key, next_try_at=datetime.now(UTC) + timedelta(seconds=wait_s))

    async def _show(self, notice: Notice) -> None:
        entry = self._log.find(str(notice.content.get("reference") or notice.key))
        if notice.kind == WAITING and not notice.is_begun and not _is_open(entry):
            self._notices.shown(notice.key, notice.wanted, channel=None, message_ts=None)
            return  # decided, or over: nobody need be told that it waits
        if entry is not None and _is_over(entry):
            return  # about to lapse: nobody is asked for what nobody can decide any more
        notice, message = await self._message(notice, entry)
        if notice.channel and notice.message_ts:
            place = await self._change(notice.channel, notice.message_ts, message)
        elif notice.wanted in DECISIONS and not notice.is_begun:
            place = None  # it was never asked for in Slack, and is over
        elif entry is not None and entry.order_id is not None:
            place = await self._post_in_thread(notice, entry, message)
        else:
            place = await self._post_in_channel(notice, message)
        channel, ts = place or (None, None)
        self._notices.shown(notice.key, notice.wanted, channel=channel, message_ts=ts)
        if entry is not None and entry.is_waiting and entry.order_id is not None:
            await self._roots.refresh(entry.order_id)

    async def _message(self, notice: Notice, entry: Entry | None) -> tuple[Notice, Message]:
        """Return the message, and the notice as it is to be shown now."""
        if notice.kind in IN_WORDS:
            return notice, told_message(notice, marker_of(notice))
        if notice.kind in ABOUT_DATA:
            return notice, data_message(notice, marker_of(notice))
        if notice.kind == PROPOSED:
            return notice, proposal_message(notice.content, marker_of(notice))
        if notice.kind == IN_EFFECT:
            return notice, in_effect_message(notice.content, marker_of(notice))
        if entry is None:
            return notice, brake_message(notice, self._approvers())
        if entry.decision is not None:
            return notice, approval_message(entry, notice, self._approvers())
        return await self._asking(notice, entry)

    async def _asking(self, notice: Notice, entry: Entry) -> tuple[Notice, Message]:
        able = await self._access.deciders(but=entry.actor_id)
        why = await self._access.cannot_decide(but=entry.actor_id) if able == () else {}
        if able is not None and notice.wanted in {ASKED, NOBODY}:
            wanted = ASKED if able else NOBODY
            self._notices.change_wanted(notice.key, was=notice.wanted, wanted=wanted)
            notice = self._notices.find(notice.key) or notice
        why_nobody = cannot_words(why or {}, self._channel_id())
        approvers = self._approvers()
        return notice, approval_message(entry, notice, approvers, able=able, why_nobody=why_nobody)

    async def _change(self, channel: str, ts: str, message: Message) -> tuple[str, str] | None:
        try:
            await self._poster.update(channel, ts, message.text, message.blocks)
        except NotPosted as refused:
            if refused.meaning not in GONE:
                raise
            return None
        return channel, ts

    async def _post_in_thread(
        self, notice: Notice, entry: Entry, message: Message
    ) -> tuple[str, str] | None:
        thread = self._threads.find(notice.order_id or 0) or await self._roots.open_thread(entry)
        try:
            return await self._reply(notice, thread, message)
        except NotPosted as refused:
            if refused.meaning not in GONE:
                raise
            # Somebody deleted the thread, or the channel of record is another one by now.
            self._threads.forget(notice.order_id or 0)
            return await self._reply(notice, await self._roots.open_thread(entry), message)

    async def _reply(
        self, notice: Notice, thread: Thread, message: Message
    ) -> tuple[str, str] | None:
        ts = None
        if notice.is_begun:
            ts = await self._poster.find_reply(thread.channel, thread.thread_ts, marker_of(notice))
        if ts is not None:
            await self._poster.update(thread.channel, ts, message.text, message.blocks)
            return thread.channel, ts
        if notice.wanted in DECISIONS:
            return None
        self._notices.begin(notice.key)
        posted = await self._poster.post(
            thread.channel,
            message.text,
            message.blocks,
            thread_ts=thread.thread_ts,
            broadcast=_is_loud(notice),
        )
        return thread.channel, posted.ts

    async def _post_in_channel(self, notice: Notice, message: Message) -> tuple[str, str] | None:
        ts, marker = None, marker_of(notice)
        channel = str(notice.content.get("to") or self._channel_id())
        if notice.is_begun and "to" not in notice.content:  # of a person, it may be told twice
            ts = await self._poster.find_message(
                channel, lambda text: marker in text, oldest=notice.made_at.timestamp()
            )
        if ts is not None:
            await self._poster.update(channel, ts, message.text, message.blocks)
            return channel, ts
        if notice.wanted in DECISIONS:
            return None
        self._notices.begin(notice.key)
        posted = await self._poster.post(channel, message.text, message.blocks)
        return posted.channel, posted.ts


def _is_loud(notice: Notice) -> bool:
    """Whether the channel hears it, too: what waits for somebody is not left to a thread."""
    return notice.kind == WAITING or (notice.kind == APPROVAL and notice.wanted == NOBODY)


def _is_open(entry: Entry | None) -> bool:
    return entry is not None and entry.is_waiting and not _is_over(entry)


def _is_over(entry: Entry) -> bool:
    over = entry.held_until is not None and entry.held_until <= datetime.now(UTC)
    return entry.is_waiting and over
