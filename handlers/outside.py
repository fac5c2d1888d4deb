"""What happened to an order outside the bot: told in its thread, once, unless the bot did it.

BigCommerce's webhooks tell of every change, the bot's own too, and often before the bot itself has
written down how its request ended. So an event waits while a request of the order runs. Orders
without a thread are left alone: there is no case that anybody follows.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from bot.bigcommerce import BigCommerceClient, BigCommerceError, ChangeKind, Delivery
from bot.internal_errors import note_internal_error
from handlers.outside_words import (
    NotShownYet,
    Shop,
    describe,
    gone,
    is_news,
    needs_looking,
    outside_message,
)
from handlers.own_changes import OwnChanges, Shown
from handlers.posting import GONE, AnswerLost, NotPosted, Poster
from storage.action_log import ActionLog
from storage.order_threads import OrderThreads, Thread
from storage.outside_events import OURS, OUTSIDE, UNSEEN, OutsideEvent, OutsideEvents

logger = logging.getLogger(__name__)

BUSY_S = 1.0
DRAWN_AFTER_S = 1.0
LONGEST_WAIT_S = 300.0
# About a day of trying.
MOST_TRIES = 300
# About four minutes: after that the thread hears as much as is known.
MOST_LOOKS = 7


class OutsideNews:
    """Takes deliveries, decides what was the bot's own doing, and tells the rest.

    Each order has a task of its own while there is something to tell: an order that is changed all
    the time, or whose thread does not answer, holds up no other one.
    """

    def __init__(
        self,
        poster: Poster,
        *,
        store: BigCommerceClient,
        log: ActionLog,
        threads: OrderThreads,
        events: OutsideEvents,
    ) -> None:
        self._poster = poster
        self._log = log
        self._threads = threads
        self._events = events
        self._own = OwnChanges(log, events)
        self._shop = Shop(store)
        self._working: dict[int, asyncio.Task[None]] = {}

    def take(self, delivery: Delivery) -> None:
        """Note a delivery; what it says is told later, by `catch_up`."""
        order_id = delivery.order_id
        if self._threads.find(order_id) is None and not self._log.is_busy(order_id):
            return
        if delivery.kind is not ChangeKind.UPDATED:
            self._events.take(
                delivery.key,
                order_id=order_id,
                kind=delivery.kind,
                detail=delivery.detail,
                happened_at=delivery.happened_at,
            )
        # One change is several deliveries; they are drawn together.
        soon = datetime.now(UTC) + timedelta(seconds=DRAWN_AFTER_S)
        self._threads.expect_refresh(order_id, soon)

    def note_gone(self, order_id: int) -> None:
        """Note that BigCommerce has no such order any more; that is looked at again, and told."""
        kind, at = ChangeKind.GONE, datetime.now(UTC)
        if not self._events.is_open(order_id, kind):
            key = f"{kind}:{order_id}:{at.isoformat()}"
            self._events.take(key, order_id=order_id, kind=kind, detail={}, happened_at=at)

    def catch_up(self) -> None:
        """Set to work on every order of which it is time to decide or tell something."""
        for event in self._events.due(datetime.now(UTC)):
            if event.order_id not in self._working:
                self._working[event.order_id] = asyncio.create_task(self._work(event))

    async def close(self) -> None:
        """Stop; what is not told stays noted."""
        working, self._working = [*self._working.values()], {}
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)

    async def _work(self, event: OutsideEvent) -> None:
        """Go through what is due of one order, in order."""
        order_id, due = event.order_id, [event]
        try:
            while due:
                await self._settle_one(due[0])
                due = self._events.due(datetime.now(UTC), order_id)
        finally:
            if self._working.get(order_id) is asyncio.current_task():
                del self._working[order_id]

    async def _settle_one(self, event: OutsideEvent) -> None:
        """Decide and tell an event; what goes wrong is tried again later."""
        try:
            await self._settle(event)
        except NotShownYet:
            self._later(event)
        except (BigCommerceError, NotPosted, AnswerLost) as error:
            logger.warning(
                "outside event not told yet",
                extra={"order_id": event.order_id, "error": str(error)},
            )
            self._later(event)
        except Exception:  # broad on purpose: one that breaks must not hold up the others
            note_internal_error("outside event broke", order_id=event.order_id)
            self._later(event)

    async def _settle(self, event: OutsideEvent) -> None:
        if event.verdict is not None:
            await self._tell(event, event.said or "")
        elif self._log.is_busy(event.order_id):
            # Whether it is this request's doing will be known when it has ended.
            until = datetime.now(UTC) + timedelta(seconds=BUSY_S)
            self._events.wait(event.id, until=until, tries=event.tries)
        elif self._threads.find(event.order_id) is None or not is_news(event):
            self._events.decide(event.id, UNSEEN)
        else:
            await self._decide(event)

    async def _decide(self, event: OutsideEvent) -> None:
        shown = Shown()
        if needs_looking(event, may_be_own=self._own.may_have_made(event)):
            try:
                shown = await self._shop.look(event, is_last=event.tries >= MOST_LOOKS)
            except BigCommerceError:
                # What cannot be proved is told, with as much as the event says itself.
                if event.tries < MOST_LOOKS or event.kind == ChangeKind.GONE:
                    raise
                shown = Shown(is_read=False)
        said = describe(event, shown)
        if said is None or self._is_said(event, shown):
            self._events.decide(event.id, UNSEEN)
            if event.kind == ChangeKind.GONE and not shown.is_gone:  # its root says that it is
                self._threads.expect_refresh(event.order_id, datetime.now(UTC))
        elif (reference := self._own.find(event, shown)) is not None:
            self._events.decide(event.id, OURS, reference=reference)
        else:
            self._events.decide(event.id, OUTSIDE, said=said)
            await self._tell(event, said)

    def _is_said(self, event: OutsideEvent, shown: Shown) -> bool:
        """Whether the thread says so by another event: one deletion, one declined refund."""
        told = self._events.of_order(event.order_id)
        if event.kind in {ChangeKind.ARCHIVED, ChangeKind.GONE} and shown.is_gone:
            return any(each.said == gone(event.order_id) for each in told)
        found = shown.refund_of(event) if event.kind == ChangeKind.TRANSACTION else None
        return found is not None and any(
            each.detail.get("refund_id") == found[0].id and "and declined." in (each.said or "")
            for each in told
        )

    async def _tell(self, event: OutsideEvent, said: str) -> None:
        thread = self._threads.find(event.order_id)
        if thread is None:
            self._events.decide(event.id, UNSEEN, said=said)
            return
        begun = not self._events.start_telling(event.id)
        try:
            ts = await self._post(thread, event, said, begun=begun)
        except NotPosted as refused:
            if refused.meaning not in GONE:
                raise
            self._events.decide(event.id, UNSEEN, said=said)
            return
        self._events.told(
            event.id, channel=thread.channel, thread_ts=thread.thread_ts, message_ts=ts
        )

    async def _post(self, thread: Thread, event: OutsideEvent, said: str, *, begun: bool) -> str:
        message, marker = outside_message(event, said)
        if begun:
            ts = await self._poster.find_reply(thread.channel, thread.thread_ts, marker)
            if ts is not None:
                return ts
        posted = await self._poster.post(
            thread.channel, message.text, message.blocks, thread_ts=thread.thread_ts
        )
        return posted.ts

    def _later(self, event: OutsideEvent) -> None:
        tries = event.tries + 1
        if tries > MOST_TRIES:
            self._events.decide(event.id, UNSEEN, said=event.said or "")
            return
        wait_s = min(2.0 ** min(tries, 10), LONGEST_WAIT_S)
        until = datetime.now(UTC) + timedelta(seconds=wait_s)
        self._events.wait(event.id, until=until, tries=tries)
