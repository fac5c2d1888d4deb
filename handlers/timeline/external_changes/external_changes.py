"""What happened to an order outside the bot: told in its thread, once, unless the bot did it.

BigCommerce's webhooks tell of every change, the bot's own too, and often before the bot itself has
written down how its request ended. So an event waits while a request of the order runs. Orders
without a thread are left alone: there is no case that anybody follows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.webhooks import ChangeKind, WebhookDelivery
from bot.process.internal_errors import note_internal_error
from handlers.timeline.external_changes.own_changes import OwnChanges, ShownInStore
from handlers.timeline.external_changes.words import (
    NotShownYet,
    Shop,
    describe_external_change,
    gone,
    is_news,
    needs_looking,
    outside_message,
)
from handlers.timeline.rendered import Rendered
from storage.log.action_log import ActionLog
from storage.outbox.outbox import Outbox
from storage.outbox.posts import Post, root_key
from storage.webhooks.external_changes import OURS, OUTSIDE, UNSEEN, OutsideEvent, OutsideEvents

logger = logging.getLogger(__name__)

BUSY_S = 1.0
DRAWN_AFTER_S = 1.0
LONGEST_WAIT_S = 300.0
# About a day of trying.
MOST_TRIES = 300
# About four minutes: after that the thread hears as much as is known.
MOST_LOOKS = 7


class ExternalChanges:
    """Takes deliveries, and decides what was the bot's own doing; the rest is told by the outbox.

    Each order has a task of its own while there is something to decide: an order that is changed
    all the time holds up no other one. `call` has the outbox looked at.
    """

    def __init__(
        self,
        *,
        store: BigCommerceClient,
        log: ActionLog,
        events: OutsideEvents,
        outbox: Outbox,
        call: Callable[[], None],
    ) -> None:
        """Keep the parts."""
        self._log = log
        self._events = events
        self._outbox = outbox
        self._call = call
        self._own = OwnChanges(log, events)
        self._shop = Shop(store)
        self._working: dict[int, asyncio.Task[None]] = {}

    def take(self, delivery: WebhookDelivery) -> None:
        """Note a delivery; what it says is decided later, by `catch_up`."""
        order_id = delivery.order_id
        if not self._is_followed(order_id) and not self._log.is_busy(order_id):
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
        self._outbox.want(root_key(order_id), at=soon)

    def note_gone(self, order_id: int) -> None:
        """Note that BigCommerce has no such order any more; that is looked at again, and told."""
        kind, at = ChangeKind.GONE, datetime.now(UTC)
        if not self._events.is_open(order_id, kind):
            key = f"{kind}:{order_id}:{at.isoformat()}"
            self._events.take(key, order_id=order_id, kind=kind, detail={}, happened_at=at)

    def catch_up(self) -> None:
        """Set to work on every order of which it is time to decide something."""
        for event in self._events.due(datetime.now(UTC)):
            if event.order_id not in self._working:
                self._working[event.order_id] = asyncio.create_task(self._work(event))

    async def close(self) -> None:
        """Stop; what is not decided stays noted."""
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
        """Decide an event; what goes wrong is tried again later."""
        try:
            await self._settle(event)
        except NotShownYet:
            self._later(event)
        except BigCommerceError as error:
            logger.warning(
                "outside event not decided yet",
                extra={"order_id": event.order_id, "error": str(error)},
            )
            self._later(event)
        except Exception:  # broad on purpose: one that breaks must not hold up the others
            note_internal_error("outside event broke", order_id=event.order_id)
            self._later(event)

    async def _settle(self, event: OutsideEvent) -> None:
        if self._log.is_busy(event.order_id):
            # Whether it is this request's doing will be known when it has ended.
            until = datetime.now(UTC) + timedelta(seconds=BUSY_S)
            self._events.wait(event.id, until=until, tries=event.tries)
        elif not self._is_followed(event.order_id) or not is_news(event):
            self._events.decide(event.id, UNSEEN)
        else:
            await self._decide(event)

    async def _decide(self, event: OutsideEvent) -> None:
        shown = ShownInStore()
        if needs_looking(event, may_be_own=self._own.may_have_made(event)):
            try:
                shown = await self._shop.look(event, is_last=event.tries >= MOST_LOOKS)
            except BigCommerceError:
                # What cannot be proved is told, with as much as the event says itself.
                if event.tries < MOST_LOOKS or event.kind == ChangeKind.GONE:
                    raise
                shown = ShownInStore(is_read=False)
        said = describe_external_change(event, shown)
        if said is None or self._is_said(event, shown):
            self._events.decide(event.id, UNSEEN)
            if event.kind == ChangeKind.GONE and not shown.is_gone:  # its root says that it is
                self._outbox.want(root_key(event.order_id))
        elif (reference := self._own.find(event, shown)) is not None:
            self._events.decide(event.id, OURS, reference=reference)
        else:
            self._events.decide(event.id, OUTSIDE, said=said)
            self._call()

    def _is_followed(self, order_id: int) -> bool:
        """Whether the order has a thread, or had one that is gone."""
        return self._outbox.find(root_key(order_id)) is not None

    def _is_said(self, event: OutsideEvent, shown: ShownInStore) -> bool:
        """Whether the thread says so by another event: one deletion, one declined refund."""
        told = self._events.of_order(event.order_id)
        if event.kind in {ChangeKind.ARCHIVED, ChangeKind.GONE} and shown.is_gone:
            return any(each.said == gone(event.order_id) for each in told)
        found = shown.refund_of(event) if event.kind == ChangeKind.TRANSACTION else None
        return found is not None and any(
            each.detail.get("refund_id") == found[0].id and "and declined." in (each.said or "")
            for each in told
        )

    def _later(self, event: OutsideEvent) -> None:
        tries = event.tries + 1
        if tries > MOST_TRIES:
            self._events.decide(event.id, UNSEEN, said=event.said or "")
            return
        wait_s = min(2.0 ** min(tries, 10), LONGEST_WAIT_S)
        until = datetime.now(UTC) + timedelta(seconds=wait_s)
        self._events.wait(event.id, until=until, tries=tries)


class ExternalMessages:
    """Renders what is told of them."""

    def __init__(self, events: OutsideEvents) -> None:
        """Keep the events."""
        self._events = events

    async def render(self, post: Post) -> Rendered:
        """Return the message about a change."""
        event = self._events.get(int(post.content["event_id"]))
        return outside_message(event, event.said or "")
