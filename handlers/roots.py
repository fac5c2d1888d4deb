"""The root message of an order's thread: opened once, and kept current, also after a failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

from bot.actions import ACTIONS
from bot.actions.cover import load_cover
from bot.actions.failures import is_final
from bot.actions.snapshot import OrderSnapshot
from bot.bigcommerce import BigCommerceClient, BigCommerceError, OrderNotFound
from bot.configuration import Configuration
from handlers.blocks import Block, actions, button, section
from handlers.card import card_text, order_card
from handlers.catalogue import Catalogue
from handlers.open_forms import form_lines, open_forms, over_at
from handlers.outcome_message import Message, open_requests, refunded_label
from handlers.posting import GONE, AnswerLost, NotPosted, Poster
from handlers.whole_requests import in_the_way, whole_request
from storage.action_log import ActionLog
from storage.drafts import Drafts
from storage.entries import Entry
from storage.order_threads import OrderThreads, Thread

logger = logging.getLogger(__name__)

REFRESH_AGAIN_S = 10.0
# After so long the status is what somebody wants it to be.
LAGS_AT_MOST = timedelta(minutes=5)
AFTER_ALL = {4, 5}  # Refunded, Cancelled
AFTER_SOME = AFTER_ALL | {14}  # Partially Refunded


class RootMessages:
    """Draws root messages. One that could not be drawn is noted, and drawn by `catch_up`."""

    def __init__(
        self,
        poster: Poster,
        *,
        channel_id: Callable[[], str],
        configuration: Callable[[], Configuration],
        store: BigCommerceClient,
        catalogue: Catalogue,
        log: ActionLog,
        threads: OrderThreads,
        drafts: Drafts,
        found_gone: Callable[[int], None],
    ) -> None:
        self._poster = poster
        self._found_gone = found_gone
        self._channel_id = channel_id
        self._store = store
        self._catalogue = catalogue
        self._log = log
        self._threads = threads
        self._drafts = drafts
        self._configuration = configuration
        self._refreshing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._opening: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def expect_refresh(self, order_id: int) -> None:
        """Note that the root message is out of date, in case nothing is drawn any more."""
        at = datetime.now(UTC) + timedelta(seconds=REFRESH_AGAIN_S)
        self._threads.expect_refresh(order_id, at)

    async def refresh(self, order_id: int, *, is_awaited: bool = False) -> None:
        """Bring the order's root message up to date; what goes wrong is tried again later.

        `is_awaited`: a request waits for it.
        """
        try:
            # One at a time, or an older picture could be the last to arrive.
            async with self._refreshing.setdefault(order_id, asyncio.Lock()):
                store = self._store.money if is_awaited else self._store.background
                await self._refresh(order_id, store)
        except (BigCommerceError, NotPosted, AnswerLost) as error:
            logger.warning(
                "root message not refreshed", extra={"order_id": order_id, "error": str(error)}
            )
            if _is_for_good(error):
                self._threads.refreshed(order_id)

    async def refresh_if_expected(self, order_id: int) -> None:
        """Bring the root message up to date unless it is."""
        if self._threads.awaits_refresh(order_id):
            await self.refresh(order_id)

    async def catch_up(self) -> None:
        """Refresh the root messages that could not be refreshed when it was time."""
        for order_id in self._threads.due(datetime.now(UTC)):
            await self.refresh(order_id)

    async def _refresh(self, order_id: int, store: BigCommerceClient) -> None:
        thread = self._threads.find(order_id)
        if thread is None:
            return
        self.expect_refresh(order_id)
        try:
            snapshot = await load_cover(store, order_id)
        except OrderNotFound:
            self._found_gone(order_id)
            root = _gone_root(order_id)
            await self._poster.update(thread.channel, thread.thread_ts, root.text, root.blocks)
            self._threads.refreshed(order_id)
            return
        root = await self._root(snapshot)
        await self._poster.update(thread.channel, thread.thread_ts, root.text, root.blocks)
        if _may_lag(snapshot):
            return
        self._threads.refreshed(order_id)
        if (over := over_at(open_forms(self._drafts, order_id))) is not None:
            self._threads.expect_refresh(order_id, over)

    async def open_thread(self, entry: Entry) -> Thread:
        """Post the order's root message, unless one was posted whose answer got lost."""
        if entry.order_id is None:
            raise ValueError("only an order has a thread")
        # One at a time: a request is told while another one asks for approval.
        async with self._opening.setdefault(entry.order_id, asyncio.Lock()):
            thread = self._threads.find(entry.order_id)
            return thread or await self._open_thread(entry, entry.order_id)

    async def _open_thread(self, entry: Entry, order_id: int) -> Thread:
        try:
            # An outcome, or a request for approval, waits for it.
            snapshot = await load_cover(self._store.money, order_id)
            root, is_current = await self._root(snapshot), not _may_lag(snapshot)
        except BigCommerceError:
            root, is_current = _bare_root(order_id), False
        channel_id = self._channel_id()
        ts = await self._poster.find_message(
            channel_id,
            lambda text: text.startswith(f"Order {order_id} "),
            oldest=self._first_untold(entry).timestamp(),
        )
        found = ts is not None
        if ts is None:
            ts = (await self._poster.post(channel_id, root.text, root.blocks)).ts
        self._threads.save(order_id, channel_id, ts)
        if found or not is_current:
            self.expect_refresh(order_id)
        return Thread(channel_id, ts)

    async def _root(self, snapshot: OrderSnapshot) -> Message:
        order_id = snapshot.order.id
        store = await self._catalogue.store()
        forms = form_lines(open_forms(self._drafts, order_id))
        now = self._configuration()
        label = refunded_label(self._log, order_id)
        blocks = order_card(
            snapshot,
            store,
            open_requests=open_requests(self._log, order_id),
            refunded=label,
            forms=forms,
            off=now.switched_off(ACTIONS),
            refunds_unpaid=now.refund_before_cancel,
            whole_asked=in_the_way(whole_request(self._log, order_id)),
        )
        return Message(card_text(snapshot, refunded=label), blocks)

    def _first_untold(self, entry: Entry) -> datetime:
        """Return since when a root message may have been posted without our knowing it."""
        others = self._log.of_order(entry.order_id) if entry.order_id is not None else []
        untold = [each.asked_at for each in (entry, *others) if not each.is_told]
        return min(untold, default=entry.asked_at)


