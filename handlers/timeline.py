"""The order's thread: its root message kept current, each outcome told in one reply.

A telling is noted in the log before it is posted. When its answer was lost, or the bot stopped in
between, the thread is read back for the request's reference before anything is posted again.
"""

from __future__ import annotations

import asyncio
import logging
from weakref import WeakValueDictionary

from bot.actions.snapshot import OrderSnapshot, load_snapshot
from bot.bigcommerce import BigCommerceClient, BigCommerceError
from bot.outcome import Outcome, Status
from handlers.blocks import Block, actions, button, section
from handlers.card import card_text, order_card
from handlers.catalogue import Catalogue
from handlers.outcome_message import Message, open_requests, render_outcome
from handlers.posting import CHANNEL_GONE, MESSAGE_GONE, AnswerLost, NotPosted, Poster
from storage.action_log import ActionLog
from storage.entries import Entry
from storage.order_threads import OrderThreads, Thread

logger = logging.getLogger(__name__)


class SlackTimeline:
    """Tells outcomes in Slack; the runner knows it only as its protocol."""

    def __init__(
        self,
        poster: Poster,
        *,
        channel_id: str,
        store: BigCommerceClient,
        catalogue: Catalogue,
        log: ActionLog,
        threads: OrderThreads,
    ) -> None:
        self._poster = poster
        self._channel_id = channel_id
        self._store = store
        self._catalogue = catalogue
        self._log = log
        self._threads = threads
        self._refreshing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def show(self, entry: Entry) -> None:
        """Show on the order's root message, if it has one, that the request is under way."""
        if entry.order_id is not None:
            await self.refresh(entry.order_id)

    async def tell(self, entry: Entry, outcome: Outcome) -> None:
        """Say the outcome in the thread exactly once, or correct what was said before.

        Raises NotPosted or AnswerLost when it could not be told yet; telling again is safe.
        """
        message = render_outcome(entry, outcome)
        begun = not self._log.start_telling(entry.reference, outcome.status)
        corrected = await self._correct(entry, message)
        if corrected and not _is_loud(entry, outcome):
            place = (entry.channel, entry.thread_ts, entry.message_ts)
        else:
            place = await self._tell_anew(entry, outcome, message, begun=begun)
        channel, thread_ts, message_ts = (part or "" for part in place)
        self._log.mark_told(
            entry.reference,
            status=outcome.status,
            channel=channel,
            thread_ts=thread_ts,
            message_ts=message_ts,
        )
        if entry.order_id is not None:
            await self.refresh(entry.order_id)

    async def refresh(self, order_id: int) -> None:
        """Bring the order's root message up to date; what goes wrong is only logged."""
        try:
            # One at a time, or an older picture could be the last to arrive.
            async with self._refreshing.setdefault(order_id, asyncio.Lock()):
                thread = self._threads.find(order_id)
                if thread is None:
                    return
                root = await self._root(await load_snapshot(self._store, order_id))
                await self._poster.update(thread.channel, thread.thread_ts, root.text, root.blocks)
        except (BigCommerceError, NotPosted, AnswerLost) as error:
            logger.warning(
                "root message not refreshed", extra={"order_id": order_id, "error": str(error)}
            )

    async def _correct(self, entry: Entry, message: Message) -> bool:
        """Change what was said before; False when there was nothing, or it is gone."""
        if not entry.channel or not entry.message_ts:
            return False
        try:
            await self._poster.update(entry.channel, entry.message_ts, message.text, message.blocks)
        except NotPosted as refused:
            if refused.code in MESSAGE_GONE | CHANNEL_GONE:
                return False
            raise
        return True

    async def _tell_anew(
        self, entry: Entry, outcome: Outcome, message: Message, *, begun: bool
    ) -> tuple[str, str, str]:
        """Post the outcome where it can be read, and return (channel, thread, message)."""
        try:
            return await self._tell_in_channel(entry, outcome, message, begun=begun)
        except NotPosted as refused:
            if refused.code not in CHANNEL_GONE:
                raise
            logger.warning(
                "audit channel out of reach, actor told directly",
                extra={"reference": entry.reference, "error": refused.code},
            )
            return await self._tell_actor(entry, message)

    async def _tell_in_channel(
        self, entry: Entry, outcome: Outcome, message: Message, *, begun: bool
    ) -> tuple[str, str, str]:
        if entry.order_id is None:
            ts = await self._find_in_channel(entry, message) if begun else None
            if ts is None:
                _, ts = await self._poster.post(self._channel_id, message.text, message.blocks)
            return self._channel_id, ts, ts
        thread = self._threads.find(entry.order_id) or await self._open_thread(entry)
        try:
            return await self._reply(thread, entry, outcome, message, begun=begun)
        except NotPosted as refused:
            if refused.code not in MESSAGE_GONE:
                raise
            self._threads.forget(entry.order_id)
            thread = await self._open_thread(entry)
            return await self._reply(thread, entry, outcome, message, begun=False)

    async def _reply(
        self, thread: Thread, entry: Entry, outcome: Outcome, message: Message, *, begun: bool
    ) -> tuple[str, str, str]:
        ts = None
        if begun:
            ts = await self._poster.find_reply(
                thread.channel, thread.thread_ts, entry.reference, ignore=entry.message_ts
            )
        if ts is None:
            _, ts = await self._poster.post(
                thread.channel,
                message.text,
                message.blocks,
                thread_ts=thread.thread_ts,
                broadcast=_is_loud(entry, outcome),
            )
        return thread.channel, thread.thread_ts, ts

    async def _find_in_channel(self, entry: Entry, message: Message) -> str | None:
        return await self._poster.find_message(
            self._channel_id, message.text, oldest=entry.asked_at.timestamp()
        )

    async def _tell_actor(self, entry: Entry, message: Message) -> tuple[str, str, str]:
        note = section("The channel of record cannot be reached, so this is told to you alone.")
        channel, ts = await self._poster.post(entry.actor_id, message.text, [*message.blocks, note])
        return channel, ts, ts

    async def _open_thread(self, entry: Entry) -> Thread:
        """Post the order's root message, unless one was posted whose answer got lost."""
        if entry.order_id is None:
            raise ValueError("only an order has a thread")
        try:
            root = await self._root(await load_snapshot(self._store, entry.order_id))
        except BigCommerceError:
            root = _bare_root(entry.order_id)
        ts = await self._poster.find_message(
            self._channel_id, f"Order {entry.order_id} ", oldest=entry.asked_at.timestamp()
        )
        if ts is None:
            _, ts = await self._poster.post(self._channel_id, root.text, root.blocks)
        self._threads.save(entry.order_id, self._channel_id, ts)
        return Thread(self._channel_id, ts)

    async def _root(self, snapshot: OrderSnapshot) -> Message:
        unsettled = open_requests(self._log, snapshot.order.id)
        store = await self._catalogue.store()
        return Message(card_text(snapshot), order_card(snapshot, store, open_requests=unsettled))


def _is_loud(entry: Entry, outcome: Outcome) -> bool:
    """Whether the channel must hear it too: money that was said to be on its way is not."""
    return entry.told_status == Status.PENDING and outcome.status in {
        Status.FAILED,
        Status.UNKNOWN,
    }


def _bare_root(order_id: int) -> Message:
    blocks: list[Block] = [
        section(f"*Order {order_id}*\nBigCommerce could not be read just now."),
        actions([button("Refresh", "refresh", str(order_id))], block_id="order_actions"),
    ]
    return Message(f"Order {order_id} could not be read just now.", blocks)
