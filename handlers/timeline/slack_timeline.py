"""The order's thread: its root message kept current, each outcome told in one reply.

A telling is noted in the log before it is posted. When its answer was lost, or the bot stopped in
between, the thread is read back for the request's reference before anything is posted again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.bigcommerce import Delivery as StoreDelivery
from bot.outcome import Outcome, Status
from bot.slack.errors import Meaning
from handlers.blocks import section
from handlers.outcome_message import Message, render_outcome, render_under_way
from handlers.posting import GONE, MESSAGE_GONE, AnswerLost, NotPosted, Poster
from handlers.timeline.delivery import Delivery
from handlers.timeline.external_changes import ExternalChanges
from storage.action_log import ActionLog
from storage.entries import Entry
from storage.order_threads import OrderThreads, Thread
from storage.outbox import Outbox
from storage.posts import root_key

logger = logging.getLogger(__name__)


class SlackTimeline:
    """Tells outcomes in Slack; the runner knows it only as its protocol."""

    def __init__(
        self,
        poster: Poster,
        *,
        channel_id: Callable[[], str],
        log: ActionLog,
        threads: OrderThreads,
        outbox: Outbox,
        delivery: Delivery,
        changes: ExternalChanges,
    ) -> None:
        """Keep the parts."""
        self._poster = poster
        self._channel_id = channel_id
        self._log = log
        self._threads = threads
        self._outbox = outbox
        self._delivery = delivery
        self._changes = changes

    async def show(self, entry: Entry) -> None:
        """Show on the order's root message, if it has one, that the request is under way.

        So does the message of a request that was asked again: its buttons are no longer true.
        """
        if entry.asked_again_at and entry.status is None:
            try:
                await self._correct(entry, render_under_way(entry))
            except (NotPosted, AnswerLost) as error:
                logger.warning("not shown as asked again", extra={"error": str(error)})
        if entry.order_id is not None:
            await self.refresh(entry.order_id)

    async def tell(self, entry: Entry, outcome: Outcome) -> None:
        """Say the outcome in the thread exactly once, or correct what was said before.

        Raises NotPosted or AnswerLost when it could not be told yet; telling again is safe.
        """
        message = render_outcome(entry, outcome)
        is_news = not entry.is_told  # else the e-mail is, and no root tells of that
        had_thread = self._has_thread(entry)
        begun = not self._log.start_telling(entry.reference, outcome.status)
        is_loud = self._is_loud(entry, outcome)
        corrected = await self._correct(entry, message)
        if corrected and not is_loud:
            place = (entry.channel, entry.thread_ts, entry.message_ts)
            if begun and is_news:
                await self._correct_lost_reply(entry, message)
        else:
            place = await self._tell_anew(entry, message, begun=begun, is_loud=is_loud)
        if (
            had_thread and is_news and entry.order_id is not None
        ):  # a root that is opened now is up to date
            self._outbox.want(root_key(entry.order_id))
        channel, thread_ts, message_ts = (part or "" for part in place)
        self._log.mark_told(
            entry.reference,
            status=outcome.status,
            channel=channel,
            thread_ts=thread_ts,
            message_ts=message_ts,
            mail_shown=entry.mail_news,
        )
        if entry.order_id is not None:
            await self._delivery.deliver(root_key(entry.order_id))

    async def refresh(self, order_id: int) -> None:
        """Bring the order's root message up to date; what goes wrong is tried again later."""
        if self._outbox.want(root_key(order_id)):
            await self._delivery.deliver(root_key(order_id))

    async def catch_up(self) -> None:
        """Decide what happened outside."""
        self._changes.catch_up()

    async def close(self) -> None:
        """Stop deciding what happened outside; the rest is called by others."""
        await self._changes.close()

    def take(self, delivery: StoreDelivery) -> None:
        """Note what a webhook says; raises sqlite3.Error when it cannot be noted."""
        self._changes.take(delivery)

    def _has_thread(self, entry: Entry) -> bool:
        return entry.order_id is not None and self._threads.find(entry.order_id) is not None

    async def _correct(self, entry: Entry, message: Message) -> bool:
        """Change what was said before; False when there was nothing, or it is gone."""
        if not entry.channel or not entry.message_ts:
            return False
        try:
            await self._poster.update(entry.channel, entry.message_ts, message.text, message.blocks)
        except NotPosted as refused:
            if refused.meaning in GONE:
                return False
            raise
        return True

    async def _correct_lost_reply(self, entry: Entry, message: Message) -> None:
        """Change what was posted besides, when the answer to that was lost."""
        if not entry.channel or not entry.thread_ts or entry.thread_ts == entry.message_ts:
            return
        ts = await self._poster.find_reply(
            entry.channel, entry.thread_ts, entry.reference, ignore=entry.message_ts
        )
        if ts is not None:
            await self._poster.update(entry.channel, ts, message.text, message.blocks)

    async def _tell_anew(
        self, entry: Entry, message: Message, *, begun: bool, is_loud: bool
    ) -> tuple[str, str, str]:
        """Post the outcome where it can be read, and return (channel, thread, message)."""
        try:
            return await self._tell_in_channel(entry, message, begun=begun, is_loud=is_loud)
        except NotPosted as refused:
            if refused.meaning is not Meaning.CHANNEL_GONE:
                raise
            logger.warning(
                "audit channel out of reach, actor told directly",
                extra={"reference": entry.reference, "error": refused.code},
            )
            return await self._tell_actor(entry, message)

    async def _tell_in_channel(
        self, entry: Entry, message: Message, *, begun: bool, is_loud: bool
    ) -> tuple[str, str, str]:
        if entry.order_id is None:
            return await self._tell_without_order(entry, message, begun=begun, is_loud=is_loud)
        thread = await self._thread(entry.order_id, entry)
        try:
            return await self._reply(thread, entry, message, begun=begun, is_loud=is_loud)
        except NotPosted as refused:
            if refused.meaning not in MESSAGE_GONE:
                raise
            await self._delivery.lose(entry.order_id)
            thread = await self._thread(entry.order_id, entry)
            return await self._reply(thread, entry, message, begun=False, is_loud=is_loud)

    async def _thread(self, order_id: int, entry: Entry) -> Thread:
        root = await self._delivery.thread(order_id, since=entry.asked_at)
        return Thread(root.channel, root.message_ts)

    def _origin(self, entry: Entry) -> Thread | None:
        """Return the message of the request that this one is about, where no order's thread is."""
        about = self._log.find(str(entry.request.get("creation") or ""))
        if about is None or not about.channel or not about.message_ts:
            return None
        return Thread(about.channel, about.message_ts)

    async def _reply(
        self, thread: Thread, entry: Entry, message: Message, *, begun: bool, is_loud: bool
    ) -> tuple[str, str, str]:
        channel, thread_ts, ts = thread.channel, thread.thread_ts, None
        if begun:
            ts = await self._poster.find_reply(
                channel, thread_ts, entry.reference, ignore=entry.message_ts
            )
        if ts is not None:  # it may tell what was found before
            await self._poster.update(channel, ts, message.text, message.blocks)
        else:
            posted = await self._poster.post(
                channel, message.text, message.blocks, thread_ts=thread_ts, broadcast=is_loud
            )
            ts = posted.ts
        return channel, thread_ts, ts

    async def _tell_without_order(
        self, entry: Entry, message: Message, *, begun: bool, is_loud: bool
    ) -> tuple[str, str, str]:
        """Tell it below the message that it is about, or in the channel."""
        if (origin := self._origin(entry)) is not None:
            try:
                return await self._reply(origin, entry, message, begun=begun, is_loud=is_loud)
            except NotPosted as refused:
                if refused.meaning not in MESSAGE_GONE:
                    raise
        channel_id, ts = self._channel_id(), None
        if begun:
            ts = await self._poster.find_message(
                channel_id,
                lambda text: entry.reference in text,
                oldest=entry.asked_at.timestamp(),
            )
        if ts is not None:
            await self._poster.update(channel_id, ts, message.text, message.blocks)
        else:
            ts = (await self._poster.post(channel_id, message.text, message.blocks)).ts
        return channel_id, ts, ts

    async def _tell_actor(self, entry: Entry, message: Message) -> tuple[str, str, str]:
        note = section("The channel of record cannot be reached, so this is told to you alone.")
        blocks = [*message.blocks, note]
        posted = await self._poster.post(entry.actor_id, message.text, blocks)
        return posted.channel, posted.ts, posted.ts

    def _is_loud(self, entry: Entry, outcome: Outcome) -> bool:
        """Whether the channel must hear it too: money that was said to be on its way is not."""
        if outcome.status not in {Status.FAILED, Status.UNKNOWN, Status.PARTIAL}:
            return False
        events = self._log.events(entry.reference)
        told = [event.detail["status"] for event in events if event.event == "told"]
        return bool(told) and told[-1] == Status.PENDING