def _may_lag(snapshot: OrderSnapshot) -> bool:
    """Whether BigCommerce may still have to set the status that a late refund brings.

    It does so at a time of its own, also after a refund that it merely records.
    """
    made_at = [refund.created for refund in snapshot.refunds if not refund.is_declined]
    if not made_at or datetime.now(UTC) - max(made_at) > LAGS_AT_MOST:
        return False
    is_whole = snapshot.left.amount <= 0
    return snapshot.order.status_id not in (AFTER_ALL if is_whole else AFTER_SOME)


def _is_for_good(error: Exception) -> bool:
    """Whether there is nothing to refresh any more, or nothing to refresh it with."""
    if isinstance(error, NotPosted):
        return error.meaning in GONE
    return isinstance(error, BigCommerceError) and is_final(error)


def _gone_root(order_id: int) -> Message:
    """Return the root of an order that was deleted: nothing is left to press but a fresh look."""
    said = "It was deleted: BigCommerce has no order of this number any more."
    blocks: list[Block] = [
        section(f"*Order {order_id}*\n:wastebasket: {said}"),
        actions([button("Refresh", "refresh", str(order_id))], block_id="order_actions"),
    ]
    return Message(f"Order {order_id} was deleted.", blocks)


def _bare_root(order_id: int) -> Message:
    blocks: list[Block] = [
        section(f"*Order {order_id}*\nBigCommerce could not be read just now."),
        actions([button("Refresh", "refresh", str(order_id))], block_id="order_actions"),
    ]
    return Message(f"Order {order_id} could not be read just now.", blocks)
